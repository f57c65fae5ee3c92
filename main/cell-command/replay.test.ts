import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComponent, ensureBuilt, layCell } from '../../cells/sdk/build-cells.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { accountId, NEW_JOURNAL, opening, payment, paymentId } from '../../test/support/store/test-store.ts';
import { signCell } from '../cell-host/cell-file.ts';
import { type CellManifest, parseManifest } from '../cell-host/manifest.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import type { TakePayment } from '../gateway/commands.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { startWriter } from '../store/writer-thread.ts';
import { type CellReplay, replayCell } from './replay-cell.ts';
import { replayPayment } from './replay-payment.ts';
import { plainJson } from './show-replay.ts';

const ROOT = join(import.meta.dirname, '../..');
const wallet = { method: 'wallet', account: accountId('wallet:W') };
/** What the shop's day was: counter and what differs from a cash sale of 100. */
const DAY: [number, Partial<TakePayment>][] = [
  [1, { fields: { tendered: '500', 'item.1': '1|100|Rice|चामल' } }],
  [2, { fields: { tendered: '50' } }],
  [3, { action: 'refund', refersTo: paymentId(1), amount: 40n }],
  [4, { ...wallet, action: 'sale', amount: 300n }],
  [5, { ...wallet, action: 'sale', amount: 5_000n }],
  [6, { ...wallet, action: 'top-up', amount: 1_000n }],
  [7, { method: 'small', amount: 7n }],
  [8, { ...wallet, action: 'refund', refersTo: paymentId(4), account: undefined as never, amount: 100n }],
];

let folder: string;
let data: string;
let shipped: string;
let reader: Reader;
let registry: CellRegistry;
const author = new TestAuthor();

/** A cell of this repository with another text in its source. */
async function edited(name: string, version: string, file: string, from: string, to: string) {
  const copy = join(folder, `${name}-${version}`, name);
  mkdirSync(join(copy, '..'), { recursive: true });
  cpSync(join(ROOT, 'cells', name), copy, { recursive: true });
  const source = join(copy, 'assembly', file);
  const text = readFileSync(source, 'utf8');
  expect(text).toContain(from);
  writeFileSync(source, text.replaceAll(from, to));
  const manifest = must(parseManifest({ ...JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')), version }), name);
  return { manifest, component: await buildComponent(copy, manifest) };
}

const lay = async (cell: { manifest: CellManifest; component: Uint8Array }): Promise<void> =>
  void (await layCell(join(data, 'cells'), cell.manifest, cell.component, author.signer));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-replay-cells-'));
  data = join(folder, 'data');
  mkdirSync(join(data, 'cells'), { recursive: true });
  shipped = await ensureBuilt();
  author.trustIn(join(data, 'cells'));
  // A cell that never has enough fuel.
  await author.lay(join(data, 'cells'), 'cash', { name: 'small', budget: { fuel: 100, callDepth: 200, memoryPages: 4 } });
  await author.lay(join(data, 'cells'), 'wallet', { version: '0.9.0' });
  await lay(await edited('wallet', '0.9.1', 'receipt.ts', "'balance-here'", "'left-here'"));
  await lay(
    await edited(
      'wallet',
      '0.9.2',
      'receipt.ts',
      'accounts.available(wallet)',
      "accounts.available(wallet) + accounts.available('drawer:syabru')",
    ),
  );
  const databasePath = join(data, 'gateway.sqlite');
  const options = {
    ...NEW_JOURNAL,
    databasePath,
    cellsDirectory: shipped,
    installedCellsDirectory: join(data, 'cells'),
    printReceipts: false,
  };
  const writer = await startWriter({ ...options, onTrouble: (line) => process.stderr.write(`${line}\n`) });
  await writer.execute('open-account', opening('wallet:W', 2_000n));
  await writer.execute('open-account', opening('float:syabru', 50_000n));
  await writer.execute('use-cell', { name: 'small', version: '0.1.0', who: 'maya', at: 1 });
  for (const [counter, changes] of DAY) {
    const out = await writer.execute('take-payment', payment(counter, changes));
    expect(out, `payment ${counter}`).toMatchObject({ ok: true });
  }
  await writer.stop();
  reader = openReader(databasePath);
  registry = new CellRegistry({ shipped, installed: join(data, 'cells') });
}, 120_000);
afterAll(() => {
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});

const statuses = () => DAY.map(([counter]) => reader.payment(paymentId(counter))?.status);
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'main/cli.ts'), ...args, '--data', data], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('a payment run again', () => {
  it.each(DAY.map(([counter]) => counter))('%s: the same answer and the same fuel, on every run and on both hosts', (counter) => {
    const runs = [1, 2].map(() => must(replayPayment(reader, registry, paymentId(counter)), `payment ${counter}`));
    const [first] = runs;
    expect(runs[1]).toEqual(first);
    expect(first?.runs.map(({ difference }) => difference)).toEqual([undefined, undefined]);
    expect(first?.recorded.fuel).toBeGreaterThan(0);
    expect(first).toMatchObject({ isSame: true, runs: [{ host: 'fast', answer: first?.recorded }, { host: 'jco' }] });
  });

  it('the day had approvals, declines of cells, and a budget that was spent', () => {
    expect(statuses()).toEqual(['approved', 'declined', 'approved', 'approved', 'declined', 'approved', 'declined', 'approved']);
    expect(reader.payment(paymentId(7))).toMatchObject({ reason: { code: 'budget' } });
  });

  it('in another process: says who, what, on which facts, and that it is the same', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run('payment', 'replay', paymentId(4));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const text of [
      'wallet 0.1.0',
      'sale of 300 NPR',
      'wallet:W: open, NPR, available 2000',
      'posting takings:syabru -300',
      'the same as on record',
    ])
      expect(stdout).toContain(text);
    const json = run('payment', 'replay', paymentId(5), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      isSame: true,
      outcome: { reason: { code: 'not-enough' } },
      trace: { request: { amount: '5000' } },
    });
  });

  it('in another process: the same answers, the same fuel', { timeout: 60_000 }, () => {
    for (const [counter] of DAY) {
      const { status, stdout } = run('payment', 'replay', paymentId(counter), '--json');
      const here = must(replayPayment(reader, registry, paymentId(counter)), `payment ${counter}`);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(plainJson(here)));
    }
  });

  it('says what keeps it from running, with its exit code', { timeout: 60_000 }, () => {
    expect(run('payment', 'replay', 'nobody.1')).toMatchObject({ status: 2, stderr: expect.stringContaining('not a payment of this box') });
    expect(run('payment', 'replay', 'open-wallet:W')).toMatchObject({ status: 2, stderr: expect.stringContaining('no trace') });
    expect(run('payment', 'replay', 'a b')).toMatchObject({ status: 2 });
    const gone = new CellRegistry({ shipped: join(data, 'cells') });
    expect(replayPayment(reader, gone, paymentId(1))).toMatchObject({ ok: false, error: { code: 'no-cell' } });
  });

  it('a record that was tampered with is not the same any more', () => {
    const copy = join(folder, 'tampered');
    cpSync(data, copy, { recursive: true });
    const database = new Database(join(copy, 'gateway.sqlite'));
    database.exec('DROP TRIGGER payment_is_never_changed');
    database.exec(`UPDATE payment SET answer = replace(answer, '1700', '1800') WHERE id = '${paymentId(4)}'`);
    database.exec(`UPDATE trace SET fuel = fuel + 1 WHERE payment = '${paymentId(1)}'`);
    database.exec("DROP TRIGGER entry_is_never_changed; UPDATE entry SET memo = 'x' WHERE payment_id LIKE '%.3'");
    database.close();
    const other = openReader(join(copy, 'gateway.sqlite'));
    const differences = (counter: number) =>
      must(replayPayment(other, registry, paymentId(counter)), 'replay').runs.map(({ difference }) => difference);
    expect(differences(4)[0]).toEqual({ was: 'receipt balance-here = 1800', is: 'receipt balance-here = 1700' });
    expect(differences(1)).toMatchObject([{ was: expect.stringContaining('fuel') }, undefined]);
    expect(replayPayment(other, registry, paymentId(3))).toMatchObject({ ok: false, error: { code: 'damaged' } });
    other.close();
  });
});

