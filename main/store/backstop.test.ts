import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, NEW_JOURNAL, opening, payment, paymentId } from '../../test/support/store/test-store.ts';
import type { Commands } from '../gateway/commands.ts';
import { hangsStatus } from '../gateway/status.ts';
import { systemTimers, type Timers } from '../platform/timers.ts';
import { openReader } from './reader.ts';
import { verifyDatabase } from './verify.ts';
import type { CellHang, Writer, WriterOptions } from './writer.ts';
import { startWriter } from './writer-thread.ts';

let folder: string;
let path: string;
let writer: Writer;
let troubles: string[];
let hangs: CellHang[];
/** Timers of somebody with little patience about one limit. */
const hasty = (limitMs: number): Timers => ({
  setTimer: (delayMs, run) => systemTimers.setTimer(delayMs === limitMs ? 200 : delayMs, run),
});
const NEVER_ASIDE = { hangs: 1_000, windowMs: 1, asideMs: 1 };

const start = async (changes: Partial<WriterOptions> = {}): Promise<void> => {
  writer = await startWriter({
    ...NEW_JOURNAL,
    databasePath: path,
    cellsDirectory: '',
    printReceipts: false,
    workerUrl: new URL('../../test/support/store/hanging-writer.ts', import.meta.url),
    onTrouble: (line) => troubles.push(line),
    onHang: (hang) => hangs.push(hang),
    setAside: NEVER_ASIDE,
    ...changes,
  });
};
const take = (counter: number, changes = {}) => writer.execute('take-payment', payment(counter, changes));
const codeOf = (out: Commands['take-payment']['out']): string => {
  if (!out.ok) return out.error.code;
  return out.value.status === 'approved' ? 'approved' : out.value.reason.code;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-backstop-'));
  path = join(folder, 'gateway.sqlite');
  troubles = [];
  hangs = [];
});
afterEach(async () => {
  await writer.stop();
  expect(verifyDatabase(path)).toMatchObject({ ok: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('a cell that does not come back', () => {
  it.each(['hang', 'hang-js', 'hang-reading'])(
    '%s: is declined for good, the others of its group are done, in their order',
    async (operator) => {
      await start();
      const outs = await Promise.all([take(1), take(2), take(3, { operator }), take(4), take(2)]);
      expect(outs.map(codeOf)).toEqual(['approved', 'approved', 'budget', 'approved', 'approved']);
      expect(outs.map((out) => out.ok && out.value.repeated)).toEqual([false, false, false, false, true]);
      expect(outs.map((out) => (out.ok && out.value.status === 'approved' ? out.value.entry.number : 0))).toEqual([1, 2, 0, 3, 2]);
      expect(await take(3)).toMatchObject({ ok: true, value: { status: 'declined', repeated: true, reason: { code: 'budget' } } });
      expect(writer.state()).toMatchObject({ state: 'serving', restarts: 1, hangs: 1 });
      expect(hangs).toMatchObject([{ method: 'cash', payment: '0123456789.3' }]);
      expect(troubles.join()).toContain('hung');
    },
  );

  it('is on record: which cell, which request, how long', async () => {
    await start();
    await take(1, { operator: 'hang' });
    const reader = openReader(path);
    expect(reader.hangs()).toMatchObject({
      count: 1,
      last: { payment: '0123456789.1', method: 'cash', version: '0.1.0', at: expect.any(Number) },
    });
    expect(reader.payment(paymentId(1))).toMatchObject({ status: 'declined', reason: { code: 'budget' } });
    expect(hangsStatus({ reader, writer })).toMatchObject({
      cellHangs: { recorded: 1, setAside: [], last: { method: 'cash', at: expect.stringMatching(/Z$/) } },
    });
    reader.close();
  });

  it('takes back with it what its group had written, and nothing that was answered', async () => {
    await start();
    await writer.execute('open-account', opening('wallet:W', 1_000n));
    const wallet = { method: 'wallet', account: accountId('wallet:W'), amount: 400n };
    expect(codeOf(await take(1, wallet))).toBe('approved');
    const outs = await Promise.all([take(2, wallet), take(3, { ...wallet, operator: 'hang' }), take(4, wallet)]);
    expect(outs.map(codeOf)).toEqual(['approved', 'budget', 'not-enough']);
  });

  it('many in one group cost one thread each, and no other request its answer', async () => {
    await start();
    const outs = await Promise.all(Array.from({ length: 12 }, (_, index) => take(index + 1, index % 4 === 3 ? { operator: 'hang' } : {})));
    expect(outs.map(codeOf)).toEqual(Array.from({ length: 12 }, (_, index) => (index % 4 === 3 ? 'budget' : 'approved')));
    expect(writer.state()).toMatchObject({ state: 'serving', restarts: 3, hangs: 3 });
  });

  it('while the disk fails: nobody is told yes, and all goes on by itself when it is back', async () => {
    let isGone = false;
    const away = (): void => {
      if (isGone) return;
      isGone = true;
      renameSync(path, `${path}.away`);
    };
    await start({ onHang: away });
    const orders = () => Promise.all([take(1), take(2, { operator: 'hang' }), take(3)]);
    expect((await orders()).map(codeOf)).toEqual(['storage', 'storage', 'storage']);
    expect(writer.state()).toMatchObject({ state: 'serving', trouble: expect.stringContaining('does not exist') });
    renameSync(`${path}.away`, path);
    expect((await orders()).map(codeOf)).toEqual(['approved', 'budget', 'approved']);
    expect(writer.state()).toMatchObject({ state: 'serving', hangs: 2 });
    expect(writer.state().trouble).toBeUndefined();
  });

  it('a thread that cannot even be ended brings the box down, and nobody is told yes', async () => {
    await start({ timers: hasty(5_000) });
    const outs = await Promise.all([take(1), take(2, { operator: 'hang-native' }), take(3)]);
    expect(outs.map(codeOf)).toEqual(['storage', 'storage', 'storage']);
    expect(writer.state()).toMatchObject({ state: 'down', trouble: expect.stringContaining('cannot be ended') });
    expect(codeOf(await take(4))).toBe('storage');
  });

  it('64 of them in a row lose no approval, and the box goes on', { timeout: 120_000 }, async () => {
    await start();
    const approved: number[] = [];
    const slowest: number[] = [];
    let isOver = false;
    const payer = async (): Promise<void> => {
      for (let counter = 1_000; !isOver; counter++) {
        const begun = performance.now();
        const out = await take(counter);
        slowest.push(performance.now() - begun);
        expect(codeOf(out)).toBe('approved');
        if (out.ok && out.value.status === 'approved') approved.push(out.value.entry.number);
      }
    };
    const paying = payer();
    const gone: number[] = [];
    for (let round = 0; round < 64; round++) {
      const begun = performance.now();
      expect(codeOf(await take(round + 1, { method: `spin${round}` }))).toBe('budget');
      gone.push(performance.now() - begun);
    }
    isOver = true;
    await paying;
    expect(writer.state()).toMatchObject({ state: 'serving', hangs: 64 });
    expect(new Set(approved).size).toBe(approved.length);
    const reader = openReader(path);
    expect(reader.head().number).toBe(approved.length);
    expect(reader.hangs()).toMatchObject({ count: 64 });
    reader.close();
    const figures = (values: number[]): string => {
      const sorted = values.toSorted((left, right) => left - right);
      return `median ${sorted[sorted.length >> 1]?.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms`;
    };
    process.stdout.write(
      `64 hung cells: each answered in ${figures(gone)}; ${approved.length} payments meanwhile, longest: ${figures(slowest)}\n`,
    );
  });

  it('does not keep the box from stopping: what was accepted is answered', async () => {
    await start();
    const outs = [take(1), take(2, { operator: 'hang' }), take(3)];
    const stopped = writer.stop();
    expect((await Promise.all(outs)).map(codeOf)).toEqual(['approved', 'budget', 'approved']);
    await stopped;
  });

  it('beside threads that die: each in its own way, and a hang does not count as a death', async () => {
    await start();
    for (let round = 0; round < 5; round++) {
      expect(codeOf(await take(10 + round, { operator: 'crash' }))).toBe('storage');
      expect(codeOf(await take(20 + round, { operator: 'hang' }))).toBe('budget');
    }
    expect(codeOf(await take(30))).toBe('approved');
    expect(writer.state()).toMatchObject({ state: 'serving', hangs: 5 });
  });
});

describe('a disk that is slow is not a cell that hangs', () => {
  it.each(['slow-commit', 'slow-read'])('%s', async (operator) => {
    await start();
    const outs = await Promise.all([take(1), take(2, { operator }), take(3)]);
    expect(outs.map(codeOf)).toEqual(['approved', 'approved', 'approved']);
    expect(writer.state()).toMatchObject({ restarts: 0, hangs: 0 });
  });
});

it('the main thread that stood still itself is no reason to end anybody', async () => {
  await start();
  const outs = [take(1), take(2, { operator: 'slow-commit' }), take(3)];
  await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  expect((await Promise.all(outs)).map(codeOf)).toEqual(['approved', 'approved', 'approved']);
  expect(writer.state()).toMatchObject({ hangs: 0 });
});

describe('a method that hangs again and again', () => {
  it('is set aside: answered at once by a decline, while the others pay', async () => {
    await start({ setAside: { hangs: 3, windowMs: 60_000, asideMs: 60_000 } });
    for (let round = 0; round < 8; round++) {
      expect(codeOf(await take(round + 1, { method: 'spin0' }))).toBe('budget');
      expect(codeOf(await take(round + 100))).toBe('approved');
    }
    expect(writer.state()).toMatchObject({ hangs: 3, setAside: ['spin0'] });
    expect(await take(8, { method: 'spin0' })).toMatchObject({
      value: { repeated: true, reason: { detail: expect.stringContaining('set aside') } },
    });
  });

  it('with all its requests that wait already', async () => {
    await start({ setAside: { hangs: 2, windowMs: 60_000, asideMs: 60_000 } });
    const outs = await Promise.all(Array.from({ length: 20 }, (_, index) => take(index + 1, index % 2 === 0 ? { method: 'spin0' } : {})));
    expect(outs.map(codeOf)).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'budget' : 'approved')));
    expect(writer.state()).toMatchObject({ hangs: 2 });
  });
});

it('the record of hangs is bounded', async () => {
  await start();
  await take(1, { operator: 'hang' });
  await writer.stop();
  const database = new Database(path);
  const add = database.prepare("INSERT INTO cell_hang (payment, method, action, elapsed_ms, at) VALUES ('p', 'cash', 'sale', 1, 1)");
  for (let index = 0; index < 1_200; index++) add.run();
  database.close();
  await start();
  await take(2, { operator: 'hang' });
  const reader = openReader(path);
  expect(reader.hangs().count).toBe(1_000);
  reader.close();
});

describe('a thread that never gets so far', () => {
  it('at the first start: the start fails and says why', async () => {
    const workerUrl = new URL('data:text/javascript,for (;;);');
    await expect(start({ workerUrl, timers: hasty(60_000) })).rejects.toMatchObject({ code: 1 });
    expect(troubles.join()).toContain('one of them does not end its start');
    await start();
  });
});
