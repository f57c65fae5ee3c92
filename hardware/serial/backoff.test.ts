// The waits between tries double and stay below their limit.
import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('doubles up to the last, for any number of failures', () => {
  const limits = { firstMs: 250, lastMs: 10_000 };
  expect([0, 1, 2, 5, 6, 1_000_000].map((failures) => backoffMs(failures, limits))).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000]);
});
