/**
 * The journal's tables in the writer thread: the `Book` and the sync state that the use cases work on.
 * Invariants: head and balances are kept in memory beside the tables and dropped on any rollback (`forget`), so they never say what was
 * not kept; every write of one entry goes through `post`, so journal and fold cannot part. In a group, balances reach their table before the
 * COMMIT (`unwritten-balances.ts`), each held to its floor when it changes.
 */
import { type Account, type AccountId, isBounded, siteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody, HashHex } from '../../ledger-sync/ledger/entry.ts';
import { type EntryHash, GENESIS, type PaymentId } from '../../ledger-sync/ledger/ids.ts';
import { append, EMPTY_HEAD, type Head, headOf, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { floorAfter, isLimitAction } from '../../ledger-sync/ledger/limit.ts';
import type { Currency, Minor } from '../../ledger-sync/ledger/money.ts';
import { type Remaining, remainingChange } from '../../ledger-sync/ledger/rules.ts';
import type { Book, Leases, Recorded, Site, SyncState } from '../gateway/book.ts';
import type { DeclineReason, PaymentOutcome, ReceiptLine } from '../gateway/commands.ts';
import type { Connection } from './database.ts';
import {
  type AccountColumns,
  accountOf,
  bytesOf,
  ENTRY_COLUMNS,
  type EntryRow,
  entryOf,
  hexOf,
  type PostingRow,
  postingOf,
  reasonOf,
  reasonText,
  receiptOf,
  receiptText,
} from './rows.ts';
import { type BalanceRow, UnwrittenBalances } from './unwritten-balances.ts';

/** Accounts kept in memory at most; past it they are read again. */
const CACHE_LIMIT = 20_000;

type Held = { readonly account: Account; balance: Minor };
export type PaymentRow = {
  readonly body_hash: Buffer;
  readonly outcome: 'approved' | 'declined';
  readonly entry: bigint | null;
  readonly answer: string;
  readonly at: bigint;
};

type JournalRow = { readonly gateway: string; readonly epoch: string; readonly currency: string; readonly fenced: string | null };

export class JournalTables
  implements Omit<Book, keyof Leases | 'keepCellWrites' | 'cellState' | 'addReceipt' | 'keepTrace' | 'recordHang'>, SyncState
{
  readonly site: Site;
  private readonly hashHex: HashHex;
  private readonly held = new Map<AccountId, Held>();
  private readonly unwritten = new UnwrittenBalances();
  private cachedHead: Head | undefined;
  private cachedFence: { readonly reason: string | undefined } | undefined;
  private cachedWatermark: ReturnType<SyncState['watermark']> | undefined;
  private readonly sql: ReturnType<typeof statementsOf>;

  constructor(connection: Connection, hashHex: HashHex, printReceipts: boolean) {
    this.hashHex = hashHex;
    this.sql = statementsOf(connection);
    const row = this.sql.journal.get() as JournalRow;
    const name = { gateway: row.gateway, epoch: row.epoch } as JournalName;
    this.site = { name, currency: row.currency as Currency, accounts: siteAccounts(row.gateway), printReceipts };
  }

  /** Until `writeBalances`, which comes before the COMMIT, balances are kept here alone. */
  holdBalances(): void {
    this.unwritten.hold();
  }

  /** Before each command of a group whose balances are held. */
  beginCommand(): void {
    this.unwritten.beginCommand();
  }

  writeBalances(): void {
    this.unwritten.writeAll((account, row) => this.writeBalance(account, row));
  }

  private writeBalance(account: AccountId, { balance, at }: BalanceRow): void {
    this.sql.setBalance.run(balance, at, account);
  }

  /** After a rollback, to before the running command or of all, what is in memory may never have happened. */
  forget(): void {
    this.unwritten.undoCommand();
    this.held.clear();
    this.cachedHead = undefined;
    this.cachedFence = undefined;
    this.cachedWatermark = undefined;
  }

  head(): Head {
    if (this.cachedHead === undefined) {
      const row = this.sql.head.get() as { number: bigint; hash: Buffer } | undefined;
      this.cachedHead = row === undefined ? EMPTY_HEAD : { number: Number(row.number), hash: hexOf(row.hash) as EntryHash };
    }
    return this.cachedHead;
  }

  fenced(): string | undefined {
    this.cachedFence ??= { reason: (this.sql.journal.get() as JournalRow).fenced ?? undefined };
    return this.cachedFence.reason;
  }

  account(id: AccountId): Account | undefined {
    return this.hold(id)?.account;
  }

  balance(id: AccountId): Minor {
    return this.hold(id)?.balance ?? 0n;
  }

  private hold(id: AccountId): Held | undefined {
    const known = this.held.get(id);
    if (known !== undefined) return known;
    const row = this.sql.account.get(id) as (AccountColumns & { amount: bigint }) | undefined;
    if (row === undefined) return undefined;
    if (this.held.size >= CACHE_LIMIT) this.held.clear();
    const held = { account: accountOf(row), balance: this.unwritten.of(id)?.balance ?? row.amount };
    this.held.set(id, held);
    return held;
  }

  remaining(id: PaymentId): Remaining | undefined {
    const entry = this.entryOfPayment(id);
    if (entry === undefined || remainingChange(entry)?.kind !== 'opens') return undefined;
    const row = this.sql.remaining.get(id) as { remaining: bigint } | undefined;
    return { amount: entry.amount, remaining: row?.remaining ?? entry.amount, action: entry.action };
  }

  recorded(id: PaymentId): Recorded | undefined {
    const row = this.sql.payment.get(id) as PaymentRow | undefined;
    if (row === undefined) return undefined;
    return { bodyHash: hexOf(row.body_hash), outcome: outcomeOf(id, row, (number) => this.entry(number)) };
  }

  entryOfPayment(id: PaymentId): Entry | undefined {
    const row = this.sql.payment.get(id) as PaymentRow | undefined;
    return row === undefined || row.entry === null ? undefined : this.entry(Number(row.entry));
  }

  private entry(number: number): Entry | undefined {
    const row = this.sql.entry.get(number) as EntryRow | undefined;
    if (row === undefined) return undefined;
    const postings = (this.sql.postings.all(number) as PostingRow[]).map(postingOf);
    return entryOf(this.site.name, row, this.hashAt(number - 1) ?? GENESIS, postings);
  }

  hashAt(number: number): EntryHash | undefined {
    if (number === 0) return GENESIS;
    const hash = this.sql.hashAt.get(number) as Buffer | undefined;
    return hash === undefined ? undefined : (hexOf(hash) as EntryHash);
  }

  addAccount(account: Account, at: number): void {
    this.sql.addAccount.run(account.id, account.currency, account.floor, account.open ? 1 : 0, account.name ?? null);
    this.sql.addBalance.run(account.id, isBounded(account.id) ? -account.floor : null, at);
  }

  nameAccount(account: AccountId, name: string): void {
    this.sql.nameAccount.run(name === '' ? null : name, account);
    this.held.delete(account);
  }

  post(body: EntryBody): Entry {
    const { sql } = this;
    const entry = append(this.site.name, this.head(), body, this.hashHex);
    sql.addEntry.run(
      entry.number,
      bytesOf(entry.hash),
      entry.method,
      entry.action,
      entry.paymentId,
      entry.refersTo ?? null,
      entry.account,
      entry.amount,
      entry.currency,
      entry.operator,
      entry.memo ?? null,
      entry.at,
    );
    const { postings } = entry;
    for (let line = 0; line < postings.length; line++) {
      const { account, amount } = postings[line] as (typeof postings)[number];
      const held = this.hold(account);
      if (held === undefined) throw new Error(`the account ${account} of entry ${entry.number} is not in its table`);
      sql.addPosting.run(entry.number, line, account, amount);
      held.balance += amount;
      this.changeBalance(held, entry.at);
    }
    if (isLimitAction(body.action)) this.moveFloor(body);
    const change = remainingChange(body);
    if (change?.kind === 'lowers') {
      const before = this.remaining(change.payment);
      if (before === undefined) throw new Error(`entry ${entry.number} undoes ${change.payment}, which cannot be undone`);
      sql.setRemaining.run(change.payment, before.remaining - change.by);
    }
    this.cachedHead = headOf(entry);
    return entry;
  }

  private changeBalance({ account, balance }: Held, at: number): void {
    const row = { balance, at };
    if (!this.unwritten.isHolding) {
      this.writeBalance(account.id, row);
      return;
    }
    // What the table's own CHECK would say (I6), to this command and not to its whole group.
    if (isBounded(account.id) && balance > -account.floor) throw new Error(`${account.id} would end below its floor`);
    this.unwritten.set(account.id, row);
  }

  private moveFloor(body: EntryBody): void {
    const account = this.account(body.account);
    if (account === undefined) throw new Error(`the limit of ${body.account} changes, which is not in its table`);
    // The table holds the new floor against the balance that it has.
    const unwritten = this.unwritten.of(account.id);
    if (unwritten !== undefined) this.writeBalance(account.id, unwritten);
    const floor = floorAfter(body, account.floor);
    this.sql.setFloor.run(floor, account.id);
    this.sql.setCeiling.run(-floor, body.at, account.id);
    this.held.delete(account.id);
  }

  recordApproval(entry: Entry, bodyHash: string, receipt: readonly ReceiptLine[], trace?: number): void {
    const { paymentId, number, at } = entry;
    this.sql.addPayment.run(paymentId, bytesOf(bodyHash), 'approved', number, receiptText(receipt), at, trace ?? null);
  }

  recordDecline(id: PaymentId, bodyHash: string, reason: DeclineReason, at: number, trace?: number): void {
    this.sql.addPayment.run(id, bytesOf(bodyHash), 'declined', null, reasonText(reason), at, trace ?? null);
  }

  /** Told after every commit, and changed by acknowledgements alone. */
  watermark(): { readonly received: Head; readonly archived: number } {
    if (this.cachedWatermark === undefined) {
      const row = this.sql.watermark.get() as { received: bigint; received_hash: Buffer; archived: bigint };
      const received = { number: Number(row.received), hash: hexOf(row.received_hash) as EntryHash };
      this.cachedWatermark = { received, archived: Number(row.archived) };
    }
    return this.cachedWatermark;
  }

  raiseWatermark(received: Head, archived: number, at: number): void {
    this.sql.raiseWatermark.run(received.number, bytesOf(received.hash), archived, at);
    this.cachedWatermark = undefined;
  }

  fence(reason: string, at: number): void {
    this.sql.fence.run(reason, at);
    this.cachedFence = { reason };
  }
}

/** A recorded answer. An approval's postings are its entry's, so they are not stored twice. */
export function outcomeOf(id: PaymentId, row: PaymentRow, entryAt: (number: number) => Entry | undefined): PaymentOutcome {
  if (row.outcome === 'declined') {
    return { status: 'declined', repeated: true, id, at: Number(row.at), reason: reasonOf(row.answer) };
  }
  const entry = row.entry === null ? undefined : entryAt(Number(row.entry));
  if (entry === undefined) throw new Error(`the payment ${id} was approved, but its entry ${row.entry} is missing`);
  const { gateway, epoch, number, hash, at, postings } = entry;
  return { status: 'approved', repeated: true, id, entry: { gateway, epoch, number, hash }, at, postings, receipt: receiptOf(row.answer) };
}

/** Amounts are read as bigints; numbers that are bound may be either, for SQLite stores both as 64-bit integers. */
function statementsOf(connection: Connection) {
  const read = (sql: string) => connection.prepare(sql).safeIntegers();
  const write = (sql: string) => connection.prepare(sql);
  return {
    journal: read('SELECT gateway, epoch, currency, fenced FROM journal'),
    head: read('SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1'),
    account: read('SELECT id, currency, floor, open, name, amount FROM account JOIN balance ON account.id = balance.account WHERE id = ?'),
    remaining: read('SELECT remaining FROM remaining WHERE payment = ?'),
    payment: read('SELECT body_hash, outcome, entry, answer, at FROM payment WHERE id = ?'),
    entry: read(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE number = ?`),
    postings: read('SELECT entry, account, amount FROM posting WHERE entry = ? ORDER BY line'),
    hashAt: connection.prepare('SELECT hash FROM entry WHERE number = ?').pluck(),
    watermark: read('SELECT received, received_hash, archived FROM watermark'),
    addAccount: write('INSERT INTO account (id, currency, floor, open, name) VALUES (?, ?, ?, ?, ?)'),
    addBalance: write('INSERT INTO balance (account, amount, ceiling, at) VALUES (?, 0, ?, ?)'),
    nameAccount: write('UPDATE account SET name = ? WHERE id = ?'),
    addEntry: write(`INSERT INTO entry (${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    addPosting: write('INSERT INTO posting (entry, line, account, amount) VALUES (?, ?, ?, ?)'),
    setBalance: write('UPDATE balance SET amount = ?, at = ? WHERE account = ?'),
    setFloor: write('UPDATE account SET floor = ? WHERE id = ?'),
    setCeiling: write('UPDATE balance SET ceiling = ?, at = ? WHERE account = ?'),
    setRemaining: write(
      'INSERT INTO remaining (payment, remaining) VALUES (?, ?) ON CONFLICT (payment) DO UPDATE SET remaining = excluded.remaining',
    ),
    addPayment: write('INSERT INTO payment (id, body_hash, outcome, entry, answer, at, trace) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    raiseWatermark: write('UPDATE watermark SET received = ?, received_hash = ?, archived = ?, at = ?'),
    fence: write('UPDATE journal SET fenced = ?, fenced_at = ?'),
  };
}
