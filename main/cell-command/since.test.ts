import { expect, it } from 'vitest';
import { sinceOf } from './since.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

it.each([
  ['90m', '2026-11-23T10:30:00Z'],
  ['24h', '2026-11-22T12:00:00Z'],
  ['7d', '2026-11-16T12:00:00Z'],
  ['2026-11-22', '2026-11-22T00:00:00Z'],
  ['2026-11-22T08:30:00Z', '2026-11-22T08:30:00Z'],
])('%s', (text, at) => {
  expect(sinceOf(text, NOW)).toBe(Date.parse(at));
});

it.each(['', '0h', '24', '-1d', 'yesterday', '2026-13-40', '24hours'])('"%s" is no time', (text) => {
  expect(sinceOf(text, NOW)).toBeUndefined();
});
