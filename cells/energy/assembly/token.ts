/**
 * OpenPAYGO tokens. A code is hashed as often as the count says, starting from the meter's starting code with the value in its last
 * digits; the token is the last code with the value in its last digits again. So each value has a chain of its own, and two tokens of one
 * value and count are the same token: the count must never be used twice.
 * Standard: 9 digits, values to 995. Extended: 12 digits, values to 999,999. Restricted: the same number in the digits 1 to 4.
 */
import { SipKey, sipHash } from './siphash';

const STANDARD_VALUES: u64 = 1_000;
const EXTENDED_VALUES: u64 = 1_000_000;

/** Values that are orders, not amounts. */
export const DISABLE_PAYG: u64 = 998;
export const COUNTER_SYNC: u64 = 999;

/** What a value may be at most. */
export function mostValue(extended: bool): u64 {
  return extended ? 999_999 : 995;
}

/** The chain's first code: the value is added to the starting code's last digits, within those digits. */
export function firstCode(startingCode: u64, value: u64, extended: bool): u64 {
  const values = extended ? EXTENDED_VALUES : STANDARD_VALUES;
  return startingCode - (startingCode % values) + (((startingCode % values) + value) % values);
}

/** The code after this one. */
export function nextCode(key: SipKey, code: u64, extended: bool): u64 {
  if (extended) {
    const hash = sipHash(key, bswap<u64>(code)) >> 24;
    return hash > 999_999_999_999 ? hash - 99_511_627_777 : hash;
  }
  // Four bytes, big-endian, twice.
  const half = <u64>bswap<u32>(<u32>code);
  const hash = sipHash(key, (half << 32) | half);
  const folded = (<u32>(hash >> 32) ^ <u32>hash) >> 2;
  return <u64>(folded > 999_999_999 ? folded - 73_741_825 : folded);
}

/** The token's number: the code with its chain's value in the last digits. */
export function tokenOf(first: u64, code: u64, extended: bool): u64 {
  const values = extended ? EXTENDED_VALUES : STANDARD_VALUES;
  return code - (code % values) + (first % values);
}

/** As it is read out and typed, in groups: three digits, or four where the number of digits says so. */
export function written(token: u64, extended: bool, restricted: bool): string {
  let digits = '';
  if (restricted) {
    const bits: u64 = extended ? 40 : 30;
    for (let shift = bits; shift > 0; shift -= 2) digits += (((token >> (shift - 2)) & 3) + 1).toString();
  } else digits = token.toString().padStart(extended ? 12 : 9, '0');
  return grouped(digits, digits.length % 3 === 0 ? 3 : 4);
}

function grouped(digits: string, size: i32): string {
  let text = '';
  for (let i = 0; i < digits.length; i += size) text += (i === 0 ? '' : ' ') + digits.substr(i, size);
  return text;
}

/** Tokens that add time have even counts, all others odd ones: the first such count that is more than `last` and at least `from`. */
export function countAfter(last: u64, from: u64, adds: bool): u64 {
  const least = max(last + 1, from);
  return (least % 2 === 0) === adds ? least : least + 1;
}
