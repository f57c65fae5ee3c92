/**
 * Writes entries, postings, payments, positions and totals inside a transaction that is already open. Prepared once; the hot path of ingest.
 */
import type Database from 'better-sqlite3';
import type { AccountId } from '../../ledger/account.ts';
import { dayOf, type RemainingAfter } from '../tables.ts';
import { CELL, type Cell, type PackedBatch, type PackedEntries, POSITION_CELLS } from './pack.ts';
import { fromWide, toWide } from './wide.ts';
import type { Words } from './words.ts';

/** Within this, a sum of two stays inside 64 bits. */
const EASY = 2n ** 62n - 1n;

/** A packed batch's names as rows of this database. */
type Rows = { readonly words: readonly number[]; readonly accounts: readonly number[] };

export type EntryWriter = {
  nextSequence(): number;
  rowsOf(packed: PackedEntries, journal: number): Rows;
  /** All canonical; calls `onTwice` with the index of an entry whose payment's id is in another entry already (K5). */
  addEntries(
    first: number,
    journal: number,
    packed: PackedEntries,
    rows: Rows,
    receivedAt: number,
    onTwice: (twice: TwicePaid) => void,
  ): void;
  /** On a branch; returns how many were not held already. */
  addForked(first: number, journal: number, packed: PackedEntries, rows: Rows, receivedAt: number, room: number): number;
  savePositions(journal: number, cells: readonly Cell[], rows: Rows): void;
  saveRemaining(journal: number, after: RemainingAfter): void;
  addToDay(receivedAt: number, sums: PackedBatch['sums']): void;
};
export type TwicePaid = {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly payment: string;
  readonly account: string;
  readonly amount: bigint;
};

