/**
 * The main thread's own read-only connection: what screens, sync and effects read while the writer writes.
 * Invariant: everything here was committed; nothing here changes anything.
 */
import type { Account, AccountId, AccountKind } from '../../ledger-sync/ledger/account.ts';
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import type { PaymentId, SessionId } from '../../ledger-sync/ledger/ids.ts';
import type { Head, JournalName } from '../../ledger-sync/ledger/journal.ts';
import type { Minor } from '../../ledger-sync/ledger/money.ts';
import type { EffectState, PaymentOutcome, ReceiptLine } from '../gateway/commands.ts';

export type AccountRow = Account & {
  readonly balance: Minor;
  /** When it last changed, by the gateway's clock. */
  readonly asOf: number;
};
export type AccountFilter = { readonly kind?: AccountKind; readonly query?: string; readonly limit: number };

/** A payment of this journal with what has become of it. */
export type HistoryRow = {
  readonly entry: Entry;
  readonly receipt: readonly ReceiptLine[];
  /** What can still be refunded or reversed of it; 0 for what cannot. */
  readonly remaining: Minor;
  /** Receipts that were or may have been printed. */
  readonly prints: number;
};

export type SessionRow = {
  readonly session: SessionId;
  readonly kiosk: string;
  readonly scopes: readonly string[];
  readonly at: number;
};

export type EffectRow = {
  readonly id: number;
  readonly kind: 'receipt';
  readonly payment: PaymentId;
  /** 0 is the original, 1 and more say COPY. */
  readonly copy: number;
  readonly state: EffectState;
  readonly at: number;
  readonly detail?: string;
};

export type DocumentRow = { readonly name: string; readonly bytes: Uint8Array; readonly acknowledged?: Uint8Array; readonly at: number };
export type Watermark = { readonly received: Head; readonly archived: number };
/** What waits for head office; `bytes` is an estimate of what it weighs on the wire. */
export type Pending = { readonly entries: number; readonly bytes: number };

export interface Reader {
  name(): JournalName;
  site(): string;
  currency(): string;
  head(): Head;
  watermark(): Watermark;
  pending(): Pending;
  /** Why the journal is fenced, where it is. */
  fenced(): string | undefined;
  account(id: AccountId): AccountRow | undefined;
  /** `query` is sought in id and name, without regard to case. Sorted by id. */
  accounts(filter: AccountFilter): readonly AccountRow[];
  /** The recorded outcome, always with `repeated: true`. */
  payment(id: PaymentId): PaymentOutcome | undefined;
  /** Newest first; `before` is an entry number that is left out, with all after it. */
  history(page: { readonly before?: number; readonly limit: number }): readonly HistoryRow[];
  historyItem(number: number): HistoryRow | undefined;
  entry(number: number): Entry | undefined;
  entriesAfter(number: number, limit: number): readonly Entry[];
  sessionByTokenHash(tokenHash: string): SessionRow | undefined;
  effects(states: readonly EffectState[], limit: number): readonly EffectRow[];
  effectsOf(payment: PaymentId): readonly EffectRow[];
  document(name: string): DocumentRow | undefined;
  setting(key: string): string | undefined;
  /** Cell data that waits for head office beside the money: coalesced by key. */
  outbox(limit: number): readonly { readonly key: string; readonly payload: Uint8Array }[];
  close(): void;
}
