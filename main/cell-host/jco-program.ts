/**
 * A cell through jco's own output: the reference that the fast host is judged against (unmetered), and the host of the class slow
 * (metered): components of several modules, or of a language that brings its whole engine. A fresh instance a run here as well.
 */
import { type CellImports, FactsError } from './cell-imports.ts';
import { FUEL_COSTS } from './fuel-costs.ts';
import { memberName } from './glue/core-values.ts';
import { LIMITS } from './limits.ts';
import { isPaymentManifest } from './manifest.ts';
import type { JcoParts, PreparedCell } from './prepared-cell.ts';
import type { CellProgram, CellRun } from './program.ts';
import { endedBy, runFailure } from './run-failure.ts';
import { emptyWasi } from './wasi.ts';
import { type CellSockets, socketsOf } from './wasi-sockets.ts';

type Bytes = Uint8Array<ArrayBufferLike>;

/**
 * The counters of the metered modules that one run is made of. Each instance has counters of its own; the budget is one for all of them, and
 * is looked at wherever the cell meets the host: an instance is made, the host is called, the run ends. Between two such moments each instance
 * can spend no more than the budget, which is why there are few.
 */
class Meters {
  readonly #fuel: WebAssembly.Global[] = [];
  readonly #depth: WebAssembly.Global[] = [];
  readonly #budget: PreparedCell['manifest']['budget'];
  readonly #imports: CellImports;
  readonly #metered: boolean;
  /** Functions of the cell's own instances, which they lend each other. */
  readonly #own = new Set<unknown>();
  #instances = 0;
  #memories = 0;
  #charged = 0;

  constructor(budget: PreparedCell['manifest']['budget'], imports: CellImports, metered: boolean) {
    this.#budget = budget;
    this.#imports = imports;
    this.#metered = metered;
  }

