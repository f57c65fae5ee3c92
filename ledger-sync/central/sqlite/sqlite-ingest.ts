/**
 * The writing half of the SQLite tables: what ingest needs. Each function is one immediate transaction; on any failure nothing of it
 * remains and the maps of words are forgotten.
 */
import type Database from 'better-sqlite3';
import type { AccountId } from '../../ledger/account.ts';
import { type EntryHash, GENESIS, type PaymentId } from '../../ledger/ids.ts';
import type { Head } from '../../ledger/journal.ts';
import {
  type Break,
  LIMITS,
  type NewBreak,
  type PartitionRows,
  type PaymentRow,
  type Position,
  type Staged,
  type StageResult,
  type Stored,
  type StoredForked,
} from '../tables.ts';
import { createEntryWriter, type TwicePaid } from './entry-writer.ts';
import type { PackedBatch, PackedForked } from './pack.ts';
import { BREAK_COLUMNS, type BreakRecord, breakOf, bytesOf, hexOf } from './rows.ts';
import { fromWide } from './wide.ts';
import type { Words } from './words.ts';

/** Thrown inside a transaction to roll it back. */
const HEAD_MOVED = new Error('head moved');

const paymentTwice = ({ number, hash, payment, account, amount }: TwicePaid): NewBreak => ({
  kind: 'payment-twice',
  number,
  hash: hexOf(hash),
  rule: 'K5',
  detail: `payment ${payment} is in another entry too`,
  account: account as AccountId,
  amount,
});

