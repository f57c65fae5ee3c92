/**
 * Hostile cells through the real stack: built as components, signed, prepared and installed as any other, run by the real writer thread over a
 * real database. Each fails its own request with a typed decline within its budget, spends the same fuel each time, leaves no trace but the
 * record of the decline, does not hold up the next payment, and does not cost the thread its life.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { readCellFile } from '../../main/cell-host/cell-file.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ByteReader } from '../../main/cell-host/rewrite/byte-reader.ts';
import { readCoreModule } from '../../main/cell-host/rewrite/core-module.ts';
import { FunctionBody } from '../../main/cell-host/rewrite/function-body.ts';
import { rewriteModule } from '../../main/cell-host/rewrite/rewrite-module.ts';
import { verifyDatabase } from '../../main/store/verify.ts';
import type { Writer } from '../../main/store/writer.ts';
import { startWriter } from '../../main/store/writer-thread.ts';
import { accountId, NEW_JOURNAL, opening, payment } from '../support/store/test-store.ts';
import { hostileCells, refusedCells } from './cells.ts';
import { author, BUDGET, componentOf, installHostile, manifestOf } from './install.ts';
import { cell } from './wat.ts';

const folder = mkdtempSync(join(tmpdir(), 'chautari-hostile-'));
const cells = join(folder, 'cells');
const databasePath = join(folder, 'gateway.sqlite');
let writer: Writer;
let counter = 0;

async function installCash(root: string): Promise<void> {
  const shipped = join(await ensureBuilt(), 'cash');
  const [version = ''] = readdirSync(shipped);
  const file = readCellFile(readFileSync(join(shipped, version, 'cell.wasm')));
  if (!file.ok) throw new Error(file.error.detail);
  await layCell(root, file.value.manifest, file.value.component, author);
}

type Dump = Map<string, Set<string>>;

/** Every row of every table. */
function dump(): Dump {
  const database = new Database(databasePath, { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all() as string[];
    const shown = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
    return new Map(
      tables.map((table) => {
        const rows = database.prepare(`SELECT * FROM "${table}"`).safeIntegers().raw().all() as unknown[][];
        return [
          table,
          new Set(
            rows.map((row) =>
              JSON.stringify(
                row.map((value) => (typeof value === 'bigint' ? String(value) : value)),
                shown,
              ),
            ),
          ),
        ];
      }),
    );
  } finally {
    database.close();
  }
}

/** What came and what went, by table. */
function changes(before: Dump, after: Dump): Record<string, { came: string[]; went: string[] }> {
  const found: Record<string, { came: string[]; went: string[] }> = {};
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(table) ?? new Set<string>(), after.get(table) ?? new Set<string>()];
    const [came, went] = [[...now].filter((row) => !old.has(row)), [...old].filter((row) => !now.has(row))];
    if (came.length + went.length > 0) found[table] = { came, went };
  }
  return found;
}

function fuelOf(id: string): number | undefined {
  const database = new Database(databasePath, { readonly: true });
  try {
    return database.prepare('SELECT fuel FROM trace WHERE payment = ?').pluck().get(id) as number | undefined;
  } finally {
    database.close();
  }
}

beforeAll(async () => {
  await installHostile(cells, 'fast');
  await installCash(cells);
  writer = await startWriter({
    ...NEW_JOURNAL,
    databasePath,
    cellsDirectory: cells,
    printReceipts: false,
    onTrouble: (line) => {
      throw new Error(line);
    },
  });
  for (const wallet of ['wallet:W-1', 'wallet:W-2']) {
    const opened = await writer.execute('open-account', opening(wallet, 1_000n));
    if (!opened.ok) throw new Error(opened.error.detail);
  }
}, 240_000);

