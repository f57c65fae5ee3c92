/**
 * What the gateway and the cell host say to each other. A decision is a value in every case: approved, declined by the cell, or
 * failed (a trap, a broken limit, an approval that breaks a rule). Only an approval carries anything to write.
 */
import type { AccountKind } from '../../ledger-sync/ledger/account.ts';
import type { PaymentManifest } from './manifest.ts';

/**
 * A request for a cell. `fields` whose names begin with `site.` and `original.` come from the gateway alone: whoever builds a
 * CellPayment must refuse them in a client's body. Names are unique.
 */
export type CellPayment = {
  id: string;
  action: string;
  account: string;
  counterparty: string;
  amount: bigint;
  currency: string;
  refersTo?: string;
  operator: string;
  /** Milliseconds since 1970-01-01 UTC. */
  at: bigint;
  fields: { name: string; value: string }[];
};

export type CellPosting = { account: string; amount: bigint };
export type CellApproval = { postings: CellPosting[]; receipt: { name: string; value: string }[] };

/** `availableHere` comes with not-enough: minor units of the account that the detail names. */
export type CellDecline = {
  tag: 'invalid' | 'not-enough' | 'unknown-account' | 'not-allowed' | 'already-done';
  detail: string;
  availableHere?: bigint;
};

export type CellAccount = { id: string; kind: string; currency: string; limit: bigint; open: boolean };

/** What the host lets a cell read and leave; one object a request, all calls synchronous, answers constant within the request. */
export interface CellFacts {
  find(id: string): CellAccount | undefined;
  available(id: string): bigint;
  refundable(paymentId: string): bigint;
  stateGet(key: string): Uint8Array | undefined;
}

export type CellFault = {
  code:
    | 'unknown-method'
    | 'unknown-action'
    | 'bad-request'
    | 'trap'
    | 'limit'
    | 'bad-answer'
    | 'not-balanced'
    | 'not-granted'
    | 'outside-partition'
    | 'unknown-account'
    | 'debit-not-allowed'
    | 'below-floor'
    | 'wrong-amount'
    | 'not-refundable';
  detail: string;
};

/** The last write of each key, in the order of their first; no value means that the key is deleted. */
export type CellStateWrite = { key: string; value?: Uint8Array };
export type CellOutboxItem = { key: string; payload: Uint8Array };

/**
 * The facts that the cell, or the check of its answer, really read, each once, in the order of the first reading: plain JSON, amounts as
 * decimal strings, bytes as hex. `null` means that the fact was asked for and is not there.
 */
export type CellReads = {
  readonly accounts: readonly {
    readonly id: string;
    readonly found: { readonly kind: string; readonly currency: string; readonly limit: string; readonly open: boolean } | null;
    /** Absent where it was not read. */
    readonly available?: string;
  }[];
  readonly refundable: readonly { readonly id: string; readonly amount: string }[];
  readonly state: readonly { readonly key: string; readonly value: string | null }[];
};

/** Enough to run a decision again: which cell it was, on which facts, and what it spent. */
export type CellTrace = {
  readonly cell: { readonly name: string; readonly version: string; readonly digest: string };
  readonly fuel: number;
  readonly reads: CellReads;
  /** What the cell's randomness came from, in hex; absent where it may not ask for any. */
  readonly seed?: string;
};

/**
 * A trace comes with every decision for which a cell ran. It is not enumerable: two decisions that say the same are equal, and a copy of
 * one has no trace unless it is copied by name.
 */
export type CellDecision = (
  | { outcome: 'approved'; approval: CellApproval; stateWrites: CellStateWrite[]; outbox: CellOutboxItem[] }
  | { outcome: 'declined'; decline: CellDecline }
  | { outcome: 'failed'; fault: CellFault }
) & { trace?: CellTrace };

export interface CellHost {
  /** Never throws for what a cell does. An error that `facts` throws is the caller's own, and is thrown on to it. */
  decide(method: string, payment: CellPayment, facts: CellFacts, seed?: string): CellDecision;
  methods(): { method: string; actions: string[]; manifest: PaymentManifest }[];
  /** The kind of account that an action opens where it is not there yet. */
  opens(method: string, action: string): AccountKind | undefined;
  /** The version that decides a method now. */
  cellOf(method: string): CellTrace['cell'] | undefined;
}
