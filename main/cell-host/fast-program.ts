/**
 * The fast host: each run is a fresh instance of the cell's rewritten core module over a recycled, zeroed memory, spoken to by generated
 * glue. Globals, tables and data are new by construction, the memory is zero, and nothing of an instance outlives its run.
 */
import { CellBreach, type CellImports } from './cell-imports.ts';
import { asGlue, type Glue } from './glue/glue.ts';
import { MemoryPool, type MemorySize, type RecycledMemory } from './memory-pool.ts';
import type { PreparedCell } from './prepared-cell.ts';
import type { CellProgram, CellRun } from './program.ts';
import { endedBy, type RunFailure, runFailure } from './run-failure.ts';

const PAGE_BYTES = 65_536;
const NO_MEMORY: MemorySize = { initial: 0, maximum: 0 };
const HOST_MODULE = 'chautari:host';

/** One for the thread: every cell of a size shares its memory. */
const pool = new MemoryPool();

type Loaded = {
  readonly module: WebAssembly.Module;
  readonly glue: Glue;
  readonly memory: MemorySize;
  readonly key: string;
  /** What runs before the call, in this order. */
  readonly starts: readonly string[];
};

/** The module's start function, which the rewriter exports so that the counters can be read when it traps; and what some toolchains
 * export to run the start-up code of their runtime, which the component calls before anything else. */
const STARTS = ['chautari:start', '_initialize'];

/** Preparation refused such a module already; this is the border's own guard, so that no import is there that was not granted. */
function checkImports(module: WebAssembly.Module, granted: readonly string[], name: string): void {
  for (const found of WebAssembly.Module.imports(module)) {
    if (found.module !== HOST_MODULE && !granted.includes(found.module)) {
      throw new Error(`the cell ${name} imports ${found.module}, which its manifest does not grant: prepare it again`);
    }
  }
}

function load({ manifest, fast }: PreparedCell): Loaded {
  if (fast === undefined) throw new Error(`the cell ${manifest.name} is of the class slow: run it through jco`);
  const module = fast.module();
  checkImports(module, manifest.grants.imports, manifest.name);
  const glue = asGlue(fast.glue());
  const memory = fast.memory ?? NO_MEMORY;
  const exported = WebAssembly.Module.exports(module).map((found) => found.name);
  const starts = STARTS.filter((name) => exported.includes(name));
  return { module, glue, memory, key: pool.keyOf(glue, memory), starts };
}

function counter(exports: WebAssembly.Exports | undefined, name: string): number | undefined {
  const found = exports?.[name];
  return found instanceof WebAssembly.Global ? Number(found.value) : undefined;
}

class FastProgram implements CellProgram {
  readonly #prepared: PreparedCell;
  readonly #fuel: number;
  #loaded: Loaded | undefined;

  constructor(prepared: PreparedCell) {
    this.#prepared = prepared;
    this.#fuel = prepared.manifest.budget.fuel;
  }

  run(exportName: string, args: readonly unknown[], imports: CellImports): CellRun {
    this.#loaded ??= load(this.#prepared);
    const { module, glue, memory, key, starts } = this.#loaded;
    const call = glue.calls[exportName];
    if (call === undefined) throw new TypeError(`the world of ${this.#prepared.manifest.name} has no export ${exportName}`);
    const recycled = pool.take(key, glue, memory);
    let exports: WebAssembly.Exports | undefined;
    glue.enter(recycled.views, imports);
    try {
      exports = new WebAssembly.Instance(module, recycled.imports).exports;
      for (const name of starts) (exports[name] as () => void)();
      const value = call(exports, args);
      const fuel = this.#spent(exports);
      if (imports.ended === undefined) {
        pool.give(key, recycled, memory);
        return { outcome: 'returned', value, fuel };
      }
      return this.#failed(new CellBreach('the cell went beyond a limit'), exports, imports, recycled);
    } catch (thrown) {
      return this.#failed(thrown, exports, imports, recycled);
    } finally {
      glue.leave();
    }
  }

  #spent(exports: WebAssembly.Exports | undefined): number {
    const left = counter(exports, 'chautari:fuel');
    if (left === undefined) return 0;
    return left < 0 ? this.#fuel : this.#fuel - left;
  }

  /** The memory of a run that failed is dropped. */
  #failed(thrown: unknown, exports: WebAssembly.Exports | undefined, imports: CellImports, { views }: RecycledMemory): CellRun {
    const failure = endedBy(imports) ?? this.#failure(thrown, exports, views.memory);
    return { outcome: 'failed', ...failure, fuel: this.#spent(exports) };
  }

  #failure(thrown: unknown, exports: WebAssembly.Exports | undefined, memory: WebAssembly.Memory): RunFailure {
    const { glue, memory: size } = this.#loaded ?? load(this.#prepared);
    if (thrown instanceof glue.Fault) return { code: thrown.code, detail: thrown.message };
    const bytes = memory.buffer.byteLength;
    return runFailure(thrown, {
      fuelSpent: (counter(exports, 'chautari:fuel') ?? 0) < 0,
      depthExceeded: (counter(exports, 'chautari:depth') ?? 0) > this.#prepared.manifest.budget.callDepth,
      memoryFull: bytes > size.initial * PAGE_BYTES && bytes === size.maximum * PAGE_BYTES,
    });
  }
}

/** Nothing is compiled or loaded before the first run. */
export function fastProgram(prepared: PreparedCell): CellProgram {
  return new FastProgram(prepared);
}