afterAll(async () => {
  await writer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ask(method: string): { readonly id: string; readonly answer: ReturnType<Writer['execute']> } {
  counter += 1;
  // Ids of one length, so that two requests cost their cell the same.
  const request = payment(100_000 + counter, { method, ...(method === 'cash' ? {} : { account: accountId('wallet:W-1') }) });
  return { id: request.id, answer: writer.execute('take-payment', request) as ReturnType<Writer['execute']> };
}

describe('a hostile cell', () => {
  const fuels = new Map<string, (number | undefined)[]>();

  it.each(hostileCells.map((found) => [found.name, found] as const))('%s fails its request alone', async (name, { code, detail }) => {
    for (let again = 0; again < 2; again += 1) {
      const before = dump();
      const { id, answer } = ask(name);
      expect(await answer).toMatchObject({
        ok: true,
        value: { status: 'declined', reason: { code, detail: expect.stringMatching(detail) } },
      });
      const left = changes(before, dump());
      // The decline under its id (K2) and how it was decided; of the money, the state and the outbox nothing.
      const { payment: payments, trace, traced_cell: traced, ...others } = left;
      expect(others).toEqual({});
      expect(payments).toEqual({ came: [expect.stringContaining(`"${id}"`)], went: [] });
      expect(trace).toEqual({ came: [expect.stringContaining(`"${id}"`)], went: [] });
      if (traced !== undefined) expect(traced).toEqual({ came: [expect.stringContaining(`"${name}"`)], went: [] });
      const fuel = fuelOf(id);
      expect(fuel).toBeLessThanOrEqual(BUDGET.fuel);
      fuels.set(name, [...(fuels.get(name) ?? []), fuel]);
    }
    const [first, second] = fuels.get(name) ?? [];
    expect(first).toBe(second);

    // A hostile request and an honest one that come together are in one transaction; only the savepoints are apart.
    const [hostile, honest] = [ask(name), ask('cash')];
    expect(await hostile.answer).toMatchObject({ value: { status: 'declined' } });
    expect(await honest.answer).toMatchObject({ value: { status: 'approved' } });
    expect(await ask('cash').answer).toMatchObject({ value: { status: 'approved' } });
    expect(writer.state()).toMatchObject({ state: 'serving', restarts: 0, hangs: 0, setAside: [] });
  });

  it('leaves a journal that verifies', () => {
    expect(verifyDatabase(databasePath)).toMatchObject({ ok: true });
    expect(hostileCells.length).toBeGreaterThanOrEqual(120);
    process.stdout.write(`hostile cells: ${hostileCells.length} run, ${refusedCells.length} refused at install\n`);
  });
});

describe('a cell that is refused at install', () => {
  it.each(refusedCells.map((found) => [found.name, found] as const))('for %s', async (_name, { text, detail }) => {
    const root = mkdtempSync(join(folder, 'refused-'));
    const core = await parse(text);
    // The component's own tools refuse some of it before we do; the rewriter refuses all of it.
    expect(rewriteModule(core, { fuel: 1, callDepth: 1, memoryPagesMax: 4, importMemory: true })).toMatchObject({
      ok: false,
      error: { detail: expect.stringMatching(detail) },
    });
    await expect(componentOf(text).then((component) => layCell(root, manifestOf('refused'), component, author))).rejects.toThrow();
    expect(readdirSync(root)).toEqual([]);
  });

  it('for naming the counters that only the rewriter makes', async () => {
    // `$next` is the module's only global; 1 would be the fuel, 2 the depth.
    const text = cell({ decide: 'i32.const 0x7fffffff global.set $next' });
    const component = Buffer.from(await componentOf(text));
    const core = Buffer.from(await parse(text));
    const needle = Buffer.from([0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x24, 0x00]);
    for (const index of [1, 2]) {
      for (const bytes of [component, core]) bytes[bytes.indexOf(needle.subarray(0, 7)) + 7] = index;
      await expect(layCell(mkdtempSync(join(folder, 'counters-')), manifestOf('counters'), component, author)).rejects.toMatchObject({
        code: 'not-a-component',
      });
      expect(rewriteModule(core, { fuel: 1, callDepth: 1, memoryPagesMax: 4, importMemory: true })).toMatchObject({
        ok: false,
        error: { code: 'not-valid' },
      });
      // And where the engine's validation was left out, the rewriter's own.
      const module = readCoreModule(core, { linked: false, memoryPagesMax: 4 });
      const body = module.bodies.at(-1);
      const type = module.types[module.functions.at(-1) ?? -1];
      if (body === undefined || type === undefined) throw new Error('the module has no functions');
      const reader = new ByteReader(core, body.start, body.end);
      expect(() => new FunctionBody(module, type, reader, { fuel: 1, depth: 2 }, 4).rewrite()).toThrow(`the global ${index}`);
    }
  });

  it('is not run either when somebody lays it over what was prepared', async () => {
    const root = mkdtempSync(join(folder, 'laid-'));
    trustAuthor(root, 'test', author);
    await layCell(root, manifestOf('honest'), await componentOf(cell({})), author);
    expect(loadCells(root).methods()).toHaveLength(1);
    writeFileSync(join(root, 'honest/0.1.0/prepared/core.wasm'), await parse(cell({ decide: 'loop br 0 end' })));
    expect(() => loadCells(root)).toThrow('not what was prepared');
  });
});
