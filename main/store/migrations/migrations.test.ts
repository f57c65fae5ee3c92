import { expect, it } from 'vitest';
import { migrations } from './all.ts';

it('are numbered from 1 without gaps, and named once', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
});
