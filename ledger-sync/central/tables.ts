/**
 * The centre's tables as a port. Every call is a promise, so that a database over a network fits; every call that writes is one
 * transaction, stated as data, so that no other work can slip into an open one.
 * Ingest goes read, decide, write: `partition` reads what the rules need, `foldBatch` decides without I/O, `store` writes everything and
 * moves the head by compare-and-set. Because the facts of the rules belong to one journal and change only with its head, a head that has
 * not moved proves that the facts are still true (J6).
 */
import type { AccountId } from '../ledger/account.ts';
import type { Entry } from '../ledger/entry.ts';
import type { EntryHash, Epoch, GatewayId, PaymentId } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import type { Minor } from '../ledger/money.ts';
import type { LeaseTables } from './lease-tables.ts';

export type Standing = 'canonical' | 'forked';
export type BreakKind = 'rule-broken' | 'unknown-account' | 'forked-journal' | 'payment-twice' | 'undecodable';

export type Journal = {
  readonly id: number;
  readonly name: JournalName;
  readonly site: string;
  /** Raw Ed25519 key; one an epoch (J3). */
  readonly publicKey: Uint8Array;
  /** The watermark: what is held without a gap. A number with no hash stands after an entry that could not be read (J7). */
  readonly head: Head;
  /** The highest number that the gateway said it has. */
  readonly announced: number;
  readonly enrolledAt: number;
  readonly lastContact: number | undefined;
  readonly fenced: { readonly at: number; readonly reason: string } | undefined;
  /** The currency of its site's accounts: that of its first entry. */
  readonly currency: string | undefined;
  readonly entries: number;
  readonly batches: number;
  readonly bytes: number;
};

export type Position = {
  readonly account: AccountId;
  readonly currency: string;
  readonly floor: Minor;
  /** Opened in this journal, or one of its site's own. */
  readonly known: boolean;
  readonly balance: Minor;
};
export type PaymentRow = { readonly payment: PaymentId; readonly action: string; readonly amount: Minor; readonly remaining: Minor };
export type PartitionRows = { readonly positions: readonly Position[]; readonly payments: readonly PaymentRow[] };

export type NewBreak = {
  readonly kind: BreakKind;
  readonly number: number;
  readonly hash: EntryHash | undefined;
  readonly rule: string;
  readonly detail: string;
  readonly account: AccountId | undefined;
  readonly amount: Minor | undefined;
};

/** What a batch does to one account: its position afterwards in this journal, and the change of its total. */
export type PositionChange = Position & { readonly delta: Minor; readonly entries: number };
/** What can still be refunded of an earlier payment of this journal, afterwards. */
export type RemainingAfter = { readonly payment: PaymentId; readonly remaining: Minor };

export type StoreBatch = {
  readonly journal: number;
  /** The head must be exactly this, or nothing is written. */
  readonly expected: Head;
  readonly head: Head;
  readonly announced: number;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly currency: string | undefined;
  readonly entries: readonly Entry[];
  readonly positions: readonly PositionChange[];
  readonly remaining: readonly RemainingAfter[];
  readonly breaks: readonly NewBreak[];
  /** Bytes that were signed and counted but could not be read (J7). */
  readonly raw: readonly { readonly number: number; readonly bytes: Uint8Array; readonly hash: string }[];
};
export type Stored =
  | { readonly status: 'stored'; readonly firstSequence: number; readonly lastSequence: number; readonly breaks: readonly Break[] }
  | { readonly status: 'head-moved' };

export type StoreForked = {
  readonly journal: number;
  readonly reason: string;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly entries: readonly Entry[];
  /** Opened once a journal: when it was not fenced before. */
  readonly forkBreak: NewBreak;
};
export type StoredForked = { readonly added: number; readonly full: boolean; readonly breaks: readonly Break[] };

export type Staged = { readonly from: number; readonly count: number; readonly bytes: Uint8Array };
export type StageResult = 'staged' | 'full' | 'known';

export type Break = NewBreak & {
  readonly id: number;
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly at: number;
  readonly stage: 'found' | 'closed';
};

export type StoredEntry = {
  readonly sequence: number;
  readonly entry: Entry;
  readonly receivedAt: number;
  readonly standing: Standing;
  readonly breaks: readonly number[];
};
export type EntryQuery = {
  readonly gateway?: string | undefined;
  readonly account?: string | undefined;
  readonly fromAt?: number | undefined;
  readonly toAt?: number | undefined;
  readonly standing?: Standing | undefined;
  /** In the centre's order: greater than this, rising; with `newestFirst`, less than this, falling. */
  readonly after?: number | undefined;
  readonly newestFirst?: boolean | undefined;
  readonly limit: number;
};

export type AccountRow = {
  readonly id: AccountId;
  readonly currency: string;
  readonly balance: Minor;
  readonly entries: number;
  readonly firstGateway: GatewayId;
};
export type AccountPosition = { readonly name: JournalName; readonly balance: Minor; readonly floor: Minor };
export type AccountQuery = {
  readonly kind?: string | undefined;
  readonly query?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};
export type KindTotal = {
  readonly kind: string;
  readonly currency: string;
  readonly accounts: number;
  readonly debit: Minor;
  readonly credit: Minor;
};
export type Totals = {
  readonly entries: number;
  readonly forked: number;
  readonly gateways: number;
  readonly openBreaks: number;
  readonly lastSequence: number;
};

