/** J5: what a database lost since it was last seen shows at the next start; a mark that says nothing stops nothing. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryHash } from '../../ledger-sync/ledger/ids.ts';
import { NEW_JOURNAL, payment, TestStore } from '../../test/support/store/test-store.ts';
import type { Timers } from '../platform/timers.ts';
import { createDatabase } from './database.ts';
import { checkMark, JournalMark, lackOf, markPathOf, readMark } from './journal-mark.ts';
import { fillNewJournal } from './store.ts';
import { verifyDatabase } from './verify.ts';
import { startWriter } from './writer-thread.ts';

const workerUrl = new URL('../../test/support/store/simple-writer.ts', import.meta.url);
let store: TestStore;
let pauses: (() => void)[];
const timers: Timers = {
  setTimer: (_delayMs, run) => {
    pauses.push(run);
    return () => undefined;
  },
};

beforeEach(() => {
  pauses = [];
  store = new TestStore();
  for (let counter = 1; counter <= 5; counter++) store.execute('take-payment', payment(counter));
});
afterEach(() => store.remove());

const head = (number: number) => ({ number, hash: store.opened.store.hashAt(number) as EntryHash });
const mark = () =>
  new JournalMark({
    databasePath: store.path,
    epoch: NEW_JOURNAL.epoch,
    timers,
    warn: (line) => {
      throw new Error(line);
    },
  });

describe('keeping the mark', () => {
  it('writes at once, then rests, then writes the newest', async () => {
    const kept = mark();
    kept.raise(head(1));
    kept.raise(head(2));
    await kept.flush();
    expect(readMark(store.path)?.head).toEqual(head(2));
    kept.raise(head(3));
    kept.raise(head(4));
    expect(readMark(store.path)?.head).toEqual(head(2));
    for (const run of pauses.splice(0)) run();
    await kept.flush();
    expect(readMark(store.path)).toEqual({ epoch: NEW_JOURNAL.epoch, head: head(4) });
  });

  it('costs no payment where it cannot be written, and says so once', async () => {
    const lines: string[] = [];
    const nowhere = { databasePath: '/nowhere/at/all', epoch: NEW_JOURNAL.epoch, timers, warn: (line: string) => lines.push(line) };
    const kept = new JournalMark(nowhere);
    for (let times = 0; times < 3; times++) {
      kept.raise(head(1));
      await kept.flush();
    }
    expect(lines).toHaveLength(1);
  });
});

describe('looking at the mark', () => {
  const seen = (number: number) => ({ epoch: NEW_JOURNAL.epoch, head: head(number) });

  it('finds nothing wrong with a journal that has it', () => {
    expect(lackOf(store.opened.connection, NEW_JOURNAL.epoch, seen(5))).toBeUndefined();
    expect(lackOf(store.opened.connection, NEW_JOURNAL.epoch, seen(2))).toBeUndefined();
  });

  it('names what is lost', () => {
    const beyond = { epoch: NEW_JOURNAL.epoch, head: { number: 9, hash: 'a'.repeat(64) as EntryHash } };
    const other = { epoch: NEW_JOURNAL.epoch, head: { number: 3, hash: 'a'.repeat(64) as EntryHash } };
    expect(() => checkMark(store.opened.connection, NEW_JOURNAL.epoch, beyond, store.path)).toThrow(/ends at entry 5, and entry 9/);
    expect(() => checkMark(store.opened.connection, NEW_JOURNAL.epoch, other, store.path)).toThrow(/entry 3 is not the one/);
    expect(() => checkMark(store.opened.connection, 'f'.repeat(16), seen(5), store.path)).toThrow(/it is the journal ffff/);
  });

  it('verify names it too', () => {
    expect(verifyDatabase(store.path).ok).toBe(true);
    writeFileSync(markPathOf(store.path), `${NEW_JOURNAL.epoch} 6 ${'b'.repeat(64)}\n`);
    expect(verifyDatabase(store.path)).toMatchObject({ ok: false, error: { code: 'mark' } });
  });

  it.each(['', 'rubbish', `${NEW_JOURNAL.epoch} 0 ${'b'.repeat(64)}`, `${NEW_JOURNAL.epoch} 6`])('takes %j for no mark', (text) => {
    writeFileSync(markPathOf(store.path), text);
    expect(readMark(store.path)).toBeUndefined();
  });
});

describe('a start', () => {
  const start = () => startWriter({ ...NEW_JOURNAL, databasePath: store.path, cellsDirectory: '', printReceipts: false, workerUrl });

  it('makes no new journal in the place of one that had entries', async () => {
    const kept = mark();
    kept.raise(head(5));
    await kept.flush();
    store.group.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(store.path + suffix, { force: true });
    await expect(start()).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/is gone, and its journal had 5 entries/) });
    expect(existsSync(store.path)).toBe(false);
  });

  it('refuses a journal that is shorter than it was', async () => {
    store.group.close();
    writeFileSync(markPathOf(store.path), `${NEW_JOURNAL.epoch} 6 ${'b'.repeat(64)}\n`);
    await expect(start()).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/lost what it held/) });
  });
});

it('no new database is made under an old log', () => {
  const path = `${store.path}.other`;
  writeFileSync(`${path}-wal`, 'an old log');
  expect(() => createDatabase(path, (connection) => fillNewJournal(connection, NEW_JOURNAL))).toThrow(/its log .* is there/);
});
