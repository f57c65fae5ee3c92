/**
 * Doubts everything that the database says of the money (`chautari verify`): chain, sums, rules and floors at each step, and that what
 * is kept beside the journal is its fold (I2, I4, I5, I6). Read-only, one snapshot, one pass; names the first fault.
 * In memory stand the accounts and the payments that something was given back of, not the entries.
 */
import { type Account, type AccountId, available, isBounded, siteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody } from '../../ledger-sync/ledger/entry.ts';
import { type EntryHash, GENESIS, type PaymentId, parseEpoch, parseGatewayId } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD, follows, type Head, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { floorAfter, openedFloor } from '../../ledger-sync/ledger/limit.ts';
import type { Minor } from '../../ledger-sync/ledger/money.ts';
import { sitePositions } from '../../ledger-sync/ledger/position.ts';
import { balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { type PartitionFacts, type Remaining, remainingChange, ruleFaults } from '../../ledger-sync/ledger/rules.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { type Connection, openForReading } from './database.ts';
import { lackOf, readMark } from './journal-mark.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf, hexOf, type PostingRow, postingOf } from './rows.ts';
import { StorageFault, type StorageFaultCode, sqliteCodeOf, storageFaultOf } from './storage-fault.ts';

export type VerifyFaultCode =
  | StorageFaultCode
  | 'name'
  | 'chain'
  | 'sum'
  | 'rule'
  | 'postings'
  | 'accounts'
  | 'balance'
  | 'floor'
  | 'remaining'
  | 'payment'
  | 'watermark'
  | 'mark';

export type VerifyFault = { readonly code: VerifyFaultCode; readonly number?: number; readonly text: string };
export type Verified = {
  readonly name: JournalName;
  readonly head: Head;
  readonly accounts: number;
  readonly payments: number;
  readonly received: number;
};
export type VerifyReport = Result<Verified, VerifyFault>;

class Found extends Error {
  readonly code: VerifyFaultCode;
  readonly number: number | undefined;
  constructor(code: VerifyFaultCode, text: string, number?: number) {
    super(text);
    this.code = code;
    this.number = number;
  }
}

export function verifyDatabase(path: string): VerifyReport {
  let connection: Connection | undefined;
  try {
    connection = openForReading(path);
    connection.exec('BEGIN');
    return verifyConnection(connection, path);
  } catch (error) {
    if (error instanceof Found) {
      return err({ code: error.code, text: error.message, ...(error.number === undefined ? {} : { number: error.number }) });
    }
    if (!(error instanceof StorageFault) && sqliteCodeOf(error) === undefined) throw error;
    const fault = storageFaultOf(error, path);
    return err({ code: fault.code, text: fault.message });
  } finally {
    connection?.close();
  }
}

function verifyConnection(connection: Connection, path: string): VerifyReport {
  const pages = connection.pragma('quick_check(1)', { simple: true });
  if (pages !== 'ok') throw new Found('corrupt', `${path} is damaged: ${String(pages)}`);
  const row = connection.prepare('SELECT gateway, epoch, currency FROM journal').get() as
    | { gateway: string; epoch: string; currency: string }
    | undefined;
  if (row === undefined || !parseGatewayId(row.gateway).ok || !parseEpoch(row.epoch).ok) throw new Found('name', 'the journal has no name');
  const name = { gateway: row.gateway, epoch: row.epoch } as JournalName;
  const fold = new StreamedFold(connection, name, row.currency);
  for (const entry of entriesIn(connection, name)) fold.take(entry);
  comparePayments(connection, fold.head);
  compareTables(connection, fold);
  const received = compareWatermark(connection, fold.head);
  const mark = readMark(path);
  const lack = mark === undefined ? undefined : lackOf(connection, name.epoch, mark);
  if (lack !== undefined) throw new Found('mark', `the journal lost what it held: ${lack}`);
  const payments = connection.prepare('SELECT count(*) FROM payment').pluck().get() as number;
  return ok({ name, head: fold.head, accounts: fold.accounts.size, payments, received });
}

/** Every entry in order, with its postings, from two cursors that walk side by side. */
function* entriesIn(connection: Connection, name: JournalName): Generator<Entry> {
  const rows = connection.prepare(`SELECT ${ENTRY_COLUMNS} FROM entry ORDER BY number`).safeIntegers().iterate();
  const lines = connection.prepare('SELECT entry, line, account, amount FROM posting ORDER BY entry, line').safeIntegers().iterate();
  try {
    let line = lines.next() as IteratorResult<PostingRow & { line: bigint }>;
    let previous: EntryHash = GENESIS;
    for (const row of rows as Iterable<EntryRow>) {
      const postings: Posting[] = [];
      for (; line.done !== true && line.value.entry === row.number; line = lines.next() as typeof line) {
        if (line.value.line !== BigInt(postings.length))
          throw new Found('postings', `entry ${row.number} lacks a line`, Number(row.number));
        postings.push(postingOf(line.value));
      }
      const entry = entryOf(name, row, previous, postings);
      previous = entry.hash;
      yield entry;
    }
    if (line.done !== true) throw new Found('postings', `a posting of entry ${line.value.entry} has no entry`, Number(line.value.entry));
  } finally {
    // A cursor that is left open would keep the connection busy.
    rows.return?.();
    lines.return?.();
  }
}

class StreamedFold implements PartitionFacts {
  head: Head = EMPTY_HEAD;
  readonly accounts = new Map<AccountId, Account>();
  readonly balances = new Map<AccountId, Minor>();
  readonly lowered = new Map<PaymentId, Minor>();
  private readonly name: JournalName;
  private readonly original;

  constructor(connection: Connection, name: JournalName, currency: string) {
    this.name = name;
    this.original = connection.prepare('SELECT number, action, amount FROM entry WHERE payment_id = ?').safeIntegers();
    const site = sitePositions(name.gateway, currency);
    for (const id of Object.values(siteAccounts(name.gateway))) {
      const account = site.account(id);
      if (account !== undefined) this.accounts.set(id, account);
    }
  }

  account(id: AccountId): Account | undefined {
    return this.accounts.get(id);
  }

  balance(id: AccountId): Minor {
    return this.balances.get(id) ?? 0n;
  }

  remaining(id: PaymentId): Remaining | undefined {
    const row = this.original.get(id) as { number: bigint; action: string; amount: bigint } | undefined;
    if (row === undefined || Number(row.number) > this.head.number) return undefined;
    // Whether it can be undone at all depends on its action alone.
    if (remainingChange({ action: row.action, paymentId: id, amount: row.amount } as EntryBody)?.kind !== 'opens') return undefined;
    return { amount: row.amount, remaining: this.lowered.get(id) ?? row.amount, action: row.action };
  }

  take(entry: Entry): void {
    const { number } = entry;
    const next = follows(this.name, this.head, entry, sha256Hex);
    if (!next.ok) {
      const { error } = next;
      const text =
        error.code === 'wrong-number'
          ? `entry ${error.expected} is missing; after ${this.head.number} comes ${error.found}`
          : `entry ${number} was changed, or the one before it: its hash does not match (${error.code})`;
      throw new Found('chain', text, number);
    }
    const balanced = balance(entry.postings);
    if (!balanced.ok) throw new Found('sum', `the postings of entry ${number} are wrong: ${balanced.error.code}`, number);
    const [fault] = ruleFaults(entry, this);
    if (fault !== undefined) {
      const account = 'account' in fault ? ` (${fault.account})` : '';
      const code = fault.code === 'below-floor' ? 'floor' : 'rule';
      throw new Found(code, `entry ${number} breaks ${fault.rule}: ${fault.code}${account}`, number);
    }
    this.apply(entry);
    this.head = next.value;
  }

  private apply(entry: Entry): void {
    if (entry.action === 'open') {
      this.accounts.set(entry.account, { id: entry.account, currency: entry.currency, floor: openedFloor(entry), open: true });
    }
    const own = this.accounts.get(entry.account);
    if (own !== undefined) {
      const floor = floorAfter(entry, own.floor);
      if (floor !== own.floor) this.accounts.set(entry.account, { ...own, floor });
    }
    for (const { account, amount } of entry.postings) this.balances.set(account, this.balance(account) + amount);
    const change = remainingChange(entry);
    if (change?.kind !== 'lowers') return;
    const before = this.remaining(change.payment);
    if (before !== undefined) this.lowered.set(change.payment, before.remaining - change.by);
  }
}

/** Each entry has the answer that was given for it, and each approval its entry (K2). */
function comparePayments(connection: Connection, head: Head): void {
  const orphan = connection
    .prepare('SELECT number FROM entry LEFT JOIN payment ON payment.id = entry.payment_id WHERE payment.entry IS NOT entry.number LIMIT 1')
    .pluck()
    .get() as number | undefined;
  if (orphan !== undefined) throw new Found('payment', `entry ${orphan} has no recorded answer`, orphan);
  const approved = connection.prepare("SELECT count(*) FROM payment WHERE outcome = 'approved'").pluck().get() as number;
  if (approved !== head.number) throw new Found('payment', `${approved} approvals are recorded for ${head.number} entries`);
}

type AccountColumns = { id: string; currency: string; floor: bigint; amount: bigint | null; ceiling: bigint | null };

function compareTables(connection: Connection, fold: StreamedFold): void {
  const rows = connection
    .prepare('SELECT id, currency, floor, amount, ceiling FROM account LEFT JOIN balance ON account.id = balance.account ORDER BY id')
    .safeIntegers()
    .iterate() as Iterable<AccountColumns>;
  let count = 0;
  for (const row of rows) {
    count++;
    const id = row.id as AccountId;
    const known = fold.accounts.get(id);
    if (known === undefined || known.currency !== row.currency)
      throw new Found('accounts', `${id} is in its table, but no entry opened it`);
    const expected = fold.balance(id);
    if (row.amount !== expected) throw new Found('balance', `${id} says ${row.amount}, its entries sum to ${expected}`);
    if (row.floor !== known.floor) throw new Found('floor', `${id} has the limit ${-row.floor}, by its entries ${-known.floor}`);
    if (row.ceiling !== (isBounded(id) ? -row.floor : null)) throw new Found('floor', `${id} has the wrong bound`);
    if (isBounded(id) && available(id, expected, row.floor) < 0n) throw new Found('floor', `${id} is below its floor`);
  }
  if (count !== fold.accounts.size)
    throw new Found('accounts', `${fold.accounts.size - count} accounts of the journal are not in their table`);
  const remains = connection.prepare('SELECT payment, remaining FROM remaining').safeIntegers().all() as {
    payment: string;
    remaining: bigint;
  }[];
  for (const { payment, remaining } of remains) {
    const expected = fold.lowered.get(payment as PaymentId);
    if (expected !== remaining) throw new Found('remaining', `of ${payment} ${remaining} remains, by its entries ${expected ?? 'all'}`);
  }
  if (remains.length !== fold.lowered.size) throw new Found('remaining', 'a payment that was given back is recorded as whole');
}

function compareWatermark(connection: Connection, head: Head): number {
  const row = connection.prepare('SELECT received, received_hash FROM watermark').get() as
    | { received: number; received_hash: Buffer }
    | undefined;
  if (row === undefined) throw new Found('watermark', 'the watermark is missing');
  if (row.received > head.number) throw new Found('watermark', `head office holds ${row.received} entries, this journal ${head.number}`);
  const hash = row.received === 0 ? GENESIS : connection.prepare('SELECT hash FROM entry WHERE number = ?').pluck().get(row.received);
  const here = typeof hash === 'string' ? hash : hexOf(hash as Buffer);
  if (here !== hexOf(row.received_hash)) throw new Found('watermark', `head office holds another entry ${row.received}`, row.received);
  return row.received;
}
