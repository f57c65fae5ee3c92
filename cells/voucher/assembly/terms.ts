/**
 * What a voucher's partition keeps: `terms`, written once at its issue as "PAYMENT EXPIRES SINGLE" (the payment that issued it, milliseconds
 * since 1970 or 0 for never, 1 or 0), and `redeemed`, the payment that redeemed it last. A voucher without terms was opened with its value by
 * head office: it may be used in parts and does not expire.
 */
import { state } from './sdk/bindings';

const TERMS = 'terms';
const REDEEMED = 'redeemed';

export class Terms {
  constructor(
    public issuedBy: string,
    public expiresAt: u64,
    public single: bool,
  ) {}
}

function read(key: string): string | null {
  const bytes = state.get(key);
  if (bytes === null) return null;
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** Ids, digits and spaces: ASCII, a byte a character. */
function write(key: string, text: string): void {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = <u8>text.charCodeAt(i);
  state.set(key, bytes);
}

export function readTerms(): Terms | null {
  const text = read(TERMS);
  if (text === null) return null;
  const words = text.split(' ');
  return words.length === 3 ? new Terms(words[0], U64.parseInt(words[1]), words[2] === '1') : null;
}

export function writeTerms(terms: Terms): void {
  write(TERMS, terms.issuedBy + ' ' + terms.expiresAt.toString() + ' ' + (terms.single ? '1' : '0'));
}

export function redeemedBy(): string | null {
  return read(REDEEMED);
}

export function writeRedeemed(payment: string): void {
  write(REDEEMED, payment);
}
