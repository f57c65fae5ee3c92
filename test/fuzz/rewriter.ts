/**
 * What must hold of the rewriter. Of random valid modules: the same results, traps, memory, globals and calls of the host with metering as
 * without; the fuel that was used is enough, one less is not. Of broken bytes: a typed refusal or a module that runs and ends, within its budget, and
 * never at the end of the engine's own stack.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../ledger-sync/ledger/result.ts';
import { readCoreModule, SECTION } from '../../main/cell-host/rewrite/core-module.ts';
import { type RewriteOptions, rewriteModule } from '../../main/cell-host/rewrite/rewrite-module.ts';
import { unsigned } from './module-bytes.ts';
import { meterPlainly } from './plain-meter.ts';
import { Random } from './random.ts';
import { type RandomModule, randomModule } from './random-module.ts';
import type { FuzzTarget } from './target.ts';

const AMPLE: RewriteOptions = { fuel: 1_000_000_000, callDepth: 1000, memoryPagesMax: 3, importMemory: false };

type Observed = {
  readonly results: readonly string[];
  readonly globals: readonly string[];
  readonly pages: number;
  readonly memory: Buffer;
  readonly log: readonly number[];
  /** undefined without metering. */
  readonly fuel: number | undefined;
  readonly depth: number | undefined;
};

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return Object.is(value, -0) ? '-0' : String(value);
}

function globalValue(exports: WebAssembly.Exports, name: string): number | undefined {
  const global = exports[name];
  return global instanceof WebAssembly.Global ? (global.value as number) : undefined;
}

const isTrap = (result: string): boolean => / [a-z]/.test(result);

/** Instantiates and makes each call once, in order, in one instance. */
function observe(bytes: Uint8Array<ArrayBuffer>, calls: RandomModule['calls'], memory?: WebAssembly.Memory): Observed {
  const log: number[] = [];
  const env = {
    log: (value: number) => {
      log.push(value);
      return value ^ 5;
    },
  };
  const results: string[] = [];
  const ended = (error: unknown): string => {
    if (error instanceof WebAssembly.RuntimeError) return error.message;
    throw error;
  };
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env,
      ...(memory === undefined ? {} : { 'chautari:host': { memory } }),
    });
  } catch (error) {
    return { results: [`start: ${ended(error)}`], globals: [], pages: 0, memory: Buffer.alloc(0), log, fuel: undefined, depth: undefined };
  }
  const { exports } = instance;
  for (const { name, args } of calls) {
    try {
      results.push(`${name}: ${shown((exports[name] as (...values: unknown[]) => unknown)(...args))}`);
    } catch (error) {
      results.push(`${name}: ${ended(error)}`);
    }
    const depth = globalValue(exports, 'chautari:depth');
    if (depth !== undefined && depth !== 0 && !results.some(isTrap)) throw new Error(`${name} returns with the depth ${depth}`);
  }
  const { buffer } = exports.memory as WebAssembly.Memory;
  const globals = ['g0', 'g1', 'g2', 'g3', 'g4'].map((name) => shown((exports[name] as WebAssembly.Global).value));
  return {
    results,
    globals,
    pages: buffer.byteLength / 65_536,
    memory: Buffer.from(buffer),
    log,
    fuel: globalValue(exports, 'chautari:fuel') ?? globalValue(exports, 'plain:fuel'),
    depth: globalValue(exports, 'chautari:depth'),
  };
}

function rewrite(module: RandomModule, change: Partial<RewriteOptions> = {}): Uint8Array<ArrayBuffer> {
  return must(rewriteModule(module.bytes, { ...AMPLE, ...change }), 'a valid module is refused').bytes;
}

function expectSame(plain: Observed, metered: Observed, what: string): void {
  const words = ({ results, globals, pages, log }: Observed): string => JSON.stringify({ results, globals, pages, log });
  if (words(plain) !== words(metered)) throw new Error(`${what}: not the same\n${words(plain)}\n${words(metered)}`);
  if (!plain.memory.equals(metered.memory)) throw new Error(`${what}: another memory`);
}

/** One call on its own: what it needs of fuel is enough, one less is not, and that trap is told from others. */
function exactFuel(module: RandomModule, index: number): void {
  const calls = module.calls.slice(index, index + 1);
  const run = (fuel: number): Observed => observe(rewrite(module, { fuel }), calls);
  const ample = run(AMPLE.fuel);
  if (ample.fuel === undefined || ample.fuel < 0) return;
  const used = AMPLE.fuel - ample.fuel;
  const enough = run(Math.max(used, 1));
  expectSame(ample, enough, `call ${index} with just the fuel ${used}`);
  if (enough.fuel !== 0) throw new Error(`call ${index}: ${enough.fuel} left of just the fuel`);
  if (used < 2) return;
  const less = run(used - 1);
  if (less.fuel === undefined) {
    if (less.results[0] !== 'start: unreachable') throw new Error('a start function without fuel ends otherwise');
    return;
  }
  if (less.results[0] !== `${calls[0]?.name}: unreachable` || less.fuel !== -1) {
    throw new Error(`call ${index} with ${used - 1} of ${used}: ${less.results[0]}, ${less.fuel} left`);
  }
}

