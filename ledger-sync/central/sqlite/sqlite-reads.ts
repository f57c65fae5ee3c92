/** The reading half of the SQLite tables: what the office asks. Every answer has a limit. */
import type Database from 'better-sqlite3';
import type { AccountId } from '../../ledger/account.ts';
import type { Epoch, GatewayId } from '../../ledger/ids.ts';
import type { JournalName } from '../../ledger/journal.ts';
import type { Posting } from '../../ledger/posting.ts';
import type { AccountPosition, AccountQuery, AccountRow, Break, EntryQuery, Journal, KindTotal, StoredEntry, Totals } from '../tables.ts';
import {
  BREAK_COLUMNS,
  type BreakRecord,
  breakOf,
  bytesOf,
  ENTRY_COLUMNS,
  ENTRY_JOINS,
  type EntryRecord,
  entryOf,
  JOURNAL_COLUMNS,
  type JournalRecord,
  journalOf,
} from './rows.ts';
import { fromWide } from './wide.ts';

const MAX_PAGE = 5_000;
const pageOf = (limit: number): number => Math.max(1, Math.min(MAX_PAGE, Math.trunc(limit)));

/** A prefix as a LIKE pattern, its own wildcards taken literally. */
const like = (text: string): string => `%${text.replace(/[\\%_]/g, (found) => `\\${found}`)}%`;

type Condition = { readonly sql: string; readonly values: readonly (string | number | Buffer)[] };

