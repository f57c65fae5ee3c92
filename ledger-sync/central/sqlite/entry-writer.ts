/**
 * Writes entries, postings, payments, positions and totals inside a transaction that is already open. Prepared once; the hot path of ingest.
 */
import type Database from 'better-sqlite3';
import type { AccountId } from '../../ledger/account.ts';
import type { Entry } from '../../ledger/entry.ts';
import { remainingChange } from '../../ledger/rules.ts';
import { dayOf, type PositionChange, type RemainingAfter } from '../tables.ts';
import { bytesOf } from './rows.ts';
import { fromWide, toWide } from './wide.ts';
import type { Words } from './words.ts';

/** Within this, a sum of two stays inside 64 bits. */
const EASY = 2n ** 62n - 1n;

export type EntryWriter = {
  nextSequence(): number;
  /** Canonical; returns false where the payment's id is in another entry already (K5). */
  addEntry(sequence: number, journal: number, entry: Entry, receivedAt: number): boolean;
  /** On a branch; returns false where the entry is held already. */
  addForked(sequence: number, journal: number, entry: Entry, receivedAt: number): boolean;
  savePosition(journal: number, change: PositionChange): void;
  saveRemaining(journal: number, after: RemainingAfter): void;
  addToDay(receivedAt: number, entries: readonly Entry[]): void;
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

  // One batch's entries follow each other: the hash of one is the previous of the next.
  let lastHash = '';
  let lastHashBytes: Buffer = Buffer.alloc(0);
  const run = (statement: Database.Statement, sequence: number, journal: number, entry: Entry, receivedAt: number): number => {
    const previous = entry.previous === lastHash ? lastHashBytes : bytesOf(entry.previous);
    lastHash = entry.hash;
    lastHashBytes = bytesOf(entry.hash);
    return statement.run(
      sequence,
      journal,
      entry.number,
      lastHashBytes,
      previous,
      words.wordId(entry.method),
      words.wordId(entry.action),
      entry.paymentId,
      entry.refersTo ?? null,
      words.accountRow(entry.account, entry.currency, journal),
      entry.amount,
      words.wordId(entry.currency),
      words.wordId(entry.operator),
      entry.memo ?? null,
      entry.at,
      receivedAt,
    ).changes;
  };
  const addPostings = (sequence: number, journal: number, entry: Entry): void => {
    for (let line = 0; line < entry.postings.length; line++) {
      const { account, amount } = entry.postings[line] as { account: AccountId; amount: bigint };
      addPosting.run(sequence, line, words.accountRow(account, entry.currency, journal), amount);
    }
  };

  return {
    nextSequence: () => (lastSequence.get()?.last ?? 0) + 1,
    addEntry(sequence, journal, entry, receivedAt) {
      run(addCanonical, sequence, journal, entry, receivedAt);
      addPostings(sequence, journal, entry);
      // Opening an account is no payment: its id is the gateway's own affair.
      if (entry.action === 'open') return true;
      const amount = remainingChange(entry)?.kind === 'opens' ? entry.amount : null;
      const action = words.wordId(entry.action);
      if (addPayment.run(entry.paymentId, journal, action, amount, amount).changes === 1) return true;
      addPaymentAgain.run(entry.paymentId, journal, action, amount, amount);
      return false;
    },
    addForked(sequence, journal, entry, receivedAt) {
      if (run(addBranch, sequence, journal, entry, receivedAt) === 0) return false;
      addPostings(sequence, journal, entry);
      return true;
    },
    savePosition(journal, change) {
      const id = words.accountRow(change.account, change.currency, journal);
      const { low, high } = toWide(change.balance);
      setPosition.run(journal, id, low, high, change.floor, change.known ? 1 : 0, change.entries);
      const easy = change.delta <= EASY && change.delta >= -EASY;
      if (easy && addToTotal.run(change.delta, change.entries, id).changes === 1) return;
      const total = readTotal.get(id) as { balance: bigint; high: bigint };
      const after = toWide(fromWide(total.balance, total.high) + change.delta);
      setTotal.run(after.low, after.high, change.entries, id);
    },
    saveRemaining(journal, { payment, remaining }) {
      if (lowerAgain.run(remaining, payment, journal).changes === 0) lower.run(remaining, payment, journal);
    },
    addToDay(receivedAt, entries) {
      const sums = new Map<string, { entries: number; amount: bigint }>();
      for (const { currency, amount } of entries) {
        const sum = sums.get(currency);
        if (sum === undefined) sums.set(currency, { entries: 1, amount });
        else {
          sum.entries += 1;
          sum.amount += amount;
        }
      }
      for (const [currency, sum] of sums) addDay.run(dayOf(receivedAt), currency, sum.entries, sum.amount < EASY ? sum.amount : EASY);
    },
  };
}
