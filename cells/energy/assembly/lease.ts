/**
 * The lease that head office gave this journal for the meter (rule L5), as the host shows it in the state key `host.lease`: one line of
 * ASCII words. A cell reads it and can never write it.
 */
import { state } from './sdk/bindings';
import { SipKey } from './siphash';

const WORDS = 11;

export class Lease {
  constructor(
    public number: string,
    /** Counts from `from` to below `to` are this journal's. */
    public from: u64,
    public to: u64,
    public key: SipKey,
    public startingCode: u64,
    public extended: bool,
    public restricted: bool,
    /** What its tokens do: add-time, set-time, disable-payg, counter-sync. */
    public mode: string,
    /** What one step of the token's value is to the customer: day, hour, kwh, unit. */
    public unit: string,
    /** Of one unit, in minor units of `currency`. */
    public price: u64,
    public currency: string,
  ) {}

  get adds(): bool {
    return this.mode === 'add-time';
  }

  /** Tokens that are left when `count` is the next one to be used. */
  tokensFrom(count: u64): u64 {
    return count >= this.to ? 0 : (this.to - 1 - count) / 2 + 1;
  }
}

function wordOfKey(hex: string, at: i32): u64 {
  let word: u64 = 0;
  for (let i = 7; i >= 0; i--) word = (word << 8) | <u64>U32.parseInt(hex.substr(at + i * 2, 2), 16);
  return word;
}

/** Null where this journal has no lease of the meter. */
export function readLease(): Lease | null {
  const bytes = state.get('host.lease');
  if (bytes === null) return null;
  const words = textOf(bytes).split(' ');
  if (words.length !== WORDS) return null;
  const key = new SipKey(wordOfKey(words[3], 0), wordOfKey(words[3], 16));
  return new Lease(
    words[0],
    U64.parseInt(words[1]),
    U64.parseInt(words[2]),
    key,
    U64.parseInt(words[4]),
    words[5] === 'extended',
    words[6] === 'restricted',
    words[7],
    words[8],
    U64.parseInt(words[9]),
    words[10],
  );
}

/** ASCII alone is kept by this cell and its host. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = <u8>text.charCodeAt(i);
  return bytes;
}