export function createEntryWriter(database: Database.Database, words: Words): EntryWriter {
  const lastSequence = database.prepare<[], { last: number }>('SELECT coalesce(max(sequence), 0) AS last FROM entry');
  const entryColumns =
    '(sequence, journal, number, hash, previous, method, action, payment, refers_to, account, amount, currency, operator, memo, at, received_at, standing)';
  const addCanonical = database.prepare(`INSERT INTO entry ${entryColumns} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`);
  const addBranch = database.prepare(
    `INSERT INTO entry ${entryColumns} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (hash) DO NOTHING`,
  );
  const addPosting = database.prepare('INSERT INTO posting (entry, line, account, amount) VALUES (?, ?, ?, ?)');
  const addPayment = database.prepare(
    'INSERT INTO payment (id, journal, action, amount, remaining) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const addPaymentAgain = database.prepare(
    `INSERT INTO payment_again (id, journal, action, amount, remaining) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id, journal) DO UPDATE SET action = excluded.action, amount = excluded.amount, remaining = excluded.remaining`,
  );
  const lowerAgain = database.prepare('UPDATE payment_again SET remaining = ? WHERE id = ? AND journal = ? AND amount IS NOT NULL');
  const lower = database.prepare('UPDATE payment SET remaining = ? WHERE id = ? AND journal = ? AND amount IS NOT NULL');
  const setPosition = database.prepare(
    `INSERT INTO position (journal, account, balance, high, floor, known, entries) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account, journal) DO UPDATE SET balance = excluded.balance, high = excluded.high, floor = excluded.floor,
       known = excluded.known, entries = entries + excluded.entries`,
  );
  const addToTotal = database.prepare(
    `UPDATE account SET balance = balance + ?, entries = entries + ? WHERE id = ? AND balance BETWEEN -${EASY} AND ${EASY}`,
  );
  const readTotal = database
    .prepare<[number], { balance: bigint; high: bigint }>('SELECT balance, high FROM account WHERE id = ?')
    .safeIntegers();
  const setTotal = database.prepare('UPDATE account SET balance = ?, high = ?, entries = entries + ? WHERE id = ?');
  const addDay = database.prepare(
    `INSERT INTO day (day, currency, entries, amount) VALUES (?, ?, ?, ?) ON CONFLICT (day, currency) DO UPDATE SET
       entries = entries + excluded.entries,
       amount = CASE WHEN amount > ${EASY} - excluded.amount THEN ${EASY} ELSE amount + excluded.amount END`,
  );

  const addOne = (
    statement: Database.Statement,
    sequence: number,
    journal: number,
    packed: PackedEntries,
    rows: Rows,
    receivedAt: number,
    index: number,
    at: number,
  ): number => {
    const { cells, hashes } = packed;
    return statement.run(
      sequence,
      journal,
      cells[at],
      hashes.subarray(32 * (index + 1), 32 * (index + 2)),
      hashes.subarray(32 * index, 32 * (index + 1)),
      rows.words[cells[at + CELL.method] as number],
      rows.words[cells[at + CELL.action] as number],
      cells[at + CELL.id],
      cells[at + CELL.refersTo],
      rows.accounts[cells[at + CELL.account] as number],
      cells[at + CELL.amount],
      rows.words[cells[at + CELL.currency] as number],
      rows.words[cells[at + CELL.operator] as number],
      cells[at + CELL.memo],
      cells[at + CELL.at],
      receivedAt,
    ).changes;
  };
  /** Returns where the next entry begins. */
  const addPostings = (sequence: number, { cells }: PackedEntries, rows: Rows, at: number): number => {
    const lines = cells[at + CELL.lines] as number;
    let cell = at + CELL.first;
    for (let line = 0; line < lines; line++, cell += 2) {
      addPosting.run(sequence, line, rows.accounts[cells[cell] as number], cells[cell + 1]);
    }
    return cell;
  };
  const addId = (journal: number, { cells }: PackedEntries, rows: Rows, at: number): boolean => {
    const kind = cells[at + CELL.payment];
    // Opening an account is no payment: its id is the gateway's own affair.
    if (kind === 0) return true;
    const id = cells[at + CELL.id];
    const action = rows.words[cells[at + CELL.action] as number];
    const amount = kind === 1 ? cells[at + CELL.amount] : null;
    if (addPayment.run(id, journal, action, amount, amount).changes === 1) return true;
    addPaymentAgain.run(id, journal, action, amount, amount);
    return false;
  };
  const savePosition = (
    journal: number,
    account: number,
    floor: Cell,
    known: boolean,
    balance: bigint,
    delta: bigint,
    entries: number,
  ): void => {
    const { low, high } = toWide(balance);
    setPosition.run(journal, account, low, high, floor, known ? 1 : 0, entries);
    if (delta <= EASY && delta >= -EASY && addToTotal.run(delta, entries, account).changes === 1) return;
    const total = readTotal.get(account) as { balance: bigint; high: bigint };
    const after = toWide(fromWide(total.balance, total.high) + delta);
    setTotal.run(after.low, after.high, entries, account);
  };

  return {
    nextSequence: () => (lastSequence.get()?.last ?? 0) + 1,
    rowsOf(packed, journal) {
      const accounts: number[] = [];
      for (let index = 0; index < packed.accounts.length; index += 2) {
        accounts.push(words.accountRow(packed.accounts[index] as AccountId, packed.accounts[index + 1] as string, journal));
      }
      return { words: packed.words.map((word) => words.wordId(word)), accounts };
    },
    addEntries(first, journal, packed, rows, receivedAt, onTwice) {
      let at = 0;
      for (let index = 0; index < packed.count; index++) {
        addOne(addCanonical, first + index, journal, packed, rows, receivedAt, index, at);
        const next = addPostings(first + index, packed, rows, at);
        if (!addId(journal, packed, rows, at)) {
          onTwice({
            number: packed.cells[at] as number,
            hash: packed.hashes.subarray(32 * (index + 1), 32 * (index + 2)),
            payment: packed.cells[at + CELL.id] as string,
            account: packed.accounts[2 * (packed.cells[at + CELL.account] as number)] as string,
            amount: BigInt(packed.cells[at + CELL.amount] as number | bigint),
          });
        }
        at = next;
      }
    },
    addForked(first, journal, packed, rows, receivedAt, room) {
      let added = 0;
      let at = 0;
      for (let index = 0; index < packed.count && added < room; index++) {
        if (addOne(addBranch, first + added, journal, packed, rows, receivedAt, index, at) === 1) {
          addPostings(first + added, packed, rows, at);
          added += 1;
        }
        at += CELL.first + 2 * (packed.cells[at + CELL.lines] as number);
      }
      return added;
    },
    savePositions(journal, cells, rows) {
      for (let at = 0; at < cells.length; at += POSITION_CELLS) {
        const big = (offset: number) => BigInt(cells[at + offset] as number | bigint);
        const account = rows.accounts[cells[at] as number] as number;
        savePosition(journal, account, cells[at + 1] as Cell, cells[at + 2] as boolean, big(3), big(4), cells[at + 5] as number);
      }
    },
    saveRemaining(journal, { payment, remaining }) {
      if (lowerAgain.run(remaining, payment, journal).changes === 0) lower.run(remaining, payment, journal);
    },
    addToDay(receivedAt, sums) {
      for (const sum of sums) addDay.run(dayOf(receivedAt), sum.currency, sum.entries, sum.amount < EASY ? sum.amount : EASY);
    },
  };
}
