/** The door to chance. Production takes the kernel's; simulations give a seeded one. */
import { randomBytes } from 'node:crypto';
import { digitsFromRandom } from '../../ledger-sync/protocol/base32.ts';

export interface Entropy {
  bytes(count: number): Uint8Array;
}

export const systemEntropy: Entropy = { bytes: (count) => new Uint8Array(randomBytes(count)) };

/** `count` digits of Crockford base32, 5 random bits each. */
export const randomCrockford = (entropy: Entropy, count: number): string => digitsFromRandom(entropy.bytes(count));

/** `count` decimal digits without bias (a byte of 250 or more is thrown away). */
export function randomDigits(entropy: Entropy, count: number): string {
  let digits = '';
  while (digits.length < count) for (const byte of entropy.bytes(count)) if (byte < 250 && digits.length < count) digits += byte % 10;
  return digits;
}

export const randomHex = (entropy: Entropy, bytes: number): string => Buffer.from(entropy.bytes(bytes)).toString('hex');

/** A number in [0, 1) for jitter. */
export const randomFraction = (entropy: Entropy): number => {
  const [a = 0, b = 0, c = 0] = entropy.bytes(3);
  return (a * 65536 + b * 256 + c) / 2 ** 24;
};

/** A seeded source (mulberry32): the same seed gives the same bytes. For simulations and replays only, never for keys. */
export function seededEntropy(seed: number): Entropy {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}