export function createReadTables(database: Database.Database) {
  const allJournals = database.prepare<[], JournalRecord>(`SELECT ${JOURNAL_COLUMNS} ORDER BY j.id`);
  const oneJournal = database.prepare<[string, string], JournalRecord>(`SELECT ${JOURNAL_COLUMNS} WHERE g.name = ? AND j.epoch = ?`);
  const postingsOf = database
    .prepare<[bigint], { account: string; amount: bigint }>(
      'SELECT a.name AS account, p.amount FROM posting p JOIN account a ON a.id = p.account WHERE p.entry = ? ORDER BY p.line',
    )
    .safeIntegers();
  const breaksOf = database.prepare<[Buffer], { id: number }>('SELECT id FROM break WHERE hash = ? ORDER BY id');
  const accountIds = database.prepare<[string], { id: number }>('SELECT id FROM account WHERE name = ?');
  const oneEntry = database
    .prepare<[Buffer], EntryRecord>(`SELECT ${ENTRY_COLUMNS} FROM entry e ${ENTRY_JOINS} WHERE e.hash = ?`)
    .safeIntegers();
  const positions = database
    .prepare<[string, string], { gateway: string; epoch: string; balance: bigint; high: bigint; floor: bigint }>(
      `SELECT g.name AS gateway, j.epoch, p.balance, p.high, p.floor FROM account a JOIN position p ON p.account = a.id
       JOIN journal j ON j.id = p.journal JOIN gateway g ON g.id = j.gateway WHERE a.name = ? AND a.currency = ? ORDER BY g.name, j.id`,
    )
    .safeIntegers();
  const kinds = database
    .prepare<[], { kind: string; currency: string; accounts: bigint; positive: number; high: bigint; upper: bigint; lower: bigint }>(
      `SELECT kind, currency, (high > 0 OR (high = 0 AND balance > 0)) AS positive, count(*) AS accounts, sum(high) AS high,
         sum(balance >> 32) AS upper, sum(balance & 4294967295) AS lower
       FROM account WHERE entries > 0 GROUP BY kind, currency, positive ORDER BY currency, kind`,
    )
    .safeIntegers();
  const totalsSql = database.prepare<[], { entries: number; forked: number; gateways: number; openBreaks: number; lastSequence: number }>(
    `SELECT (SELECT coalesce(sum(entries), 0) FROM journal) AS entries, (SELECT coalesce(sum(forked), 0) FROM journal) AS forked,
       (SELECT count(*) FROM gateway) AS gateways, (SELECT count(*) FROM break WHERE stage = 'found') AS openBreaks,
       (SELECT coalesce(max(sequence), 0) FROM entry) AS lastSequence`,
  );
  const day = database
    .prepare<[number], { currency: string; entries: bigint; amount: bigint }>(
      'SELECT currency, entries, amount FROM day WHERE day = ? ORDER BY entries DESC',
    )
    .safeIntegers();
  const breakCountsSql = database.prepare<[], { gateway: string; n: number }>(
    `SELECT g.name AS gateway, count(*) AS n FROM break b JOIN journal j ON j.id = b.journal JOIN gateway g ON g.id = j.gateway
     WHERE b.stage = 'found' GROUP BY g.name`,
  );

  const stored = (row: EntryRecord): StoredEntry =>
    entryOf(
      row,
      postingsOf.all(row.sequence) as unknown as Posting[],
      breaksOf.all(row.hash).map(({ id }) => id),
    );

  const conditionsOf = (query: EntryQuery): Condition[] => {
    const conditions: Condition[] = [];
    const add = (sql: string, ...values: (string | number)[]) => conditions.push({ sql, values });
    if (query.gateway !== undefined) {
      add('e.journal IN (SELECT j.id FROM journal j JOIN gateway g ON g.id = j.gateway WHERE g.name = ?)', query.gateway);
    }
    if (query.fromAt !== undefined) add('e.at >= ?', query.fromAt);
    if (query.toAt !== undefined) add('e.at < ?', query.toAt);
    if (query.standing !== undefined) add('e.standing = ?', query.standing === 'canonical' ? 0 : 1);
    return conditions;
  };

  const entriesOf = (query: EntryQuery): readonly StoredEntry[] => {
    const conditions = conditionsOf(query);
    let from = 'entry e';
    let key = 'e.sequence';
    if (query.account !== undefined) {
      const ids = accountIds.all(query.account).map(({ id }) => id);
      if (ids.length === 0) return [];
      from = 'posting p JOIN entry e ON e.sequence = p.entry';
      key = 'p.entry';
      conditions.push({ sql: `p.account IN (${ids.map(() => '?').join(', ')})`, values: ids });
    }
    if (query.after !== undefined) conditions.push({ sql: `${key} ${query.newestFirst === true ? '<' : '>'} ?`, values: [query.after] });
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
    // The page is chosen first and joined after, so that the planner walks one index and stops at the limit.
    const sql = `SELECT ${ENTRY_COLUMNS} FROM (SELECT e.* FROM ${from} ${where} ORDER BY ${key} ${query.newestFirst === true ? 'DESC' : 'ASC'}
      LIMIT ${pageOf(query.limit)}) e ${ENTRY_JOINS} ORDER BY e.sequence ${query.newestFirst === true ? 'DESC' : 'ASC'}`;
    const rows = database
      .prepare<unknown[], EntryRecord>(sql)
      .safeIntegers()
      .all(...conditions.flatMap(({ values }) => values));
    return rows.map(stored);
  };

  type AccountRecord = { name: string; currency: string; balance: bigint; high: bigint; entries: bigint; first_gateway: string };
  const ACCOUNT = `SELECT a.name, a.currency, a.balance, a.high, a.entries, g.name AS first_gateway FROM account a
    JOIN journal j ON j.id = a.first_journal JOIN gateway g ON g.id = j.gateway`;
  const accountOf = (row: AccountRecord): AccountRow => ({
    id: row.name as AccountId,
    currency: row.currency,
    balance: fromWide(row.balance, row.high),
    entries: Number(row.entries),
    firstGateway: row.first_gateway as GatewayId,
  });
  const oneAccount = database.prepare<[string], AccountRecord>(`${ACCOUNT} WHERE a.name = ? ORDER BY a.id LIMIT 1`).safeIntegers();

  const accountsOf = (query: AccountQuery): readonly AccountRow[] => {
    const conditions: Condition[] = [{ sql: 'a.entries > 0', values: [] }];
    if (query.kind !== undefined) conditions.push({ sql: 'a.kind = ?', values: [query.kind] });
    if (query.query !== undefined && query.query !== '') conditions.push({ sql: "a.name LIKE ? ESCAPE '\\'", values: [like(query.query)] });
    if (query.after !== undefined) conditions.push({ sql: 'a.name > ?', values: [query.after] });
    return database
      .prepare<unknown[], AccountRecord>(
        `${ACCOUNT} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY a.name, a.currency LIMIT ${pageOf(query.limit)}`,
      )
      .safeIntegers()
      .all(...conditions.flatMap(({ values }) => values))
      .map(accountOf);
  };

  const kindTotalsOf = (): readonly KindTotal[] => {
    const totals = new Map<string, { kind: string; currency: string; accounts: number; debit: bigint; credit: bigint }>();
    for (const row of kinds.all()) {
      const key = `${row.currency} ${row.kind}`;
      const total = totals.get(key) ?? { kind: row.kind, currency: row.currency, accounts: 0, debit: 0n, credit: 0n };
      const sum = (row.high << 64n) + (row.upper << 32n) + row.lower;
      total.accounts += Number(row.accounts);
      if (sum > 0n) total.debit += sum;
      else total.credit -= sum;
      totals.set(key, total);
    }
    return [...totals.values()];
  };

  return {
    async journals(): Promise<readonly Journal[]> {
      return allJournals.all().map(journalOf);
    },
    async journal(name: JournalName): Promise<Journal | undefined> {
      const row = oneJournal.get(name.gateway, name.epoch);
      return row === undefined ? undefined : journalOf(row);
    },
    async entries(query: EntryQuery): Promise<readonly StoredEntry[]> {
      return entriesOf(query);
    },
    async entry(hash: string): Promise<StoredEntry | undefined> {
      const row = oneEntry.get(bytesOf(hash));
      return row === undefined ? undefined : stored(row);
    },
    async accounts(query: AccountQuery): Promise<readonly AccountRow[]> {
      return accountsOf(query);
    },
    async account(id: string): Promise<AccountRow | undefined> {
      const row = oneAccount.get(id);
      return row === undefined ? undefined : accountOf(row);
    },
    async positionsOf(id: string, currency: string): Promise<readonly AccountPosition[]> {
      return positions.all(id, currency).map((row) => ({
        name: { gateway: row.gateway as GatewayId, epoch: row.epoch as Epoch },
        balance: fromWide(row.balance, row.high),
        floor: row.floor,
      }));
    },
    async kindTotals(): Promise<readonly KindTotal[]> {
      return kindTotalsOf();
    },
    async totals(): Promise<Totals> {
      return totalsSql.get() as Totals;
    },
    async settledOn(dayNumber: number) {
      return day.all(dayNumber).map((row) => ({ currency: row.currency, entries: Number(row.entries), amount: row.amount }));
    },
    async breaks(query: { after?: number | undefined; stage?: Break['stage'] | undefined; limit: number }): Promise<readonly Break[]> {
      return database
        .prepare<unknown[], BreakRecord>(
          `SELECT ${BREAK_COLUMNS} WHERE b.id < ? AND (? IS NULL OR b.stage = ?) ORDER BY b.id DESC LIMIT ${pageOf(query.limit)}`,
        )
        .safeIntegers()
        .all(query.after ?? Number.MAX_SAFE_INTEGER, query.stage ?? null, query.stage ?? null)
        .map(breakOf);
    },
    async breakCounts(): Promise<ReadonlyMap<string, number>> {
      return new Map(breakCountsSql.all().map(({ gateway, n }) => [gateway, n]));
    },
  };
}