  /** What jco makes its instances with. */
  readonly instantiate = (module: WebAssembly.Module, imports?: WebAssembly.Imports): WebAssembly.Instance => {
    if (!this.#metered) return new WebAssembly.Instance(module, imports);
    this.#instances += 1;
    if (this.#instances > LIMITS.instancesMax) this.#imports.breach(`the cell is made of more than ${LIMITS.instancesMax} instances`);
    const instance = new WebAssembly.Instance(module, this.#charging(imports ?? {}));
    const { 'chautari:fuel': fuel, 'chautari:depth': depth, 'chautari:memory': memory } = instance.exports;
    if (memory !== undefined) this.#memories += 1;
    if (this.#memories > LIMITS.memoriesMax) this.#imports.breach(`the cell makes more than ${LIMITS.memoriesMax} memories`);
    if (fuel instanceof WebAssembly.Global) this.#fuel.push(fuel);
    if (depth instanceof WebAssembly.Global) this.#depth.push(depth);
    for (const exported of Object.values(instance.exports)) if (typeof exported === 'function') this.#own.add(exported);
    this.checkBudget();
    return instance;
  };

  /** The same imports; whatever is JavaScript behind them costs fuel, WASI and jco's own as well as the contract's. */
  #charging(imports: WebAssembly.Imports): WebAssembly.Imports {
    const modules = Object.entries(imports).map(([module, members]) => {
      const charged = Object.entries(members).map(([name, member]) => [name, this.#chargingOne(member)] as const);
      return [module, Object.fromEntries(charged)] as const;
    });
    return Object.fromEntries(modules);
  }

  #chargingOne(member: WebAssembly.ImportValue): WebAssembly.ImportValue {
    if (typeof member !== 'function' || this.#own.has(member)) return member;
    const call = member as (...values: unknown[]) => unknown;
    return (...values: unknown[]) => {
      this.#charged += FUEL_COSTS.crossing;
      this.checkBudget();
      return call(...values);
    };
  }

  get spent(): number {
    return this.#fuel.reduce((sum, fuel) => sum + this.#budget.fuel - Math.max(0, Number(fuel.value)), this.#charged);
  }

  get fuelSpent(): boolean {
    return this.#fuel.some((fuel) => Number(fuel.value) < 0) || (this.#metered && this.spent > this.#budget.fuel);
  }

  get depthExceeded(): boolean {
    return this.#depth.some((depth) => Number(depth.value) > this.#budget.callDepth);
  }

  checkBudget(): void {
    if (this.fuelSpent) this.#imports.breach('the fuel is spent');
  }
}

type Interfaces = Record<string, object>;

/** The contract's interfaces over one request; jco takes the functions out of the objects, so each is bound. */
function contractInterface(name: string, imports: CellImports): object | undefined {
  switch (name) {
    case 'chautari:cell/accounts@0.1.0':
      return {
        find: (id: string) => imports.find(id),
        available: (id: string) => imports.available(id),
        refundable: (id: string) => imports.refundable(id),
      };
    case 'chautari:cell/state@0.1.0':
      return {
        get: (key: string) => imports.get(key),
        set: (key: string, value: Bytes) => imports.set(key, value),
        delete: (key: string) => imports.delete(key),
      };
    case 'chautari:cell/outbox@0.1.0':
      return { enqueueSync: (key: string, payload: Bytes) => imports.enqueueSync(key, payload) };
    default:
      return undefined;
  }
}

/** What jco's instantiate takes: only interfaces that the manifest grants. */
function interfacesOf(granted: readonly string[], imports: CellImports, sockets: CellSockets | undefined): Interfaces {
  const found: Interfaces = {};
  const ends = { limit: (detail: string) => imports.breach(detail), exit: (detail: string) => imports.breach(detail, 'trap') };
  const wasi = granted.some((name) => name.startsWith('wasi:')) ? emptyWasi(ends, imports.moment, sockets) : {};
  for (const name of granted) {
    const unversioned = name.slice(0, name.indexOf('@'));
    const implementation = wasi[unversioned] ?? contractInterface(name, imports);
    if (implementation !== undefined) found[unversioned] = implementation;
  }
  return found;
}

/** What jco throws for the error of a result: the value itself, or an error that carries it as payload. */
function payloadOf(thrown: unknown): { readonly found: boolean; readonly value?: unknown } {
  if (typeof thrown === 'string') return { found: true, value: thrown };
  if (typeof thrown !== 'object' || thrown === null) return { found: false };
  if ('payload' in thrown) return { found: true, value: thrown.payload };
  return 'tag' in thrown ? { found: true, value: thrown } : { found: false };
}

class JcoProgram implements CellProgram {
  readonly #prepared: PreparedCell;
  readonly #metered: boolean;
  #loaded: ReturnType<JcoParts['load']> | undefined;

  constructor(prepared: PreparedCell, metered: boolean) {
    this.#prepared = prepared;
    this.#metered = metered;
  }

  run(exportName: string, args: readonly unknown[], imports: CellImports): CellRun {
    const { manifest, jco } = this.#prepared;
    this.#loaded ??= jco.load();
    const meters = new Meters(manifest.budget, imports, this.#metered);
    const sockets = this.#sockets(imports);
    try {
      const interfaces = interfacesOf(manifest.grants.imports, imports, sockets);
      const exports = this.#loaded.instantiate((name) => jco.module(name, this.#metered), interfaces, meters.instantiate);
      const call = exports[memberName(exportName)];
      if (typeof call !== 'function') throw new TypeError(`the cell ${manifest.name} has no export ${exportName}`);
      const value: unknown = call(...args);
      meters.checkBudget();
      return this.#ended(imports, meters) ?? { outcome: 'returned', value: { tag: 'ok', val: value }, fuel: meters.spent };
    } catch (thrown) {
      if (thrown instanceof FactsError) throw thrown;
      const ended = this.#ended(imports, meters);
      if (ended !== undefined) return ended;
      const payload = payloadOf(thrown);
      if (payload.found) return { outcome: 'returned', value: { tag: 'err', val: payload.value }, fuel: meters.spent };
      const { fuelSpent, depthExceeded } = meters;
      return { outcome: 'failed', ...runFailure(thrown, { fuelSpent, depthExceeded, memoryFull: false }), fuel: meters.spent };
    } finally {
      sockets?.close();
    }
  }

  #sockets(imports: CellImports): CellSockets | undefined {
    const { manifest } = this.#prepared;
    const granted = isPaymentManifest(manifest) ? undefined : manifest.grants.sockets;
    return granted === undefined ? undefined : socketsOf(granted, (detail) => imports.breach(detail));
  }

  #ended(imports: CellImports, meters: Meters): CellRun | undefined {
    const failure = endedBy(imports);
    return failure === undefined ? undefined : { outcome: 'failed', ...failure, fuel: meters.spent };
  }
}

/** Every export must give a result, as all of the contract's do: jco gives its value, and throws its error. */
export function jcoProgram(prepared: PreparedCell, options: { readonly metered: boolean }): CellProgram {
  return new JcoProgram(prepared, options.metered);
}
