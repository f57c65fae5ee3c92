/**
 * The main thread's own read-only connection: what screens, sync and effects read while the writer writes.
 * Invariant: everything here was committed; nothing here changes anything.
 */
import type { Account, AccountId, AccountKind } from '../../ledger-sync/ledger/account.ts';
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import type { EntryHash, PaymentId, SessionId } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD, type Head, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import type { Minor } from '../../ledger-sync/ledger/money.ts';
import { remainingChange } from '../../ledger-sync/ledger/rules.ts';
import type { CellInUse } from '../gateway/book.ts';
import type { EffectState, PaymentOutcome, ReceiptLine } from '../gateway/commands.ts';
import { CHOSEN_CELLS, chosenCellsOf } from './cell-switch-table.ts';
import { openForReading } from './database.ts';
import { outcomeOf, type PaymentRow } from './journal-tables.ts';
import { type LeaseView, leasesOf } from './lease-tables.ts';
import { type AccountColumns, accountOf, ENTRY_COLUMNS, type EntryRow, entriesOf, hexOf, type PostingRow, receiptOf } from './rows.ts';
import { statementNumbers } from './statement.ts';
import { type Hangs, hangsReader, type TraceReader, traceReader } from './trace-reader.ts';

export type AccountRow = Account & {
  readonly balance: Minor;
  /** When it last changed, by the gateway's clock. */
  readonly asOf: number;
};
/** `vouchers`: whether they are listed too; a voucher's name is its code, and whoever reads it can spend it. */
export type AccountFilter = { readonly kind?: AccountKind; readonly query?: string; readonly limit: number; readonly vouchers?: boolean };

/** A payment of this journal with what has become of it. */
export type HistoryRow = {
  readonly entry: Entry;
  readonly receipt: readonly ReceiptLine[];
  /** What can still be refunded or reversed of it; 0 for what cannot. */
  readonly remaining: Minor;
  /** Receipts that were or may have been printed. */
  readonly prints: number;
};

/** Where a statement goes on: below this entry, before which the balance was this. */
export type StatementPlace = { readonly before: number; readonly balance: Minor };
export type StatementRow = {
  readonly entry: Entry;
  /** What the entry posted to the account, and its balance afterwards; debit > 0. */
  readonly change: Minor;
  readonly balance: Minor;
};
export type StatementPage = { readonly account: AccountRow; readonly rows: readonly StatementRow[]; readonly next?: StatementPlace };

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
  /** What happened to an account, newest first, each with what it changed and the balance after it; `from` goes on below a line. */
  statement(account: AccountId, from: StatementPlace | undefined, limit: number): StatementPage | undefined;
  entry(number: number): Entry | undefined;
  entriesAfter(number: number, limit: number): readonly Entry[];
  sessionByTokenHash(tokenHash: string): SessionRow | undefined;
  /** The paired kiosks, the one of longest ago first: as many as may be paired at most. */
  sessions(): readonly SessionRow[];
  effects(states: readonly EffectState[], limit: number): readonly EffectRow[];
  effectsOf(payment: PaymentId): readonly EffectRow[];
  document(name: string): DocumentRow | undefined;
  setting(key: string): string | undefined;
  /** The versions of cells that were put into use, by name; a name that nobody chose for has none. */
  chosenCells(): ReadonlyMap<string, CellInUse>;
  /** Leases of counters, the newest of each meter, by its account. */
  leases(): readonly LeaseView[];
  /** Cell data that waits for head office beside the money: coalesced by key. */
  outbox(limit: number): readonly { readonly key: string; readonly payload: Uint8Array }[];
  /** Cells that did not come back. */
  hangs(): Hangs;
  readonly traces: TraceReader;
  close(): void;
}

/** An entry's share of a batch, signature and frame included: for telling people how much waits, not for deciding anything. */
const WIRE_BYTES_ENTRY = 8;

