/**
 * SipHash-2-4 of eight bytes: all that an OpenPAYGO token needs. The message is one little-endian word; a second one holds its length in
 * the highest byte.
 */

/** A key of sixteen bytes as its two words, little-endian. */
export class SipKey {
  constructor(
    public low: u64,
    public high: u64,
  ) {}
}

/** The hash's first state, as its authors wrote it: "somepseudorandomlygeneratedbytes". In halves, for a reader's tools know no larger number. */
const SOME: u64 = ((<u64>0x736f6d65) << 32) | 0x70736575;
const RANDOM: u64 = ((<u64>0x646f7261) << 32) | 0x6e646f6d;
const GENERATED: u64 = ((<u64>0x6c796765) << 32) | 0x6e657261;
const BYTES: u64 = ((<u64>0x74656462) << 32) | 0x79746573;
const LENGTH: u64 = 8 << 56;
const ROUNDS = 8;

export function sipHash(key: SipKey, word: u64): u64 {
  let v0 = key.low ^ SOME;
  let v1 = key.high ^ RANDOM;
  let v2 = key.low ^ GENERATED;
  let v3 = key.high ^ BYTES ^ word;
  for (let round = 1; round <= ROUNDS; round++) {
    v0 += v1;
    v2 += v3;
    v1 = rotl(v1, 13) ^ v0;
    v3 = rotl(v3, 16) ^ v2;
    v0 = rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = rotl(v1, 17) ^ v2;
    v3 = rotl(v3, 21) ^ v0;
    v2 = rotl(v2, 32);
    if (round === 2) {
      v0 ^= word;
      v3 ^= LENGTH;
    } else if (round === 4) {
      v0 ^= LENGTH;
      v2 ^= 0xff;
    }
  }
  return v0 ^ v1 ^ v2 ^ v3;
}
