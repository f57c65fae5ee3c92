/**
 * The tables over SQLite (better-sqlite3). Its calls are synchronous inside, so a promise of the port is settled at once and a
 * transaction can never be left open across an await.
 */
import Database from 'better-sqlite3';
import { StorageFault, type Tables } from '../tables.ts';
import { packBatch, packForked } from './pack.ts';
import { createIngestTables } from './sqlite-ingest.ts';
import { createLeaseTables } from './sqlite-leases.ts';
import { createOfficeTables } from './sqlite-office.ts';
import { createReadTables } from './sqlite-reads.ts';
import { createWords } from './words.ts';

const storageFault = (error: unknown): unknown => {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') return new StorageFault('storage-full', 'the disk of the database is full');
  if (/^SQLITE_(IOERR|BUSY|READONLY|CORRUPT|CANTOPEN)/.test(error.code)) {
    return new StorageFault('storage', `the database cannot be written (${error.code})`);
  }
  return error;
};

/** Beside the port: what the writer thread is called with. */
export type SqliteTables = Tables & Pick<ReturnType<typeof createIngestTables>, 'storePacked' | 'storeForkedPacked'>;

/** Takes over an open database; `close` closes it. */
export function createSqliteTables(database: Database.Database): SqliteTables {
  const words = createWords(database);
  const run = database.transaction((work: () => unknown) => work()).immediate;
  const inTransaction = <T>(work: () => T): T => {
    try {
      return run(work) as T;
    } catch (error) {
      words.forget();
      throw storageFault(error);
    }
  };
  const ingest = createIngestTables(database, words, inTransaction);
  return {
    ...ingest,
    store: (batch) => ingest.storePacked(packBatch(batch)),
    storeForked: (batch) => ingest.storeForkedPacked(packForked(batch)),
    ...createReadTables(database),
    ...createOfficeTables(database, inTransaction),
    ...createLeaseTables(database, inTransaction),
    async close() {
      if (database.open) database.close();
    },
  };
}
