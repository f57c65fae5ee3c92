/**
 * The names of things. Each is a branded string or number that only its parser mints, so that one cannot be passed for another.
 */
import { err, ok, type Result } from './result.ts';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A gateway (the box of a site): `syabru`. */
export type GatewayId = Branded<string, 'gateway'>;
/** A life of a gateway's journal: 64 random bits, 16 hex digits (rule J3). */
export type Epoch = Branded<string, 'epoch'>;
/** An entry's number in its journal: 1, 2, 3, ... without a gap. Order is this number, never the clock (I14). */
export type EntryNumber = Branded<number, 'entry-number'>;
/** SHA-256 of an entry's canonical bytes, 64 hex digits (rule J2). */
export type EntryHash = Branded<string, 'entry-hash'>;
/** A payment's id: `<session>.<counter>` made by a kiosk, or a third party's own key (rule K1). */
export type PaymentId = Branded<string, 'payment'>;
/** A kiosk's session: 10 Crockford base32 digits (50 random bits) given by the gateway. */
export type SessionId = Branded<string, 'session'>;

export type IdFault = { readonly code: 'bad-id'; readonly kind: string; readonly text: string; readonly rule: string };

function parser<T>(kind: string, pattern: RegExp, rule: string): (text: string) => Result<T, IdFault> {
  return (text) => (pattern.test(text) ? ok(text as T) : err({ code: 'bad-id', kind, text: text.slice(0, 80), rule }));
}

export const parseGatewayId = parser<GatewayId>(
  'gateway',
  /^[a-z][a-z0-9-]{1,30}$/,
  'a small letter, then 1 to 30 small letters, digits or hyphens',
);
export const parseEpoch = parser<Epoch>('epoch', /^[0-9a-f]{16}$/, '16 hexadecimal digits');
export const parseEntryHash = parser<EntryHash>('hash', /^[0-9a-f]{64}$/, '64 hexadecimal digits');
export const parsePaymentId = parser<PaymentId>('payment', /^[A-Za-z0-9_:.-]{1,64}$/, '1 to 64 letters, digits or _ : . -');
export const parseSessionId = parser<SessionId>('session', /^[0-9a-hjkmnp-tv-z]{10}$/, '10 digits of Crockford base32, small letters');

export function parseEntryNumber(value: number): Result<EntryNumber, IdFault> {
  return Number.isSafeInteger(value) && value >= 1
    ? ok(value as EntryNumber)
    : err({ code: 'bad-id', kind: 'entry number', text: String(value), rule: 'a whole number from 1' });
}

/** The head before the first entry: 64 zeros. */
export const GENESIS = '0'.repeat(64) as EntryHash;

export type KioskPaymentId = { readonly session: SessionId; readonly counter: number };

/** Splits a kiosk's payment id; undefined where the id is a third party's. The counter has no leading zero, so the text is canonical. */
export function splitKioskId(id: PaymentId): KioskPaymentId | undefined {
  const match = /^([0-9a-hjkmnp-tv-z]{10})\.([1-9][0-9]{0,14})$/.exec(id);
  if (match === null) return undefined;
  return { session: match[1] as SessionId, counter: Number(match[2]) };
}

export const kioskPaymentId = (session: SessionId, counter: number): PaymentId => `${session}.${counter}` as PaymentId;
