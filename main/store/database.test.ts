import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NEW_JOURNAL, payment, TestStore } from '../../test/support/store/test-store.ts';
import { createDatabase, openDatabase, openForReading } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { SCHEMA_VERSION } from './migrations/all.ts';
import { exitFaultOf, StorageFault } from './storage-fault.ts';
import { fillNewJournal } from './store.ts';
import { verifyDatabase } from './verify.ts';

let folder: string;
let path: string;
const make = (): void => createDatabase(path, (connection) => fillNewJournal(connection, NEW_JOURNAL));

/** The typed fault of opening, by every door. */
function faultOf(open: () => unknown): { code: string; exit: number } {
  try {
    open();
  } catch (error) {
    if (!(error instanceof StorageFault)) throw error;
    return { code: error.code, exit: exitFaultOf(error).code };
  }
  throw new Error('it opened');
}
function everyDoor(): { code: string; exit: number } {
  const fault = faultOf(() => openDatabase(path));
  expect(faultOf(() => openForReading(path))).toEqual(fault);
  expect(verifyDatabase(path)).toMatchObject({ ok: false, error: { code: fault.code } });
  return fault;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-database-'));
  path = join(folder, 'gateway.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is durable before it is told: WAL, FULL, foreign keys, and nobody else’s to read', () => {
  make();
  const connection = openDatabase(path);
  const pragma = (name: string) => connection.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('user_version')]).toEqual([
    'wal',
    2,
    1,
    SCHEMA_VERSION,
  ]);
  connection.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
});

it('opens again after a half-made one was left behind', () => {
  writeFileSync(`${path}.new`, 'half a database');
  make();
  expect(verifyDatabase(path)).toMatchObject({ ok: true });
});

it('missing, empty, torn, foreign, not a database, newer: each a typed fault, and the file is not touched', () => {
  expect(everyDoor()).toEqual({ code: 'missing', exit: 1 });
  writeFileSync(path, '');
  expect(everyDoor()).toEqual({ code: 'corrupt', exit: 3 });
  writeFileSync(path, 'a shopping list, and not a short one: '.repeat(40));
  expect(everyDoor()).toEqual({ code: 'not-ours', exit: 3 });
  expect(readFileSync(path, 'utf8')).toContain('shopping list');

  rmSync(path);
  make();
  truncateSync(path, statSync(path).size - 4_096);
  expect(everyDoor()).toEqual({ code: 'corrupt', exit: 3 });
  truncateSync(path, 60);
  expect(everyDoor()).toEqual({ code: 'corrupt', exit: 3 });

  rmSync(path);
  const other = new Database(path);
  other.exec('CREATE TABLE shopping (item TEXT)');
  other.close();
  expect(everyDoor()).toEqual({ code: 'not-ours', exit: 3 });

  rmSync(path);
  make();
  const newer = new Database(path);
  newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  newer.close();
  expect(everyDoor()).toEqual({ code: 'newer', exit: 3 });
});

it('a page that was overwritten is found by verify, and does not become an answer', () => {
  const store = new TestStore();
  for (let counter = 1; counter <= 500; counter++) store.execute('take-payment', payment(counter));
  store.group.close();
  const bytes = readFileSync(store.path);
  for (let page = 20; page < 60 && (page + 1) * 4_096 <= bytes.length; page++) bytes.fill(0xa5, page * 4_096, page * 4_096 + 4_096);
  writeFileSync(store.path, bytes);
  expect(verifyDatabase(store.path)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  store.remove();
});

it('one gateway a data folder, and no stale lock', () => {
  const lock = lockFolder(join(folder, 'lock'));
  expect(faultOf(() => lockFolder(join(folder, 'lock')))).toEqual({ code: 'locked', exit: 1 });
  lock.release();
  lockFolder(join(folder, 'lock')).release();
});

it('reading never writes', () => {
  make();
  const connection = openForReading(path);
  expect(() => connection.prepare("INSERT INTO setting VALUES ('a', 'b')").run()).toThrow(/readonly/);
  connection.close();
});
