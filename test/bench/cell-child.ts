/**
 * What `cell.ts` measures, in a process of its own with a gateway's flags: `cold` times fresh instances, `memory COUNT NAME ...` loads so
 * many distinct cells. One line of JSON on stdout.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../ledger-sync/ledger/result.ts';
import type { CellPayment } from '../../main/cell-host/cell.ts';
import { decideWith, programOf } from '../../main/cell-host/cell-host.ts';
import { CellImports } from '../../main/cell-host/cell-imports.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { jcoProgram } from '../../main/cell-host/jco-program.ts';
import { hosted, loadPrepared } from '../../main/cell-host/load-cells.ts';
import { isPaymentManifest } from '../../main/cell-host/manifest.ts';
import { mergeData } from '../../main/cell-host/merge-data.ts';
import type { PreparedCell } from '../../main/cell-host/prepared-cell.ts';
import type { CellProgram } from '../../main/cell-host/program.ts';
import { rewriteModule } from '../../main/cell-host/rewrite/rewrite-module.ts';

const CELLS = join(import.meta.dirname, '../../dist/cells');
const FAST_CALLS = 40_000;
const JCO_CALLS = 2_000;
const ROUNDS = 10;

const PAYMENTS: Readonly<Record<string, CellPayment>> = {
  cash: fakePayment({}),
  wallet: fakePayment({ action: 'sale', account: 'wallet:W-1042', amount: 500n }),
};
const facts = fakeFacts();

function cellNamed(name: string): PreparedCell {
  const found = loadPrepared(CELLS).find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`there is no cell ${name} in ${CELLS}: run "npm run build"`);
  return found;
}

/** One request: the facts' side, a fresh instance, the call, the memory zeroed. */
function runner(prepared: PreparedCell, program: CellProgram, payment: CellPayment): () => void {
  const kinds = isPaymentManifest(prepared.manifest) ? prepared.manifest.grants.accounts : [];
  const args = [payment];
  return () => {
    const run = program.run('decide', args, new CellImports(kinds, facts));
    if (run.outcome !== 'returned') throw new Error(`${prepared.manifest.name}: ${run.detail}`);
  };
}

function timed(act: () => void, count: number, into: number[]): void {
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    act();
    into.push((performance.now() - start) * 1_000);
  }
}

function summary(times: readonly number[]): { median: number; p99: number } {
  const sorted = times.toSorted((left, right) => left - right);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

function cold(): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, payment] of Object.entries(PAYMENTS)) {
    const prepared = cellNamed(name);
    const cell = hosted(prepared);
    if (cell === undefined) throw new Error(`${name} is no payment cell`);
    const fast = runner(prepared, programOf(prepared), payment);
    const jco = runner(prepared, jcoProgram(prepared, { metered: false }), payment);
    const decide = (): void => void decideWith(cell, payment, facts);
    const times = { fast: [] as number[], jco: [] as number[], decide: [] as number[] };
    timed(fast, FAST_CALLS / ROUNDS, []);
    timed(jco, JCO_CALLS / ROUNDS, []);
    timed(decide, FAST_CALLS / ROUNDS, []);
    // In turns, so that what else the machine does falls on all alike.
    for (let round = 0; round < ROUNDS; round += 1) {
      timed(fast, FAST_CALLS / ROUNDS, times.fast);
      timed(jco, JCO_CALLS / ROUNDS, times.jco);
      timed(decide, FAST_CALLS / ROUNDS, times.decide);
    }
    found[name] = { fast: summary(times.fast), jco: summary(times.jco), decide: summary(times.decide) };
  }
  return found;
}

function residentKib(): number {
  globalThis.gc?.();
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

type Distinct = { readonly prepared: PreparedCell; readonly payment: CellPayment };

/** Copies of the named cells in turn that differ in a constant of their code, so that V8 can share nothing of them. */
function distinctCells(names: readonly string[], count: number): Distinct[] {
  const sources = names.map((name) => {
    const prepared = cellNamed(name);
    const core = readFileSync(join(CELLS, name, prepared.manifest.version, 'prepared/jco/cell.core.wasm'));
    return { prepared, core, payment: PAYMENTS[name] ?? fakePayment({}) };
  });
  return Array.from({ length: count }, (_none, index) => {
    const { prepared, core, payment } = sources[index % sources.length] as (typeof sources)[number];
    const { manifest, fast } = prepared;
    if (fast === undefined) throw new Error(`${manifest.name} is of the class slow`);
    const { callDepth, memoryPages: memoryPagesMax } = manifest.budget;
    const fuel = manifest.budget.fuel - index;
    const keepExports = ['decide', 'cabi_post_decide', 'cabi_realloc'];
    const options = { fuel, callDepth, memoryPagesMax, importMemory: true, keepExports };
    const module = new WebAssembly.Module(mergeData(must(rewriteModule(new Uint8Array(core), options), manifest.name).bytes));
    const copy = { ...prepared, manifest: { ...manifest, budget: { ...manifest.budget, fuel } }, fast: { ...fast, module: () => module } };
    return { prepared: copy, payment };
  });
}

/** Each called once, in an order that nothing foresees. */
function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  let state = 20_261_123;
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

function memory(names: readonly string[], count: number): Record<string, unknown> {
  // The host itself, its glue and its memory are warm before anything is counted.
  for (const { prepared, payment } of distinctCells(names, 50)) runner(prepared, programOf(prepared), payment)();
  const before = residentKib();
  const startedAt = performance.now();
  const cells = distinctCells(names, count).map(({ prepared, payment }) => runner(prepared, programOf(prepared), payment));
  const preparedMs = performance.now() - startedAt;
  const loaded = residentKib();
  const first: number[] = [];
  for (const run of shuffled(cells)) timed(run, 1, first);
  const called = residentKib();
  const again: number[] = [];
  for (const run of shuffled(cells)) timed(run, 1, again);
  return {
    count,
    loadedKib: (loaded - before) / count,
    calledKib: (called - before) / count,
    preparedMs,
    residentMib: called / 1_024,
    first: summary(first),
    again: summary(again),
  };
}

const [what, count, ...names] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(what === 'memory' ? memory(names, Number(count)) : cold())}\n`);
