import { expect, it } from 'vitest';
import { SetAside } from './set-aside.ts';

const LIMITS = { hangs: 3, windowMs: 1_000, asideMs: 100 };

const world = () => {
  const clock = { at: 0 };
  return { clock, aside: new SetAside(LIMITS, () => clock.at) };
};

it('sets a method aside after so many hangs, for a while', () => {
  const { clock, aside } = world();
  aside.hung('a');
  aside.hung('a');
  aside.hung('b');
  expect(aside.isAside('a')).toBe(false);
  aside.hung('a');
  expect(aside.methods()).toEqual(['a']);
  clock.at = 99;
  expect(aside.isAside('a')).toBe(true);
  clock.at = 100;
  expect(aside.isAside('a')).toBe(false);
});

it('after that while one more hang is enough', () => {
  const { clock, aside } = world();
  for (let hang = 0; hang < 3; hang++) aside.hung('a');
  clock.at = 150;
  aside.hung('a');
  expect(aside.isAside('a')).toBe(true);
});

it('hangs of long ago do not count', () => {
  const { clock, aside } = world();
  aside.hung('a');
  aside.hung('a');
  clock.at = 1_001;
  aside.hung('a');
  expect(aside.isAside('a')).toBe(false);
});

it('is lifted', () => {
  const { aside } = world();
  for (let hang = 0; hang < 3; hang++) aside.hung('a');
  aside.lift('a');
  expect(aside.methods()).toEqual([]);
});

it('remembers a bounded number of methods', () => {
  const { aside } = world();
  for (let hang = 0; hang < 3; hang++) aside.hung('first');
  for (let index = 0; index < 2_000; index++) aside.hung(`m${index}`);
  expect(aside.isAside('first')).toBe(false);
});
