import { expect, test } from 'vitest';
import { shortWhen } from './short-when.tsx';

test('the clock today, the day otherwise, the year when it is another', () => {
  const today = '2026-05-22T08:47:00Z';
  expect(shortWhen('2026-05-22T08:46:00Z', today, 'en')).toBe('14:31');
  expect(shortWhen('2026-05-22T08:46:00Z', today, 'ne')).toBe('१४:३१');
  expect(shortWhen('2026-05-21T11:55:00Z', today, 'en')).toBe('05-21 17:40');
  expect(shortWhen('2025-05-21T11:55:00Z', today, 'en')).toBe('2025-05-21 17:40');
});