/** Instruction by instruction it costs the same, where it returns; a trap may leave the end of a segment unused. */
function samePrice(module: RandomModule, index: number): void {
  const calls = module.calls.slice(index, index + 1);
  const metered = observe(rewrite(module), calls);
  const plain = observe(meterPlainly(withMaximum(module.bytes), AMPLE.fuel, AMPLE.memoryPagesMax), calls);
  expectSame(plain, metered, `call ${index} metered plainly`);
  if (metered.fuel === undefined || plain.fuel === undefined || (metered.depth ?? 0) > AMPLE.callDepth) return;
  const fits = metered.results.some(isTrap) ? metered.fuel <= plain.fuel : metered.fuel === plain.fuel;
  if (!fits) throw new Error(`call ${index} (${metered.results[0]}): ${metered.fuel} left, metered plainly ${plain.fuel}`);
}

function compare(seed: number): string {
  const module = randomModule(seed);
  if (!WebAssembly.validate(module.bytes)) throw new Error('the generator made a module that is not valid');
  const capped = rewrite(module);
  if (!Buffer.from(capped).equals(Buffer.from(rewrite(module)))) throw new Error('rewritten twice, two modules');
  // Without metering, but under the same cap: growth must fail at the same page.
  const plain = observe(withMaximum(module.bytes), module.calls);
  const metered = observe(capped, module.calls);
  expectSame(plain, metered, 'own memory');
  if ((metered.depth ?? 0) > AMPLE.callDepth) return 'deep';
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  expectSame(plain, observe(rewrite(module, { importMemory: true }), module.calls, memory), 'imported memory');
  for (const index of module.calls.keys()) {
    exactFuel(module, index);
    samePrice(module, index);
  }
  if (metered.fuel === undefined) return 'start traps';
  return metered.results.some(isTrap) ? 'traps' : 'returns';
}

/** The generator's memory section is `[0, 1]` (no maximum) or has the maximum 3: this makes both the latter. */
function withMaximum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { sections } = readCoreModule(bytes, { linked: false, memoryPagesMax: 3 });
  const memory = sections.find(({ id }) => id === SECTION.memory);
  // Two bytes stand before a short section: its id and its size.
  if (memory === undefined || bytes[memory.start + 1] !== 0) return bytes;
  return Uint8Array.from([...bytes.subarray(0, memory.start - 2), SECTION.memory, 4, 1, 1, 1, 3, ...bytes.subarray(memory.end)]);
}

const CORPUS = ['cash', 'wallet'].map((name) => join(import.meta.dirname, 'corpus', `${name}.core.wasm`));
let corpus: Uint8Array[] | undefined;

function mutate(random: Random, from: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = [...from];
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const at = 8 + random.below(Math.max(1, bytes.length - 8));
    switch (random.below(7)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        bytes.splice(at, random.below(8));
        break;
      case 3:
        bytes.splice(at, 0, ...Array.from({ length: random.below(8) }, () => random.below(256)));
        break;
      case 4:
        // A number as large as can be, or a padded one.
        bytes.splice(
          at,
          1,
          ...random.pick([
            [0xff, 0xff, 0xff, 0xff, 0x0f],
            [0x80, 0x80, 0x80, 0x80, 0x00],
            unsigned(random.next()),
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
          ]),
        );
        break;
      case 5: {
        const length = random.below(40);
        bytes.splice(at, length, ...from.subarray(8 + random.below(from.length), 8 + random.below(from.length)));
        break;
      }
      default:
        bytes = bytes.slice(0, at);
        break;
    }
  }
  return Uint8Array.from(bytes);
}

const SMALL: RewriteOptions = { fuel: 20_000, callDepth: 200, memoryPagesMax: 4, importMemory: false };

/** Runs every exported function of whatever was accepted. Anything but a result or a trap is a fault of ours. */
function runAll(bytes: Uint8Array<ArrayBuffer>): void {
  const module = new WebAssembly.Module(bytes);
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => 0;
  }
  let exports: WebAssembly.Exports;
  try {
    exports = new WebAssembly.Instance(module, imports as WebAssembly.Imports).exports;
  } catch (error) {
    expectTrap(error);
    return;
  }
  for (const exported of Object.values(exports)) {
    if (typeof exported !== 'function') continue;
    for (const argument of [0, 0n]) {
      try {
        (exported as (...values: unknown[]) => unknown)(...new Array<unknown>(exported.length).fill(argument));
      } catch (error) {
        expectTrap(error);
      }
    }
    const left = globalValue(exports, 'chautari:fuel');
    if (left === undefined || left < -1) throw new Error(`${left} of the fuel is left`);
  }
}

/** A TypeError is a number of the wrong kind at the border, of our stand-in for imports. */
function expectTrap(error: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof TypeError)) throw error;
}

function mutated(seed: number): string {
  const random = new Random(seed);
  corpus ??= CORPUS.map((path) => new Uint8Array(readFileSync(path)));
  const bytes = mutate(random, random.chance(30) ? random.pick(corpus) : randomModule(seed).bytes);
  const rewritten = rewriteModule(bytes, { ...SMALL, linked: random.chance(10) });
  if (!rewritten.ok) {
    const { code, detail } = rewritten.error;
    if (code === 'not-rewritable' || code === 'bad-options') throw new Error(detail);
    return code;
  }
  if (!WebAssembly.validate(bytes)) throw new Error('a module that is not valid was accepted');
  runAll(rewritten.value.bytes);
  return 'accepted';
}

export const rewriterTargets: readonly FuzzTarget[] = [
  { name: 'rewriter.compare', run: compare },
  { name: 'rewriter.mutate', run: mutated },
];
