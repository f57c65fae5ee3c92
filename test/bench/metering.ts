/**
 * What fuel and call depth cost: the same code with and without them, of a wallet's real decision on the fast host and of the two loops that
 * suffer most. In turns, a round of each, so that both see the same machine.
 */
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { readPlainFile } from '../../main/cell-host/cell-folder.ts';
import { CellImports } from '../../main/cell-host/cell-imports.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { fastProgram } from '../../main/cell-host/fast-program.ts';
import { loadPrepared } from '../../main/cell-host/load-cells.ts';
import { isPaymentManifest } from '../../main/cell-host/manifest.ts';
import type { PreparedCell } from '../../main/cell-host/prepared-cell.ts';
import { ByteReader } from '../../main/cell-host/rewrite/byte-reader.ts';
import { ByteWriter } from '../../main/cell-host/rewrite/byte-writer.ts';
import { HEADER, readCoreModule, SECTION } from '../../main/cell-host/rewrite/core-module.ts';
import { MEMORY_MODULE, MEMORY_NAME, rewriteModule } from '../../main/cell-host/rewrite/rewrite-module.ts';
import type { Figure } from './figure.ts';

const ROUNDS = 60;
const CALLS_A_ROUND = 200;

const LOOPS = `(module (memory 16)
  (func $fib (export "fib") (param i32) (result i32)
    local.get 0 i32.const 2 i32.lt_u if (result i32) local.get 0 else
      local.get 0 i32.const 1 i32.sub call $fib local.get 0 i32.const 2 i32.sub call $fib i32.add end)
  (func (export "sieve") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
    i32.const 0 i32.const 0 local.get $n memory.fill
    i32.const 2 local.set $i
    loop $next
      local.get $i i32.load8_u i32.eqz if
        local.get $count i32.const 1 i32.add local.set $count
        local.get $i local.get $i i32.mul local.set $j
        block $done loop $strike
          local.get $j local.get $n i32.ge_u br_if $done
          local.get $j i32.const 1 i32.store8
          local.get $j local.get $i i32.add local.set $j
          br $strike
        end end
      end
      local.get $i i32.const 1 i32.add local.tee $i i32.const 1000 i32.lt_u br_if $next
    end
    local.get $count))`;

/** The module with its memory imported and nothing else changed: what the rewriter would make without metering. */
function withImportedMemory(core: Uint8Array, memory: { readonly initial: number; readonly maximum: number }): Uint8Array<ArrayBuffer> {
  const module = readCoreModule(core, { linked: false, memoryPagesMax: memory.maximum });
  const out = new ByteWriter().bytes(HEADER);
  const imports = (count: number, rest: Uint8Array): void => {
    const body = new ByteWriter()
      .u32(count + 1)
      .bytes(rest)
      .name(MEMORY_MODULE)
      .name(MEMORY_NAME);
    out.section(SECTION.import, body.raw(2, 1).u32(memory.initial).u32(memory.maximum));
  };
  let isImported = false;
  for (const { id, start, end } of module.sections) {
    if (!isImported && id !== SECTION.type) {
      const reader = new ByteReader(core, start, end);
      if (id === SECTION.import) imports(reader.u32(), core.subarray(reader.at, end));
      else imports(0, new Uint8Array(0));
      isImported = true;
      if (id === SECTION.import) continue;
    }
    if (id !== SECTION.memory) out.section(id, new ByteWriter().bytes(core.subarray(start, end)));
  }
  return out.view().slice();
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

/** Median times of a round of each, in turns. */
function inTurns(metered: () => void, plain: () => void): { readonly metered: number; readonly plain: number } {
  const times = { metered: [] as number[], plain: [] as number[] };
  const timed = (run: () => void): number => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.plain.push(timed(plain));
    times.metered.push(timed(metered));
  }
  // The engine compiles code that is hot once more: the first rounds are its.
  const settled = (values: readonly number[]): number => median(values.slice(ROUNDS / 4));
  return { metered: settled(times.metered), plain: settled(times.plain) };
}

function decider(prepared: PreparedCell): () => void {
  const program = fastProgram(prepared);
  const payment = fakePayment({ action: 'top-up', account: 'wallet:W-1042', amount: 1_000n });
  const facts = fakeFacts();
  const accounts = isPaymentManifest(prepared.manifest) ? prepared.manifest.grants.accounts : [];
  return () => {
    for (let call = 0; call < CALLS_A_ROUND; call += 1) {
      const run = program.run('decide', [payment], new CellImports(accounts, facts));
      if (run.outcome !== 'returned') throw new Error(`the wallet failed: ${run.detail}`);
    }
  };
}

async function decideFigure(): Promise<Figure> {
  const root = await ensureBuilt();
  const wallet = loadPrepared(root).find(({ manifest }) => manifest.name === 'wallet');
  if (wallet?.fast?.memory === undefined) throw new Error('there is no wallet of the class fast');
  const { name, version } = wallet.manifest;
  const core = readPlainFile(join(root, name, version, 'prepared/jco/cell.core.wasm'), 1 << 24);
  if (!core.ok) throw new Error(core.error.detail);
  const module = new WebAssembly.Module(withImportedMemory(core.value, wallet.fast.memory));
  const plainCell: PreparedCell = { ...wallet, fast: { ...wallet.fast, module: () => module } };
  const times = inTurns(decider(wallet), decider(plainCell));
  return figure('cell.metering.decide', 'µs', (times.metered / CALLS_A_ROUND) * 1000, (times.plain / CALLS_A_ROUND) * 1000, {
    hold: '<= 1.25',
    max: 1.25,
    note: 'a top-up by the wallet, a fresh instance and all reads of facts included',
  });
}

async function loopFigure(name: 'sieve' | 'fib', argument: number): Promise<Figure> {
  const core = new Uint8Array(await parse(LOOPS));
  const options = { fuel: 1_000_000_000, callDepth: 1000, memoryPagesMax: 16, importMemory: false };
  const metered = must(rewriteModule(core, options), 'the loops are refused').bytes;
  const runner = (bytes: Uint8Array<ArrayBuffer>): (() => void) => {
    const module = new WebAssembly.Module(bytes);
    return () => {
      (new WebAssembly.Instance(module).exports[name] as (value: number) => number)(argument);
    };
  };
  const times = inTurns(runner(metered), runner(core));
  return figure(`cell.metering.${name}`, 'ms', times.metered, times.plain, { hold: 'printed' });
}

type Held = { readonly hold: string; readonly max?: number; readonly note?: string };

function figure(name: string, unit: string, value: number, rivalValue: number, { hold, max, note }: Held): Figure {
  const ratio = value / rivalValue;
  const held = max === undefined ? {} : { holds: ratio <= max };
  return {
    name,
    value,
    unit,
    rival: 'the same without metering',
    rivalValue,
    ratio,
    hold,
    ...held,
    ...(note === undefined ? {} : { note }),
  };
}

export async function meteringFigures(): Promise<readonly Figure[]> {
  return [await decideFigure(), await loopFigure('sieve', 1_000_000), await loopFigure('fib', 25)];
}
