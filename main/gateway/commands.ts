/**
 * What the writer thread can be told, and what it answers. The only way by which anything of the gateway's changes: one door (design, section 6).
 * Invariants: payloads survive structured cloning (bigints and byte arrays allowed, functions and class instances not);
 * times are in the input, because nothing behind this door has a clock; a fault says that nothing was changed.
 */
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { EntryHash, EntryNumber, Epoch, GatewayId, PaymentId, SessionId } from '../../ledger-sync/ledger/ids.ts';
import type { Head } from '../../ledger-sync/ledger/journal.ts';
import type { Currency, Minor } from '../../ledger-sync/ledger/money.ts';
import type { Posting } from '../../ledger-sync/ledger/posting.ts';
import type { Result } from '../../ledger-sync/ledger/result.ts';
import type { Lease } from '../../ledger-sync/protocol/lease.ts';

export type TakePayment = {
  readonly id: PaymentId;
  readonly method: string;
  readonly action: string;
  /** Who pays or is served; left out by a cash sale, which the site's drawer stands for. */
  readonly account?: AccountId;
  readonly counterparty?: AccountId;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly refersTo?: PaymentId;
  readonly memo?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly operator: string;
  /** Milliseconds since 1970 by the gateway's clock. Not part of the body that an id is compared by. */
  readonly at: number;
};

export type EntryRef = {
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly number: EntryNumber;
  readonly hash: EntryHash;
};

export type ReceiptLine = { readonly name: string; readonly value: string };

/** Ordered by precedence, never renumbered. None of them can be helped by asking the same again. */
export type DeclineCode = 'not-enough' | 'unknown-account' | 'not-allowed' | 'invalid' | 'already-done' | 'budget';

export type DeclineReason = {
  readonly code: DeclineCode;
  readonly detail: string;
  /** What may be spent here, where that is why. */
  readonly availableHere?: Minor;
  readonly elsewhere?: string;
};

export type Approval = {
  readonly status: 'approved';
  /** True where this id had been answered before: the first answer, given again. */
  readonly repeated: boolean;
  readonly id: PaymentId;
  readonly entry: EntryRef;
  readonly at: number;
  readonly postings: readonly Posting[];
  readonly receipt: readonly ReceiptLine[];
};

export type Decline = {
  readonly status: 'declined';
  readonly repeated: boolean;
  readonly id: PaymentId;
  readonly at: number;
  readonly reason: DeclineReason;
};

export type PaymentOutcome = Approval | Decline;

/**
 * Ordered by precedence, never renumbered. `storage`, `busy` and `stopping` pass: ask again with the same id.
 * The others stay as they are until something else changes.
 */
export type CommandFaultCode =
  | 'id-conflict'
  | 'id-too-old'
  | 'unknown-method'
  | 'unknown-action'
  | 'unknown-account'
  | 'unknown-payment'
  | 'already-open'
  | 'bad-opening'
  | 'bad-limit'
  | 'fenced'
  | 'storage'
  | 'busy'
  | 'stopping'
  | 'unknown-effect'
  | 'bad-transition'
  | 'other-currency'
  | 'unknown-cell'
  | 'bad-cell'
  | 'other-lease'
  | 'lease-conflict';

export type CommandFault = { readonly code: CommandFaultCode; readonly detail: string };

export type ReversePayment = {
  readonly id: PaymentId;
  readonly refersTo: PaymentId;
  readonly reason: string;
  readonly operator: string;
  readonly at: number;
};

export type OpenAccount = {
  readonly id: PaymentId;
  readonly account: AccountId;
  readonly currency: Currency;
  /** What it holds at first; more than zero for bounded accounts only. */
  readonly opening: Minor;
  /** Of a khata alone: how much may be owed. */
  readonly limit?: Minor;
  readonly name?: string;
  readonly operator: string;
  readonly at: number;
};

/** How much a khata's holder may owe from now on. The same again changes nothing. */
export type SetLimit = { readonly account: AccountId; readonly limit: Minor; readonly operator: string; readonly at: number };

/** `from`: what was in use before; absent where nothing was. `switched` false: it was in use already. */
export type CellSwitch = {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly from?: string;
  readonly switched: boolean;
};

export type EffectState = 'due' | 'started' | 'done' | 'unsure';

export type Commands = {
  'take-payment': { in: TakePayment; out: Result<PaymentOutcome, CommandFault> };
  /** A payment whose cell did not come back, or is set aside because of that: declined for good under its id (K2), its cell not run. */
  'decline-unrun': {
    in: { readonly payment: TakePayment; readonly hang?: { readonly elapsedMs: number; readonly at: number } };
    out: Result<PaymentOutcome, CommandFault>;
  };
  'reverse-payment': { in: ReversePayment; out: Result<PaymentOutcome, CommandFault> };
  'open-account': { in: OpenAccount; out: Result<{ readonly number?: number; readonly repeated: boolean }, CommandFault> };
  /** Without a number where the limit was that already. */
  'set-limit': { in: SetLimit; out: Result<{ readonly number?: number }, CommandFault> };
  /** Takes a lease that head office signed, and opens the meter's account where it is new. The same again changes nothing. */
  'take-lease': {
    in: { readonly lease: Lease; readonly operator: string; readonly at: number };
    out: Result<{ readonly account: AccountId; readonly repeated: boolean }, CommandFault>;
  };
  /** Never lowers. A received head that is not an ancestor of ours is the fault `fenced`: the caller then fences (J4). */
  settle: {
    in: { readonly received: Head; readonly archived: number; readonly at: number };
    out: Result<{ readonly received: number; readonly archived: number }, CommandFault>;
  };
  /** The first reason stays. */
  fence: { in: { readonly reason: string; readonly at: number }; out: Result<{ readonly reason: string }, CommandFault> };
  pair: {
    in: {
      readonly session: SessionId;
      readonly kiosk: string;
      readonly tokenHash: string;
      readonly scopes: readonly string[];
      readonly at: number;
    };
    out: Result<{ readonly session: SessionId }, CommandFault>;
  };
  /** A kiosk's token opens nothing any more; a session that is not known, or was revoked, changes nothing. */
  revoke: { in: { readonly session: SessionId; readonly at: number }; out: Result<{ readonly revoked: boolean }, CommandFault> };
  /** due -> started -> done | unsure; started -> due only where no byte had gone out (E1). */
  effect: {
    in: { readonly id: number; readonly state: EffectState; readonly at: number; readonly detail?: string };
    out: Result<{ readonly id: number; readonly state: EffectState }, CommandFault>;
  };
  /** Another receipt of a payment: `copy` 0 is the original, 1 and more say COPY. */
  'request-print': {
    in: { readonly payment: PaymentId; readonly at: number };
    out: Result<{ readonly effect: number; readonly copy: number }, CommandFault>;
  };
  'save-document': {
    in: { readonly name: string; readonly bytes: Uint8Array; readonly acknowledged?: Uint8Array; readonly at: number };
    out: Result<{ readonly name: string }, CommandFault>;
  };
  /** Puts a version of a cell into use, from the next request on; without a version the one before it again. */
  'use-cell': {
    in: { readonly name: string; readonly version?: string; readonly who: string; readonly at: number };
    out: Result<CellSwitch, CommandFault>;
  };
  /** An empty value takes the setting away. */
  'save-setting': { in: { readonly key: string; readonly value: string }; out: Result<{ readonly key: string }, CommandFault> };
  /** Names an account anew; money is not touched. */
  'name-account': {
    in: { readonly account: AccountId; readonly name: string };
    out: Result<{ readonly account: AccountId }, CommandFault>;
  };
};

export type CommandName = keyof Commands;
