/**
 * The entry: one immutable double-entry record of a journal. Its identity is the hash of its canonical bytes, which contain the hash of
 * the entry before it (rules J2, I4). `Entry` comes from `sealEntry` only, so its hash always belongs to its content.
 */
import type { AccountId } from './account.ts';
import { canonicalBytes } from './canonical.ts';
import type { EntryHash, EntryNumber, Epoch, GatewayId, PaymentId } from './ids.ts';
import type { Currency, Minor } from './money.ts';
import type { Balanced } from './posting.ts';

/**
 * What an entry does. `open` opens an account, with what it holds at first, or a khata with its limit; `limit-raise` and `limit-lower` change
 * that limit; `reversal` undoes the whole entry that `refersTo` names.
 */
export type Action = string;

/** Everything of an entry but its place in the journal. */
export type EntryBody = {
  /** The cell that decided it (`cash`, `wallet`), or `journal` for what the gateway itself writes (`open`). */
  readonly method: string;
  readonly action: Action;
  readonly paymentId: PaymentId;
  /** The payment that a refund or a reversal is about. */
  readonly refersTo?: PaymentId;
  /** The affinity key: the account that pays or is served. */
  readonly account: AccountId;
  /** What was asked for, in minor units; 0 only for `open`. */
  readonly amount: Minor;
  readonly currency: Currency;
  readonly postings: Balanced;
  /** Who took it: a kiosk's session, or a token's name. At most 64 characters. */
  readonly operator: string;
  /** At most 140 characters. */
  readonly memo?: string;
  /** Milliseconds since 1970 as the gateway's clock had them. Says nothing about order (I14). */
  readonly at: number;
};

export type Place = {
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly number: EntryNumber;
  /** Hash of the entry before, GENESIS for the first. */
  readonly previous: EntryHash;
};

declare const entryBrand: unique symbol;
export type Entry = EntryBody & Place & { readonly hash: EntryHash; readonly [entryBrand]: true };

/** SHA-256 of the bytes as 64 hex digits; a parameter, so that the ledger imports nothing. */
export type HashHex = (bytes: Uint8Array) => string;

export function sealEntry(body: EntryBody, place: Place, hashHex: HashHex): Entry {
  const hash = hashHex(canonicalBytes(body, place)) as EntryHash;
  return { ...body, ...place, hash } as Entry;
}
