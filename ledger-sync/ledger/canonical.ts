/**
 * The canonical bytes of an entry, version 1: what its hash is taken over. Stated in SPEC.md (rule J2); golden bytes in the tests.
 * Invariant: two entries that differ in any member have different bytes (every text is preceded by its length).
 * The bytes are written once for each payment, so this is plain and fast: one growing buffer, no objects.
 */
import type { EntryBody, Place } from './entry.ts';

export const CANONICAL_VERSION = 1;

const encoder = new TextEncoder();
let buffer = new Uint8Array(1024);
let length = 0;

function room(bytes: number): void {
  if (length + bytes <= buffer.length) return;
  const larger = new Uint8Array(Math.max(buffer.length * 2, length + bytes));
  larger.set(buffer.subarray(0, length));
  buffer = larger;
}

/** LEB128 of a non-negative safe integer. */
function unsigned(value: number): void {
  room(8);
  let rest = value;
  while (rest >= 0x80) {
    buffer[length++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[length++] = rest;
}

/** Zigzag LEB128 of a signed 64-bit integer. */
function signed(value: bigint): void {
  room(10);
  // Most amounts are small: plain numbers are several times faster than bigint arithmetic.
  if (value >= -0x3fffffffffffn && value <= 0x3fffffffffffn) {
    const number = Number(value);
    unsigned(number < 0 ? -number * 2 - 1 : number * 2);
    return;
  }
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  while (rest >= 0x80n) {
    buffer[length++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  buffer[length++] = Number(rest);
}

function text(value: string): void {
  // Worst case of UTF-8 is three bytes a UTF-16 unit; short ASCII (nearly all) is copied by hand, which is faster than the encoder.
  const units = value.length;
  room(units * 3 + 5);
  if (units < 64) {
    const start = length;
    buffer[length++] = units;
    let index = 0;
    for (; index < units; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) break;
      buffer[length++] = unit;
    }
    if (index === units) return;
    length = start;
  }
  const bytes = encoder.encode(value);
  unsigned(bytes.length);
  buffer.set(bytes, length);
  length += bytes.length;
}

function optional(value: string | undefined): void {
  room(1);
  buffer[length++] = value === undefined ? 0 : 1;
  if (value !== undefined) text(value);
}

function hex(value: string): void {
  room(value.length / 2);
  for (let index = 0; index < value.length; index += 2) buffer[length++] = (digit(value, index) << 4) | digit(value, index + 1);
}

function digit(value: string, index: number): number {
  const unit = value.charCodeAt(index);
  return unit < 58 ? unit - 48 : unit - 87;
}

/** A fresh copy of the canonical bytes. */
export function canonicalBytes(body: EntryBody, place: Place): Uint8Array {
  length = 0;
  room(1);
  buffer[length++] = CANONICAL_VERSION;
  hex(place.previous);
  text(place.gateway);
  hex(place.epoch);
  unsigned(place.number);
  signed(BigInt(body.at));
  text(body.method);
  text(body.action);
  text(body.paymentId);
  optional(body.refersTo);
  text(body.account);
  signed(body.amount);
  text(body.currency);
  text(body.operator);
  optional(body.memo);
  unsigned(body.postings.length);
  for (const posting of body.postings) {
    text(posting.account);
    signed(posting.amount);
  }
  return buffer.slice(0, length);
}