export function createIngestTables(database: Database.Database, words: Words, inTransaction: <T>(work: () => T) => T) {
  const writer = createEntryWriter(database, words);
  const moveHead = database.prepare(
    `UPDATE journal SET number = ?, hash = ?, announced = max(announced, ?), last_contact = ?, entries = entries + ?, batches = batches + 1,
       bytes = bytes + ?, currency = coalesce(currency, ?) WHERE id = ? AND number = ? AND hash = ? AND fenced_at IS NULL`,
  );
  const fence = database.prepare('UPDATE journal SET fenced_at = ?, fence_reason = ? WHERE id = ? AND fenced_at IS NULL');
  const countForked = database.prepare(
    'UPDATE journal SET forked = forked + ?, batches = batches + 1, bytes = bytes + ?, last_contact = ? WHERE id = ?',
  );
  const forkedOf = database.prepare<[number], { forked: number }>('SELECT forked FROM journal WHERE id = ?');
  const addBreak = database.prepare(
    'INSERT INTO break (kind, journal, number, hash, rule, detail, account, amount, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const readBreak = database.prepare<[number], BreakRecord>(`SELECT ${BREAK_COLUMNS} WHERE b.id = ?`).safeIntegers();
  const addRaw = database.prepare('INSERT INTO raw (journal, number, hash, bytes, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');

  const findPosition = database
    .prepare<[string, number], { currency: string; floor: bigint; known: bigint; balance: bigint; high: bigint }>(
      `SELECT a.currency, p.floor, p.known, p.balance, p.high FROM account a JOIN position p ON p.account = a.id
       WHERE a.name = ? AND p.journal = ? ORDER BY p.known DESC, a.id`,
    )
    .safeIntegers();
  const paymentSql = (table: string) =>
    `SELECT w.text AS action, p.amount, p.remaining FROM ${table} p JOIN word w ON w.id = p.action
     WHERE p.id = ? AND p.journal = ? AND p.amount IS NOT NULL`;
  type PaymentFacts = { action: string; amount: bigint; remaining: bigint };
  const findAgain = database.prepare<[string, number], PaymentFacts>(paymentSql('payment_again')).safeIntegers();
  const findPayment = database.prepare<[string, number], PaymentFacts>(paymentSql('payment')).safeIntegers();
  const findHashes = database.prepare<number[], { number: number; hash: Buffer }>(
    // What was passed unread counts by the hash that was signed for it (J7).
    `SELECT number, hash FROM entry WHERE journal = ? AND standing = 0 AND number BETWEEN ? AND ?
     UNION ALL SELECT number, hash FROM raw WHERE journal = ? AND number BETWEEN ? AND ? ORDER BY number`,
  );
  const findHeads = database.prepare<number[], { hash: Buffer }>(
    `SELECT hash FROM entry WHERE journal = ? AND number = ? AND standing = 0
     UNION ALL SELECT hash FROM raw WHERE journal = ? AND number = ?
     UNION ALL SELECT * FROM (SELECT hash FROM entry WHERE journal = ? AND number = ? AND standing = 1 LIMIT 64)`,
  );

  const stagedTotals = database.prepare<[number], { batches: number; bytes: number }>(
    'SELECT count(*) AS batches, coalesce(sum(length(bytes)), 0) AS bytes FROM staged WHERE journal = ?',
  );
  const findStaged = database.prepare<[number, number], { last: number }>('SELECT last FROM staged WHERE journal = ? AND first = ?');
  const putStaged = database.prepare(
    `INSERT INTO staged (journal, first, last, bytes, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (journal, first) DO UPDATE SET last = excluded.last, bytes = excluded.bytes, at = excluded.at`,
  );
  const dropPassed = database.prepare('DELETE FROM staged WHERE journal = ? AND last <= (SELECT number FROM journal WHERE id = ?)');
  const nextStaged = database.prepare<[number, number, number], { first: number; last: number; bytes: Buffer }>(
    'SELECT first, last, bytes FROM staged WHERE journal = ? AND first <= ? AND last >= ? ORDER BY first DESC LIMIT 1',
  );
  const dropStaged = database.prepare('DELETE FROM staged WHERE journal = ? AND (last < ? OR first = ?)');
  const contact = database.prepare(
    'UPDATE journal SET last_contact = max(coalesce(last_contact, 0), ?), announced = max(announced, ?) WHERE id = ?',
  );

  const insertBreak = (journal: number, found: NewBreak, at: number): Break => {
    const id = Number(
      addBreak.run(
        found.kind,
        journal,
        found.number,
        found.hash === undefined ? null : bytesOf(found.hash),
        found.rule,
        found.detail.slice(0, 500),
        found.account ?? null,
        found.amount ?? null,
        at,
      ).lastInsertRowid,
    );
    return breakOf(readBreak.get(id) as BreakRecord);
  };

  const storeInside = (batch: PackedBatch): Stored => {
    const { journal, expected, head, receivedAt, packed } = batch;
    const moved = moveHead.run(
      head.number,
      bytesOf(head.hash),
      batch.announced,
      receivedAt,
      packed.count,
      batch.bytes,
      batch.currency ?? null,
      journal,
      expected.number,
      bytesOf(expected.hash),
    );
    if (moved.changes !== 1) throw HEAD_MOVED;
    const firstSequence = writer.nextSequence();
    const breaks: Break[] = [];
    const rows = writer.rowsOf(packed, journal);
    writer.addEntries(firstSequence, journal, packed, rows, receivedAt, (twice) => {
      breaks.push(insertBreak(journal, paymentTwice(twice), receivedAt));
    });
    writer.savePositions(journal, batch.positions, rows);
    for (const after of batch.remaining) writer.saveRemaining(journal, after);
    for (const found of batch.breaks) breaks.push(insertBreak(journal, found, receivedAt));
    for (const one of batch.raw) addRaw.run(journal, one.number, bytesOf(one.hash), one.bytes, receivedAt);
    writer.addToDay(receivedAt, batch.sums);
    return { status: 'stored', firstSequence, lastSequence: firstSequence + packed.count - 1, breaks };
  };

  const storeForkedInside = (batch: PackedForked): StoredForked => {
    const { journal, receivedAt, packed } = batch;
    const breaks = fence.run(receivedAt, batch.reason, journal).changes === 1 ? [insertBreak(journal, batch.forkBreak, receivedAt)] : [];
    const room = Math.max(0, LIMITS.forkedEntries - (forkedOf.get(journal)?.forked ?? 0));
    const added = writer.addForked(writer.nextSequence(), journal, packed, writer.rowsOf(packed, journal), receivedAt, room);
    countForked.run(added, batch.bytes, receivedAt, journal);
    return { added, full: added >= room, breaks };
  };

  const positionOf = (journal: number, account: AccountId): Position[] =>
    findPosition.all(account, journal).map((row) => ({
      account,
      currency: row.currency,
      floor: row.floor,
      known: row.known === 1n,
      balance: fromWide(row.balance, row.high),
    }));
  const paymentOf = (journal: number, payment: PaymentId): PaymentRow[] => {
    const row = findAgain.get(payment, journal) ?? findPayment.get(payment, journal);
    return row === undefined ? [] : [{ payment, ...row }];
  };

  return {
    async partition(journal: number, accounts: readonly AccountId[], payments: readonly PaymentId[]): Promise<PartitionRows> {
      return {
        positions: accounts.flatMap((account) => positionOf(journal, account)),
        payments: payments.flatMap((payment) => paymentOf(journal, payment)),
      };
    },
    async hashes(journal: number, from: number, to: number): Promise<readonly Head[]> {
      return findHashes.all(journal, from, to, journal, from, to).map((row) => ({ number: row.number, hash: hexOf(row.hash) }));
    },
    async headsAt(journal: number, number: number): Promise<readonly Head[]> {
      if (number === 0) return [{ number, hash: GENESIS }];
      return findHeads
        .all(journal, number, journal, number, journal, number)
        .map((row) => ({ number, hash: hexOf(row.hash) as EntryHash }));
    },
    async storePacked(batch: PackedBatch): Promise<Stored> {
      try {
        return inTransaction(() => storeInside(batch));
      } catch (error) {
        if (error === HEAD_MOVED) return { status: 'head-moved' };
        throw error;
      }
    },
    async storeForkedPacked(batch: PackedForked): Promise<StoredForked> {
      return inTransaction(() => storeForkedInside(batch));
    },
    async stage(journal: number, batch: Staged, at: number): Promise<StageResult> {
      return inTransaction(() => {
        const last = batch.from + batch.count - 1;
        dropPassed.run(journal, journal);
        const held = findStaged.get(journal, batch.from);
        if (held !== undefined && held.last >= last) return 'known';
        const totals = stagedTotals.get(journal) ?? { batches: 0, bytes: 0 };
        if (totals.batches >= LIMITS.stagedBatches || totals.bytes + batch.bytes.length > LIMITS.stagedBytes) return 'full';
        putStaged.run(journal, batch.from, last, batch.bytes, at);
        return 'staged';
      });
    },
    async stagedAt(journal: number, number: number): Promise<Staged | undefined> {
      const row = nextStaged.get(journal, number, number);
      return row === undefined ? undefined : { from: row.first, count: row.last - row.first + 1, bytes: new Uint8Array(row.bytes) };
    },
    async unstage(journal: number, number: number): Promise<void> {
      inTransaction(() => dropStaged.run(journal, number, number));
    },
    async saveContacts(contacts: readonly { journal: number; at: number; announced: number }[]): Promise<void> {
      if (contacts.length === 0) return;
      inTransaction(() => {
        for (const { journal, at, announced } of contacts) contact.run(at, announced, journal);
      });
    },
  };
}