describe('a candidate on the last day’s requests', () => {
  const replay = (version: string): CellReplay => must(replayCell(reader, must(registry.find('wallet', version), version), 0), version);

  it('the same component answers the same', () => {
    expect(replay('0.9.0')).toMatchObject({ same: 4, differing: [], unjudged: [] });
  });

  it('another receipt shows, with its first line that differs', () => {
    const { same, differing, unjudged } = replay('0.9.1');
    expect(same).toBe(1);
    expect(unjudged).toEqual([]);
    expect(differing).toHaveLength(3);
    expect(differing[0]).toMatchObject({
      payment: paymentId(4),
      oldAnswer: 'approved',
      newAnswer: 'approved',
      was: 'receipt balance-here = 1700',
      is: 'receipt left-here = 1700',
    });
  });

  it('one that asks for more than was read cannot be judged there', () => {
    const { differing, unjudged } = replay('0.9.2');
    expect(unjudged.length).toBeGreaterThan(0);
    expect(unjudged[0]?.why).toContain('drawer:syabru');
    expect(differing).toEqual([]);
  });

  it('by name or by file, as a table, with the exit code', { timeout: 120_000 }, async () => {
    const named = run('cell', 'replay', 'wallet@0.9.1', '--since', '1970-01-01');
    expect(named).toMatchObject({ status: 1, stderr: '' });
    expect(named.stdout).toContain('3 differ');
    expect(named.stdout).toContain('receipt balance-here = 1700 -> receipt left-here = 1700');
    const file = join(folder, 'wallet-0.9.0.wasm');
    const cell = await author.cell('wallet', { version: '0.9.0' });
    writeFileSync(file, must(signCell(cell.component, cell.manifest, author.signer), 'the file'));
    expect(run('cell', 'replay', file, '--since', '1970-01-01', '--json')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"same": 4'),
    });
    expect(run('cell', 'replay', 'wallet@0.9.0')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('nothing could be compared'),
    });
    expect(run('cell', 'replay', 'wallet@7.7.7')).toMatchObject({ status: 2 });
    expect(run('cell', 'replay', 'wallet@0.9.0', '--since', 'soon')).toMatchObject({ status: 2 });
  });
});
