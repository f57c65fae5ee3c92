/**
 * Opens the gateway's database: settings of the connection, the steps of its shape, and what must not be opened.
 * Invariants: durable before told (WAL, synchronous=FULL, I1); foreign keys on; a file that is not ours, newer than this release, or
 * shorter than it says is never written to; a new database appears under its name only when it is whole.
 */
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { migrations, SCHEMA_VERSION } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { StorageFault, storageFaultOf } from './storage-fault.ts';

/** In the box's data folder; made after the enrolment. */
export const JOURNAL_FILE = 'gateway.sqlite';

export type Connection = Database.Database;

/** "CHAU", in the file's header: what tells our database from any other. */
const APPLICATION_ID = 0x43_48_41_55;
const CACHE_KIB = 8 * 1024;
const CHECKPOINT_PAGES = 2_000;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

export type Synchronous = 'FULL' | 'NORMAL';

/** Opens for writing and brings the shape up to date. The caller holds the folder's lock. */
export function openDatabase(path: string, synchronous: Synchronous = 'FULL'): Connection {
  if (!existsSync(path)) throw new StorageFault('missing', `${path} does not exist`);
  refuseShortFile(path);
  return guarded(path, () => {
    const connection = new Database(path, { fileMustExist: true, timeout: 5_000 });
    try {
      refuseForeign(connection, path);
      configure(connection, synchronous);
      migrate(connection, migrations);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

/** Makes a new database. `fill` writes its first rows; the file gets its name when all of it is on the disk. */
export function createDatabase(path: string, fill: (connection: Connection) => void): void {
  if (existsSync(`${path}-wal`)) {
    // SQLite would lay the old log over the new file.
    throw new StorageFault(
      'corrupt',
      `${path} is gone, and its log ${path}-wal is there; keep the whole folder, and put the database back beside its log`,
    );
  }
  const draft = `${path}.new`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  guarded(path, () => {
    const connection = new Database(draft, { timeout: 5_000 });
    try {
      connection.pragma(`application_id = ${APPLICATION_ID}`);
      configure(connection, 'FULL');
      migrate(connection, migrations);
      connection.transaction(fill)(connection);
    } finally {
      // Closing the last connection folds the write-ahead log into the file.
      connection.close();
    }
    chmodSync(draft, 0o600);
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  });
}

/** A connection that cannot write, for screens, sync and verification. */
export function openForReading(path: string): Connection {
  if (!existsSync(path)) throw new StorageFault('missing', `${path} does not exist`);
  refuseShortFile(path);
  return guarded(path, () => {
    const connection = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    try {
      refuseForeign(connection, path);
      const version = connection.pragma('user_version', { simple: true });
      if (version !== SCHEMA_VERSION) {
        throw new StorageFault(
          'unreadable',
          `${path} has the shape of an older release (${version}); start the gateway once to bring it up to date`,
        );
      }
      connection.pragma(`cache_size = -${CACHE_KIB}`);
      connection.pragma('query_only = ON');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

function configure(connection: Connection, synchronous: Synchronous): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma(`synchronous = ${synchronous}`);
  connection.pragma('foreign_keys = ON');
  connection.pragma('temp_store = MEMORY');
  connection.pragma('trusted_schema = OFF');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
}

/** Steps the shape up from where it is, each step whole or not at all. */
export function migrate(connection: Connection, steps: readonly Migration[]): void {
  const at = Number(connection.pragma('user_version', { simple: true }));
  for (const step of steps) {
    if (step.number <= at) continue;
    connection.transaction(() => {
      connection.exec(step.sql);
      connection.pragma(`user_version = ${step.number}`);
    })();
  }
}

function refuseForeign(connection: Connection, path: string): void {
  const application = Number(connection.pragma('application_id', { simple: true }));
  if (application !== APPLICATION_ID) {
    throw new StorageFault('not-ours', `${path} is a database, but not a gateway's; keep the file, and name the right folder with --data`);
  }
  const version = Number(connection.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new StorageFault(
      'newer',
      `${path} was written by a newer release (shape ${version}, this one knows ${SCHEMA_VERSION}); install that release`,
    );
  }
}

/**
 * A file that is shorter than its own header says has lost its end. SQLite would notice only on reading there, and would take an empty
 * file for a new database. With a write-ahead log beside it the header may run ahead of the file, so then it says nothing.
 */
function refuseShortFile(path: string): void {
  const { size } = statSync(path);
  const torn = (detail: string): StorageFault =>
    new StorageFault('corrupt', `${path} is damaged (${detail}); keep the file, and restore this box from head office's copy`);
  if (size === 0) throw torn('it is empty');
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) return;
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 100, 0) < 100) throw torn('its header is cut short');
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3') {
    throw new StorageFault('not-ours', `${path} is not a database; keep the file, and name the right folder with --data`);
  }
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  if (pages * pageBytes > size) throw torn(`it should be ${pages * pageBytes} bytes long and is ${size}`);
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageFaultOf(error, path);
  }
}
