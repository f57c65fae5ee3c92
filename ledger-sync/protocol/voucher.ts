/**
 * The single-use enrolment voucher: 20 Crockford base32 characters in groups of four. The first group is its id (public, in the topic), the
 * other four its secret (80 bits), which never travels: it is the key of the HMAC in ENROL and ENROLLED.
 */
import { err, ok, type Result } from '../ledger/result.ts';
import { digitsFromRandom } from './base32.ts';

/** Random bytes that one voucher takes: five bits of each are used. */
export const VOUCHER_RANDOM_BYTES = 20;

export type Voucher = { readonly id: string; readonly secret: string };
export type VoucherFault = { readonly code: 'bad-voucher'; readonly rule: string };

/** As a person types it: capitals, blanks and hyphens do not matter, and i, l, o are read as 1, 1, 0. */
export function parseVoucher(typed: string): Result<Voucher, VoucherFault> {
  const text = typed.slice(0, 64).toLowerCase().replace(/[\s-]/g, '').replace(/[il]/g, '1').replace(/o/g, '0');
  if (!/^[0-9a-hjkmnp-tv-z]{20}$/.test(text)) {
    return err({ code: 'bad-voucher', rule: 'a voucher has 20 digits or letters in groups of four, without the letter u' });
  }
  return ok({ id: text.slice(0, 4), secret: text.slice(4) });
}

/** `random` is at least VOUCHER_RANDOM_BYTES long. */
export function makeVoucher(random: Uint8Array): Voucher {
  if (random.length < VOUCHER_RANDOM_BYTES) throw new Error('a voucher needs 20 random bytes');
  const text = digitsFromRandom(random.subarray(0, VOUCHER_RANDOM_BYTES));
  return { id: text.slice(0, 4), secret: text.slice(4) };
}

/** In groups of four, capitals, as it is shown and printed. */
export const formatVoucher = (voucher: Voucher): string => (voucher.id + voucher.secret).toUpperCase().match(/.{4}/g)?.join('-') ?? '';