export type VoucherRow = {
  readonly id: string;
  readonly gateway: GatewayId;
  readonly site: string;
  readonly secret: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly used: { readonly at: number; readonly publicKey: Uint8Array; readonly epoch: Epoch } | undefined;
};
export type UseVoucher = { readonly voucher: string; readonly publicKey: Uint8Array; readonly epoch: Epoch; readonly at: number };
export type VoucherUse =
  | { readonly status: 'enrolled'; readonly journal: Journal; readonly repeated: boolean }
  | { readonly status: 'unknown' | 'expired' | 'used-by-another' | 'journal-exists' };

export type RefusedRow = {
  readonly topic: string;
  readonly reason: string;
  readonly keyFingerprint: string | undefined;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
};
export type OfficeSessionRow = { readonly tokenHash: string; readonly user: string; readonly until: number };

export interface Tables extends LeaseTables {
  journals(): Promise<readonly Journal[]>;
  journal(name: JournalName): Promise<Journal | undefined>;
  partition(journal: number, accounts: readonly AccountId[], payments: readonly PaymentId[]): Promise<PartitionRows>;
  /** The hashes of a journal's canonical entries, numbers `from` to `to`, rising; a number that was passed unread is missing. */
  hashes(journal: number, from: number, to: number): Promise<readonly Head[]>;
  /** Heads of stored entries at this number, canonical or forked: what a batch on a branch may follow. */
  headsAt(journal: number, number: number): Promise<readonly Head[]>;
  store(batch: StoreBatch): Promise<Stored>;
  /** Keeps entries of a branch, unfolded, and fences the journal if it is not (P6). Entries that are held already are not added again. */
  storeForked(batch: StoreForked): Promise<StoredForked>;
  /** Keeps an early batch until the gap before it is filled (J6). Bounded for each journal. */
  stage(journal: number, batch: Staged, at: number): Promise<StageResult>;
  /** The staged batch that begins at or before `number` and ends at or after it. */
  stagedAt(journal: number, number: number): Promise<Staged | undefined>;
  /** Forgets what is staged below `number`, and the batch that begins at it. */
  unstage(journal: number, number: number): Promise<void>;
  saveContacts(contacts: readonly { readonly journal: number; readonly at: number; readonly announced: number }[]): Promise<void>;

  entries(query: EntryQuery): Promise<readonly StoredEntry[]>;
  entry(hash: string): Promise<StoredEntry | undefined>;
  accounts(query: AccountQuery): Promise<readonly AccountRow[]>;
  account(id: string): Promise<AccountRow | undefined>;
  positionsOf(id: string, currency: string): Promise<readonly AccountPosition[]>;
  kindTotals(): Promise<readonly KindTotal[]>;
  totals(): Promise<Totals>;
  settledOn(day: number): Promise<readonly { readonly currency: string; readonly entries: number; readonly amount: Minor }[]>;
  breaks(query: {
    readonly after?: number | undefined;
    readonly stage?: Break['stage'] | undefined;
    readonly limit: number;
  }): Promise<readonly Break[]>;
  breakCounts(): Promise<ReadonlyMap<string, number>>;

  addVoucher(voucher: VoucherRow): Promise<void>;
  vouchers(limit: number): Promise<readonly VoucherRow[]>;
  voucher(id: string): Promise<VoucherRow | undefined>;
  /** Enrols the key that is first; the same key again gets the same answer. */
  useVoucher(use: UseVoucher): Promise<VoucherUse>;

  refuse(refused: {
    readonly topic: string;
    readonly reason: string;
    readonly keyFingerprint: string | undefined;
    readonly count: number;
    readonly at: number;
  }): Promise<void>;
  refused(limit: number): Promise<readonly RefusedRow[]>;

  document(name: string): Promise<{ readonly bytes: Uint8Array; readonly at: number } | undefined>;
  saveDocument(name: string, bytes: Uint8Array, at: number): Promise<void>;
  /** What a gateway acknowledged of a document: opaque bytes of the document desk. */
  documentPeers(name: string): Promise<ReadonlyMap<string, Uint8Array>>;
  saveDocumentPeer(name: string, gateway: string, bytes: Uint8Array): Promise<void>;
  setting(key: string): Promise<string | undefined>;
  saveSetting(key: string, value: string): Promise<void>;
  addSession(session: OfficeSessionRow, nowMs: number): Promise<void>;
  session(tokenHash: string, nowMs: number): Promise<OfficeSessionRow | undefined>;
  endSession(tokenHash: string): Promise<void>;
  close(): Promise<void>;
}

/** The disk or the database refused: nothing of the call happened. `full` says that space is what is missing. */
export class StorageFault extends Error {
  readonly code: 'storage-full' | 'storage';
  constructor(code: 'storage-full' | 'storage', message: string) {
    super(message);
    this.name = 'StorageFault';
    this.code = code;
  }
}

export const LIMITS = {
  stagedBatches: 64,
  /** More than the twelve largest batches that a gateway has on the way. */
  stagedBytes: 8 * 1024 * 1024,
  /** Forked entries that are kept for one journal; a stolen key must not fill the disk. */
  forkedEntries: 100_000,
  refusedRows: 1_000,
  vouchers: 10_000,
  sessions: 200,
} as const;

/** Days are counted in Nepal's time, UTC+5:45, where the shops' day ends. */
export const dayOf = (atMs: number): number => Math.floor((atMs + 345 * 60_000) / 86_400_000);
