import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from './migrations/index.ts';
import { OpenFault, type OpenFaultCode, openDatabase } from './open.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'central-'));
  path = join(directory, 'central.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true }));

const faultOf = (work: () => unknown): OpenFaultCode | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof OpenFault) return error.code;
    throw error;
  }
};

test('WAL, synchronous FULL, foreign keys, every table STRICT', () => {
  const database = openDatabase(path);
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.pragma('synchronous', { simple: true })).toBe(2);
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  const loose = database
    .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0")
    .all();
  expect(loose).toEqual([]);
  database.close();
});

describe('migrations', () => {
  test('0001-ledger makes the ledger', () => {
    const database = openDatabase(path, { steps: migrations.slice(0, 1) });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
    expect(tables).toEqual([
      'account',
      'break',
      'day',
      'entry',
      'gateway',
      'journal',
      'payment',
      'payment_again',
      'position',
      'posting',
      'raw',
      'staged',
      'word',
    ]);
    database.close();
  });
  test('0002-office is added to a ledger that has rows, which stay', () => {
    const first = openDatabase(path, { steps: migrations.slice(0, 1) });
    first.exec("INSERT INTO gateway (name, site) VALUES ('syabru', 'Syabru')");
    first.close();
    const database = openDatabase(path, { steps: migrations.slice(0, 2) });
    expect(database.pragma('user_version', { simple: true })).toBe(2);
    expect(database.prepare('SELECT name FROM gateway').pluck().all()).toEqual(['syabru']);
    expect(database.prepare('SELECT count(*) FROM voucher').pluck().get()).toBe(0);
    database.close();
    expect(openDatabase(path).close()).toBeDefined();
  });
  test('0003-leases: ranges of a meter rise, and nothing of it is changed', () => {
    openDatabase(path, { steps: migrations.slice(0, 2) }).close();
    const database = openDatabase(path, { steps: migrations.slice(0, 3) });
    database.exec("INSERT INTO gateway VALUES (1, 'syabru', 'Syabru')");
    database.exec(
      "INSERT INTO journal (id, gateway, epoch, public_key, enrolled_at, hash) VALUES (1, 1, 'e', zeroblob(32), 0, zeroblob(32))",
    );
    database.exec("INSERT INTO meter VALUES ('M', zeroblob(16), 5, 0, 0, 'add-time', 'day', 1, 'NPR', 9, 0)");
    const add = database.prepare("INSERT INTO lease VALUES (NULL, 'M', 1, ?, ?, 1, 0, NULL, NULL)");
    expect(() => add.run(9, 12)).toThrow(/given once/);
    add.run(10, 20);
    expect(() => add.run(19, 30)).toThrow(/given once/);
    expect(() => add.run(20, 20)).toThrow(/CHECK/);
    expect(() => add.run(20, 65_536)).toThrow(/CHECK/);
    add.run(24, 30);
    for (const sql of ['UPDATE lease SET past = 21', 'DELETE FROM lease']) expect(() => database.exec(sql)).toThrow(/stays leased/);
    for (const sql of ['UPDATE meter SET price = 2', 'DELETE FROM meter']) expect(() => database.exec(sql)).toThrow(/keeps its key/);
    database.close();
  });
  test('a migration that fails leaves the version before it', () => {
    openDatabase(path, { steps: migrations.slice(0, 1) }).close();
    const broken = [migrations[0] as string, 'CREATE TABLE a (x INTEGER) STRICT; CREATE TABLE nonsense (;'];
    expect(faultOf(() => openDatabase(path, { steps: broken }))).toBe('cannot-open');
    const database = openDatabase(path, { steps: migrations.slice(0, 1) });
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'a'").pluck().get()).toBe(0);
    database.close();
  });
});

test('what is not ours, newer or damaged is refused and not touched', () => {
  writeFileSync(path, 'this is a text file, and long enough to be looked at by a database');
  expect(faultOf(() => openDatabase(path))).toBe('foreign-file');
  rmSync(path);
  const foreign = new Database(path);
  foreign.exec('CREATE TABLE theirs (x)');
  foreign.close();
  expect(faultOf(() => openDatabase(path))).toBe('foreign-file');
  rmSync(path);
  openDatabase(path, { steps: [...migrations, 'CREATE TABLE later (x INTEGER) STRICT'] }).close();
  expect(faultOf(() => openDatabase(path))).toBe('newer-version');
  expect(faultOf(() => openDatabase(join(directory, 'none.sqlite'), { readonly: true }))).toBe('cannot-open');
});

test('a truncated file is damaged', () => {
  const database = openDatabase(path);
  database.close();
  truncateSync(path, 5_000);
  expect(faultOf(() => openDatabase(path).prepare('SELECT * FROM entry').all())).toMatch(/damaged|cannot-open/);
});

describe('a folder that had a ledger', () => {
  test('is not given a new one, whether the file is gone, empty or has lost its log', () => {
    expect(faultOf(() => openDatabase(path, { wasMade: true }))).toBe('damaged');
    writeFileSync(path, '');
    expect(faultOf(() => openDatabase(path, { wasMade: true }))).toBe('damaged');
  });
  test('opens as always, and a new ledger does not stand in its log alone', () => {
    const first = openDatabase(path);
    const copy = join(directory, 'copy.sqlite');
    copyFileSync(path, copy);
    first.close();
    expect(faultOf(() => openDatabase(path, { wasMade: true }).close())).toBeUndefined();
    expect(faultOf(() => openDatabase(copy, { wasMade: true }).close())).toBeUndefined();
  });
});
