/** What a cell waits with, and for how much at once. */
import { expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { nothingToWaitFor, Pollable, pollOf } from './wasi-pollable.ts';

it('answers for a few things, and ends a request that names one again and again', () => {
  const { poll } = pollOf(nothingToWaitFor, (detail) => {
    throw new Error(detail);
  });
  const one = new Pollable();
  expect([...poll(Array.from({ length: 3 }, () => one))]).toEqual([0, 1, 2]);
  expect(() => poll(Array.from({ length: LIMITS.wasiPollablesMax + 1 }, () => one))).toThrow('things to wait for');
});
