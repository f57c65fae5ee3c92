import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, NEW_JOURNAL, opening, payment, paymentId } from '../../test/support/store/test-store.ts';
import type { Commands } from '../gateway/commands.ts';
import { openReader } from './reader.ts';
import { verifyDatabase } from './verify.ts';
import type { Committed, Writer, WriterOptions } from './writer.ts';
import { startWriter } from './writer-thread.ts';

let folder: string;
let path: string;
let writer: Writer | undefined;
let troubles: string[];

const start = async (changes: Partial<WriterOptions> = {}): Promise<Writer> => {
  writer = await startWriter({
    ...NEW_JOURNAL,
    databasePath: path,
    cellsDirectory: '',
    printReceipts: false,
    workerUrl: new URL('../../test/support/store/simple-writer.ts', import.meta.url),
    onTrouble: (line) => troubles.push(line),
    ...changes,
  });
  return writer;
};
const take = (counter: number, changes = {}) => (writer as Writer).execute('take-payment', payment(counter, changes));
const codeOf = (out: Commands['take-payment']['out']): string => (out.ok ? out.value.status : out.error.code);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-writer-'));
  path = join(folder, 'gateway.sqlite');
  troubles = [];
});
afterEach(async () => {
  await writer?.stop();
  writer = undefined;
  rmSync(folder, { recursive: true, force: true });
});

it('makes the database, answers after the commit, and tells of it', async () => {
  await start();
  const events: Committed[] = [];
  writer?.onCommitted((event) => events.push(event));
  expect(writer?.methods.map(({ method }) => method)).toEqual(expect.arrayContaining(['cash', 'wallet']));
  const outs = await Promise.all([1, 2, 3, 1].map((counter) => take(counter)));
  expect(outs.map(codeOf)).toEqual(['approved', 'approved', 'approved', 'approved']);
  const reader = openReader(path);
  expect(reader.head().number).toBe(3);
  expect(reader.name()).toEqual({ gateway: 'syabru', epoch: '0123456789abcdef' });
  expect(events.flatMap(({ payments }) => payments)).toEqual([1, 2, 3]);
  expect(events.at(-1)?.head).toEqual(reader.head());
  reader.close();
});

it('survives a restart with its balances and its answers', async () => {
  await start();
  await writer?.execute('open-account', opening('wallet:W', 150n));
  const wallet = { method: 'wallet', account: accountId('wallet:W') };
  await take(1, wallet);
  await writer?.stop();
  await start({ epoch: 'ffffffffffffffff' as WriterOptions['epoch'] });
  expect(await take(1, wallet)).toMatchObject({ value: { status: 'approved', repeated: true, entry: { epoch: '0123456789abcdef' } } });
  expect(codeOf(await take(2, wallet))).toBe('declined');
});

it('past its limit it is busy at once; the others are done (I13)', async () => {
  await start({ queueLimit: 10 });
  const outs = await Promise.all(Array.from({ length: 15 }, (_, index) => take(index + 1)));
  expect(outs.map(codeOf)).toEqual([...Array(10).fill('approved'), ...Array(5).fill('busy')]);
  expect(codeOf(await take(11))).toBe('approved');
});

it('stop finishes what was accepted, and takes no more', async () => {
  await start();
  const accepted = Array.from({ length: 200 }, (_, index) => take(index + 1));
  const stopped = (writer as Writer).stop();
  expect(codeOf(await take(999))).toBe('stopping');
  expect((await Promise.all(accepted)).map(codeOf)).toEqual(Array(200).fill('approved'));
  await stopped;
  expect(verifyDatabase(path)).toMatchObject({ ok: true, value: { head: { number: 200 } } });
});

describe('a thread that dies', () => {
  it('answers what it had with storage; the same id is then asked again; others go on', async () => {
    await start();
    const crashing = take(1, { operator: 'crash' });
    expect(await crashing).toMatchObject({ ok: false, error: { code: 'storage', detail: expect.stringContaining('same id') } });
    expect(codeOf(await take(1))).toBe('approved');
    expect(writer?.state()).toMatchObject({ state: 'serving', restarts: 1 });
    expect(troubles.join()).toContain('starting it again');
  });

  it('what it had committed and not answered is found by its id', async () => {
    await start();
    const outs = await Promise.all([take(1), take(2, { operator: 'crash' }), take(3)]);
    expect(outs.map(codeOf)).toEqual(['storage', 'storage', 'storage']);
    expect((await Promise.all([take(1), take(2), take(3)])).map(codeOf)).toEqual(['approved', 'approved', 'approved']);
    await writer?.stop();
    expect(verifyDatabase(path)).toMatchObject({ ok: true, value: { head: { number: 3 } } });
  });

  it('so often in a row and no more: then it is down and says so', async () => {
    await start();
    for (let round = 0; round < 6; round++) expect(codeOf(await take(1, { operator: 'crash' }))).toBe('storage');
    expect(writer?.state()).toMatchObject({ state: 'down', restarts: 5 });
    expect(await take(2)).toMatchObject({ error: { code: 'storage', detail: expect.stringContaining('start the gateway again') } });
  });
});

describe('refuses to start, with what to do and the exit code', () => {
  it.each([
    [1, /another gateway runs/, async (): Promise<void> => void (await start()), {}],
    [3, /the journal of syabru/, async (): Promise<void> => (await start()).stop(), { gateway: 'gatlang' as WriterOptions['gateway'] }],
    [3, /damaged/, async (): Promise<void> => writeFileSync(path, ''), {}],
    [1, /cells/, async (): Promise<void> => {}, { workerUrl: undefined as unknown as URL, cellsDirectory: '/nonexistent' }],
  ] as const)('exit %s: %s', async (code, message, prepare, changes) => {
    await prepare();
    const first = writer;
    await expect(start(changes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    writer = first;
  });
});

it('a listener that breaks hurts no payment', async () => {
  await start();
  writer?.onCommitted(() => {
    throw new Error('a page went away');
  });
  expect(codeOf(await take(1))).toBe('approved');
  expect(troubles.join()).toContain('a page went away');
});

it('does not start on a journal whose last entries were changed', async () => {
  await start();
  await Promise.all(Array.from({ length: 100 }, (_, index) => take(index + 1)));
  await writer?.stop();
  writer = undefined;
  const db = new Database(path);
  db.exec("DROP TRIGGER entry_is_never_changed; UPDATE entry SET memo = 'x' WHERE number = 90");
  db.close();
  await expect(start()).rejects.toMatchObject({ code: 3, message: expect.stringContaining('entry 90') });
});

it('the id of a payment is all that a kiosk needs to find out', async () => {
  await start();
  await take(7);
  const reader = openReader(path);
  expect(reader.payment(paymentId(7))).toMatchObject({ status: 'approved', repeated: true });
  expect(reader.payment(paymentId(8))).toBeUndefined();
  reader.close();
});