export function openReader(path: string): Reader {
  const connection = openForReading(path);
  const read = (sql: string) => connection.prepare(sql).safeIntegers();
  const sql = {
    journal: read('SELECT gateway, epoch, currency, fenced FROM journal'),
    setting: connection.prepare('SELECT value FROM setting WHERE key = ?').pluck(),
    chosenCells: connection.prepare(CHOSEN_CELLS),
    head: connection.prepare('SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1'),
    watermark: connection.prepare('SELECT received, received_hash, archived FROM watermark'),
    account: read(
      `SELECT id, currency, floor, open, name, amount, at FROM account JOIN balance ON account.id = balance.account WHERE id = ?`,
    ),
    // The ids of a kind lie together; \u{10ffff} sorts behind every name.
    accounts: read(
      `SELECT id, currency, floor, open, name, amount, at FROM account JOIN balance ON account.id = balance.account
       WHERE id >= $from AND id <= $to AND ($vouchers = 1 OR id NOT GLOB 'voucher:*') AND ($query = '' OR instr(lower(id), $query) > 0 OR instr(lower(coalesce(name, '')), $query) > 0)
       ORDER BY id LIMIT $limit`,
    ),
    payment: read('SELECT body_hash, outcome, entry, answer, at FROM payment WHERE id = ?'),
    entries: read(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE number BETWEEN ? AND ? ORDER BY number`),
    postings: read('SELECT entry, account, amount FROM posting WHERE entry BETWEEN ? AND ? ORDER BY entry, line'),
    history: connection
      .prepare(
        "SELECT number FROM entry WHERE number < ? AND action NOT IN ('open', 'limit-raise', 'limit-lower') ORDER BY number DESC LIMIT ?",
      )
      .pluck(),
    leased: connection.prepare('SELECT 1 FROM lease WHERE partition = ? LIMIT 1'),
    remaining: read('SELECT remaining FROM remaining WHERE payment = ?').pluck(),
    prints: connection.prepare("SELECT count(*) FROM effect WHERE payment = ? AND kind = 'receipt' AND state <> 'due'").pluck(),
    session: connection.prepare('SELECT session, kiosk, scopes, at FROM session WHERE token_hash = ? AND revoked_at IS NULL'),
    sessions: connection.prepare('SELECT session, kiosk, scopes, at FROM session WHERE revoked_at IS NULL ORDER BY at, session'),
    effects: connection.prepare('SELECT id, kind, payment, copy, state, at, detail FROM effect WHERE state = ? ORDER BY id LIMIT ?'),
    effectsOf: connection.prepare('SELECT id, kind, payment, copy, state, at, detail FROM effect WHERE payment = ? ORDER BY id'),
    document: connection.prepare('SELECT name, bytes, acknowledged, at FROM document WHERE name = ?'),
    outbox: connection.prepare('SELECT key, payload FROM outbox ORDER BY sequence LIMIT ?'),
  };
  const { gateway, epoch, currency } = sql.journal.get() as { gateway: string; epoch: string; currency: string };
  const name = { gateway, epoch } as JournalName;

  const head = (): Head => {
    const row = sql.head.get() as { number: number; hash: Buffer } | undefined;
    return row === undefined ? EMPTY_HEAD : { number: row.number, hash: hexOf(row.hash) as EntryHash };
  };
  const watermark = (): Watermark => {
    const row = sql.watermark.get() as { received: number; received_hash: Buffer; archived: number };
    return { received: { number: row.received, hash: hexOf(row.received_hash) as EntryHash }, archived: row.archived };
  };
  const entriesAfter = (number: number, limit: number): readonly Entry[] => {
    const last = number + limit;
    // The entry before the first is read for its hash: the first one's `previous`.
    const rows = sql.entries.all(number, last) as EntryRow[];
    return entriesOf(name, number, rows, sql.postings.all(number + 1, last) as PostingRow[]);
  };
  const entry = (number: number): Entry | undefined => entriesAfter(number - 1, 1)[0];
  const historyRow = (of: Entry): HistoryRow => {
    const payment = sql.payment.get(of.paymentId) as PaymentRow;
    const remaining = sql.remaining.get(of.paymentId) as bigint | undefined;
    // A token that somebody has is not taken back (L8).
    const isOpen = remainingChange(of)?.kind === 'opens' && sql.leased.get(`${of.method}/${of.account}`) === undefined;
    const prints = sql.prints.get(of.paymentId) as number;
    return { entry: of, receipt: receiptOf(payment.answer), remaining: isOpen ? (remaining ?? of.amount) : 0n, prints };
  };
  const historyItem = (number: number): HistoryRow | undefined => {
    const found = entry(number);
    return found === undefined ? undefined : historyRow(found);
  };
  const accountRow = (id: AccountId): AccountRow | undefined => {
    const row = sql.account.get(id) as AccountsRow | undefined;
    return row === undefined ? undefined : accountRowOf(row);
  };
  const numbersOf = statementNumbers(connection);
  const statement: Reader['statement'] = (id, from, limit) => {
    const account = accountRow(id);
    if (account === undefined) return undefined;
    const before = from?.before ?? Number.MAX_SAFE_INTEGER;
    let balance = from?.balance ?? account.balance;
    const rows: StatementRow[] = [];
    for (const number of numbersOf(id, before, limit)) {
      const of = entry(number);
      if (of === undefined) throw new Error(`entry ${number} of ${id} is missing`);
      const change = of.postings.find((posting) => posting.account === id)?.amount ?? 0n;
      rows.push({ entry: of, change, balance });
      balance -= change;
    }
    const last = rows.at(-1);
    const isMore = rows.length === limit && last !== undefined && last.entry.number > 1;
    return { account, rows, ...(isMore ? { next: { before: last.entry.number, balance } } : {}) };
  };
  const setting = (key: string): string | undefined => sql.setting.get(key) as string | undefined;

  return {
    name: () => name,
    site: () => setting('site') ?? gateway,
    currency: () => currency,
    head,
    watermark,
    pending: () => {
      const entries = head().number - watermark().received.number;
      return { entries, bytes: entries * WIRE_BYTES_ENTRY };
    },
    fenced: () => (sql.journal.get() as { fenced: string | null }).fenced ?? undefined,
    account: accountRow,
    accounts: ({ kind, query, limit, vouchers }) => {
      const from = kind === undefined ? '' : `${kind}:`;
      const parameters = { from, to: `${from}\u{10ffff}`, query: query?.toLowerCase() ?? '', limit, vouchers: vouchers === true ? 1 : 0 };
      return (sql.accounts.all(parameters) as AccountsRow[]).map(accountRowOf);
    },
    payment: (id) => {
      const row = sql.payment.get(id) as PaymentRow | undefined;
      return row === undefined ? undefined : outcomeOf(id, row, entry);
    },
    history: ({ before, limit }) =>
      (sql.history.all(before ?? Number.MAX_SAFE_INTEGER, limit) as number[]).flatMap((number) => historyItem(number) ?? []),
    historyItem,
    statement: connection.transaction(statement),
    entry,
    entriesAfter,
    sessionByTokenHash: (tokenHash) => {
      const row = sql.session.get(tokenHash) as SessionColumns | undefined;
      return row === undefined ? undefined : sessionOf(row);
    },
    sessions: () => (sql.sessions.all() as SessionColumns[]).map(sessionOf),
    effects: (states, limit) =>
      states
        .flatMap((state) => (sql.effects.all(state, limit) as EffectColumns[]).map(effectOf))
        .sort((left, right) => left.id - right.id)
        .slice(0, limit),
    effectsOf: (payment) => (sql.effectsOf.all(payment) as EffectColumns[]).map(effectOf),
    document: (of) => {
      const row = sql.document.get(of) as { name: string; bytes: Buffer; acknowledged: Buffer | null; at: number } | undefined;
      if (row === undefined) return undefined;
      const { acknowledged, ...rest } = row;
      return acknowledged === null ? rest : { ...rest, acknowledged };
    },
    setting,
    chosenCells: () => chosenCellsOf(sql.chosenCells.all()),
    leases: () => leasesOf(connection),
    outbox: (limit) => sql.outbox.all(limit) as { key: string; payload: Uint8Array }[],
    hangs: hangsReader(connection),
    traces: traceReader(connection, gateway),
    close: () => connection.close(),
  };
}

type AccountsRow = AccountColumns & { readonly amount: bigint; readonly at: bigint };
const accountRowOf = (row: AccountsRow): AccountRow => ({ ...accountOf(row), balance: row.amount, asOf: Number(row.at) });

type SessionColumns = { readonly session: string; readonly kiosk: string; readonly scopes: string; readonly at: number };
const sessionOf = ({ session, kiosk, scopes, at }: SessionColumns): SessionRow => ({
  session: session as SessionId,
  kiosk,
  scopes: scopes.split(' '),
  at,
});

type EffectColumns = Omit<EffectRow, 'detail'> & { readonly detail: string | null };
const effectOf = ({ detail, ...row }: EffectColumns): EffectRow => (detail === null ? row : { ...row, detail });
