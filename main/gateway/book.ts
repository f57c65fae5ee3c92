/**
 * The journal with what is kept beside it, as the use cases see it; the store implements it in the writer thread.
 * Invariants: everything is read before anything is written; what a use case writes is kept as a whole or not at all, for the caller
 * wraps each command in a savepoint; reads see the writes of earlier commands of the same group.
 */
import type { Account, AccountId, SiteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody } from '../../ledger-sync/ledger/entry.ts';
import type { EntryHash, PaymentId } from '../../ledger-sync/ledger/ids.ts';
import type { Head, JournalName } from '../../ledger-sync/ledger/journal.ts';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import type { PartitionFacts } from '../../ledger-sync/ledger/rules.ts';
import type { CellOutboxItem, CellStateWrite } from '../cell-host/cell.ts';
import type { DeclineReason, EffectState, PaymentOutcome, ReceiptLine } from './commands.ts';
import type { HeldLease } from './lease.ts';
import type { CellRef, KeptTrace } from './trace.ts';

export type Site = {
  readonly name: JournalName;
  readonly currency: Currency;
  readonly accounts: SiteAccounts;
  /** Whether each payment asks for a receipt on paper. */
  readonly printReceipts: boolean;
};

/** What was answered to an id before, and to what (I3). */
export type Recorded = { readonly bodyHash: string; readonly outcome: PaymentOutcome };

/** A cell that did not come back; `cell` is the version that was in use, where the host knows. */
export type CellHangRow = {
  readonly payment: PaymentId;
  readonly method: string;
  readonly action: string;
  readonly cell?: CellRef | undefined;
  readonly elapsedMs: number;
  readonly at: number;
};

export interface Traces {
  /** Gives the number by which its payment names it. */
  keepTrace(trace: KeptTrace): number;
  recordHang(hang: CellHangRow): void;
}

/** Leases of owned counters (P12). */
export interface Leases {
  /** The lease of a partition's counter that is in use: the newest. */
  lease(partition: string): HeldLease | undefined;
  leaseNumbered(number: number): HeldLease | undefined;
  addLease(lease: HeldLease, at: number): void;
}

export interface Book extends PartitionFacts, Traces, Leases {
  readonly site: Site;
  head(): Head;
  fenced(): string | undefined;
  recorded(id: PaymentId): Recorded | undefined;
  entryOfPayment(id: PaymentId): Entry | undefined;
  /** What a cell keeps, and under keys that begin with `host.` what it is lent. */
  cellState(partition: string, key: string): Uint8Array | undefined;

  addAccount(account: Account, at: number): void;
  nameAccount(account: AccountId, name: string): void;
  /** Appends to the journal and folds it into balances and remainders. */
  post(body: EntryBody): Entry;
  /** `trace`: the number of how it was decided. */
  recordApproval(entry: Entry, bodyHash: string, receipt: readonly ReceiptLine[], trace?: number): void;
  recordDecline(id: PaymentId, bodyHash: string, reason: DeclineReason, at: number, trace?: number): void;
  keepCellWrites(partition: string, state: readonly CellStateWrite[], outbox: readonly CellOutboxItem[]): void;
  addReceipt(payment: PaymentId, at: number): { readonly effect: number; readonly copy: number };
}

export interface SyncState {
  head(): Head;
  /** The hash of an entry of this journal; GENESIS for 0, undefined past the head. */
  hashAt(number: number): EntryHash | undefined;
  watermark(): { readonly received: Head; readonly archived: number };
  fenced(): string | undefined;
  raiseWatermark(received: Head, archived: number, at: number): void;
  fence(reason: string, at: number): void;
}

export interface Effects {
  effect(id: number): { readonly state: EffectState } | undefined;
  moveEffect(id: number, state: EffectState, at: number, detail: string | undefined): void;
}

export interface Sessions {
  liveSessions(): number;
  sessionOfToken(tokenHash: string): { readonly session: string; readonly live: boolean } | undefined;
  tokenOfSession(session: string): string | undefined;
  addSession(row: { tokenHash: string; session: string; kiosk: string; scopes: readonly string[]; at: number }): void;
  revokeSession(tokenHash: string, at: number): void;
}

export type CellInUse = {
  readonly version: string;
  readonly digest: string;
  /** What was in use before the last switch. */
  readonly from?: string;
};

/** Which versions of cells were put into use; the last switch of a name says it. */
export interface CellSwitches {
  chosen(name: string): CellInUse | undefined;
  switchCell(name: string, choice: CellInUse, who: string, at: number): void;
}

export interface Papers {
  saveDocument(name: string, bytes: Uint8Array, acknowledged: Uint8Array | undefined, at: number): void;
  saveSetting(key: string, value: string): void;
}
