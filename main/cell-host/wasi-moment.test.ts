import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { clocksOf, randomOf } from './wasi-moment.ts';

const stop = (detail: string): never => {
  throw new Error(detail);
};
const ends = { limit: stop, refuse: stop };
const moment = { at: 1_716_800_000_123n, seed: '00ff' };

describe('a cell’s clocks', () => {
  it('show when the request was accepted, and stand still', () => {
    const { wallClock, monotonicClock } = clocksOf(moment, stop, () => ({}));
    expect(wallClock.now()).toEqual({ seconds: 1_716_800_000n, nanoseconds: 123_000_000 });
    expect(wallClock.now()).toEqual(wallClock.now());
    expect(wallClock.resolution()).toEqual({ seconds: 0n, nanoseconds: 1_000_000 });
    expect(monotonicClock.now()).toBe(1_716_800_000_123_000_000n);
    expect(monotonicClock.resolution()).toBe(1_000_000n);
    expect(clocksOf({ at: 2n ** 64n - 1n, seed: '00' }, stop, () => ({})).monotonicClock.now()).toBeLessThan(2n ** 64n);
  });

  it('do not show 1970 where the host gave no time', () => {
    expect(() => clocksOf(undefined, stop, () => ({})).wallClock.now()).toThrow('gave the request no time');
    expect(() => clocksOf(undefined, stop, () => ({})).monotonicClock.now()).toThrow('gave the request no time');
  });
});

describe('a cell’s randomness', () => {
  it('comes from the seed alone, and from each interface another', () => {
    const draw = (seed: string) => {
      const { random, insecure, insecureSeed } = randomOf({ ...moment, seed }, ends);
      return [
        Buffer.from(random.getRandomBytes(40n)).toString('hex'),
        random.getRandomU64(),
        Buffer.from(insecure.getInsecureRandomBytes(40n)).toString('hex'),
        insecure.getInsecureRandomU64(),
        ...insecureSeed.insecureSeed(),
      ];
    };
    expect(draw('00ff')).toEqual(draw('00ff'));
    expect(draw('00fe')).not.toEqual(draw('00ff'));
    expect(new Set(draw('00ff')).size).toBe(6);
  });

  it('is one stream, however it is cut', () => {
    const whole = randomOf(moment, ends).random.getRandomBytes(100n);
    const { random } = randomOf(moment, ends);
    const parts = [1n, 31n, 33n, 0n, 35n].map((length) => random.getRandomBytes(length));
    expect(Buffer.concat(parts)).toEqual(Buffer.from(whole));
  });

  it('has an end', () => {
    const { random, insecure } = randomOf(moment, ends);
    expect(() => random.getRandomBytes(2n ** 64n - 1n)).toThrow('random bytes');
    random.getRandomBytes(BigInt(LIMITS.wasiRandomBytesMax - 8));
    insecure.getInsecureRandomU64();
    expect(() => random.getRandomU64()).toThrow(`more than ${LIMITS.wasiRandomBytesMax} random bytes`);
  });

  it('is refused where the host gave no seed', () => {
    expect(() => randomOf(undefined, ends).random.getRandomU64()).toThrow('no randomness');
    expect(() => randomOf({ ...moment, seed: '' }, ends).random.getRandomU64()).toThrow('no randomness');
    expect(() => randomOf(undefined, ends).insecureSeed.insecureSeed()).toThrow('no randomness');
  });
});
