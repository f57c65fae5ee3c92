/**
 * Opens the centre's database file, brings it to this release's version, and refuses what is not ours or is newer.
 * Invariant: WAL with synchronous=FULL, so that an acknowledgement is never ahead of the disk (J6).
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { migrations } from './migrations/index.ts';

/** "CHCE": marks the file as a centre's. */
const APPLICATION_ID = 0x43484345;

/** In the centre's data folder. */
export const DATABASE_FILE = 'central.sqlite';

export type OpenFaultCode = 'newer-version' | 'foreign-file' | 'damaged' | 'locked' | 'cannot-open';
/** A file that this release must not touch; the message says what to do. */
export class OpenFault extends Error {
  readonly code: OpenFaultCode;
  constructor(code: OpenFaultCode, message: string) {
    super(message);
    this.name = 'OpenFault';
    this.code = code;
  }
}

export type OpenOptions = {
  /** A ledger was here before: an empty or absent file is not the place for a new one. */
  readonly wasMade?: boolean;
  readonly readonly?: boolean;
  readonly cacheKiB?: number;
  readonly steps?: readonly string[];
};

const number = (database: Database.Database, pragma: string): number => Number(database.pragma(pragma, { simple: true }));

function faultOf(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_NOTADB') return new OpenFault('foreign-file', `${path} is not a database. Name the right folder with --data.`);
  if (error.code.startsWith('SQLITE_CORRUPT')) {
    return new OpenFault('damaged', `${path} is damaged. Keep the file, and restore the last backup in its place.`);
  }
  if (error.code.startsWith('SQLITE_BUSY')) {
    return new OpenFault('locked', `${path} is in use by another program. Stop the other centre first.`);
  }
  return new OpenFault('cannot-open', `${path} cannot be opened (${error.code}). Check the folder, its rights and the space on its disk.`);
}

const lost = (path: string): OpenFault =>
  new OpenFault('damaged', `${path} is gone or empty, and a ledger was in it. Keep the whole folder, and restore the last backup.`);

function check(database: Database.Database, path: string, known: number): void {
  const application = number(database, 'application_id');
  const version = number(database, 'user_version');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables.n !== 0)) {
    throw new OpenFault('foreign-file', `${path} belongs to another program. Name the right folder with --data.`);
  }
  if (version > known) {
    throw new OpenFault(
      'newer-version',
      `${path} was written by a newer release (version ${version}, known here: ${known}). Start that release.`,
    );
  }
}

function migrate(database: Database.Database, steps: readonly string[]): void {
  for (let version = number(database, 'user_version'); version < steps.length; version++) {
    database.transaction(() => {
      database.exec(steps[version] as string);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${version + 1}`);
    })();
  }
}

export function openDatabase(path: string, options: OpenOptions = {}): Database.Database {
  const steps = options.steps ?? migrations;
  if (!existsSync(options.readonly === true ? path : dirname(path))) {
    throw new OpenFault('cannot-open', `${path} does not exist. Name the right folder with --data.`);
  }
  if (options.wasMade === true && !existsSync(path)) throw lost(path);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: options.readonly ?? false, fileMustExist: options.readonly ?? false, timeout: 5_000 });
    check(database, path, steps.length);
    if (options.wasMade === true && number(database, 'user_version') === 0) throw lost(path);
    if (options.readonly !== true) {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('wal_autocheckpoint = 4000');
      database.pragma('journal_size_limit = 67108864');
      const isNew = number(database, 'user_version') === 0;
      migrate(database, steps);
      // What the folder's mark says is true only when it stands in the file itself, not in a log that can be lost.
      if (isNew) database.pragma('wal_checkpoint(TRUNCATE)');
    } else if (number(database, 'user_version') !== steps.length) {
      throw new OpenFault('cannot-open', `${path} is of an older release. Start the centre once, which brings it up to date.`);
    }
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma(`cache_size = -${options.cacheKiB ?? 32_768}`);
    return database;
  } catch (error) {
    database?.close();
    throw faultOf(error, path);
  }
}
