/**
 * Makes a stranger's core module safe to run: fuel, call depth and a memory cap go into its code, everything that a cell may not
 * have is refused. Pure: the same bytes and options give the same bytes. `docs/rewriter.md` describes it.
 *
 * The order matters: the original is validated as it is before anything is put into it. A module that names a global which only the
 * rewriter will make is not valid, so nothing that was accepted can reach the counters.
 */
import { err, ok, type Result } from '../../../ledger-sync/ledger/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type CoreModule, HEADER, type ModuleExport, readCoreModule, SECTION, type Section } from './core-module.ts';
import { Refusal, type RewriteFault, refuse } from './fault.ts';
import { FunctionBody } from './function-body.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { enterDepth, leaveDepth, type MeterGlobals } from './meter.ts';
import { OP, TYPE } from './opcode.ts';

export type RewriteOptions = {
  /** What one instance may spend, 1 to 10^9. */
  readonly fuel: number;
  /** How deep calls may go, in units: a function is one, and one more for each 64 values of its frame. */
  readonly callDepth: number;
  readonly memoryPagesMax: number;
  /** The memory is not made by the instance but given to it, as `memory` of `chautari:host`. */
  readonly importMemory: boolean;
  /** All others are dropped: each exported function costs time at every instantiation. */
  readonly keepExports?: readonly string[];
  /**
   * The start function becomes the export `chautari:start`, for the host to call first: of an instance that traps while it is made, nobody
   * can read the counters.
   */
  readonly exportStart?: boolean;
  /** For one of several modules of a component: it may import the memory, table and globals of the others. */
  readonly linked?: boolean;
};

export type Rewritten = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In pages; undefined where the module defines none. */
  readonly memory: { readonly initial: number; readonly maximum: number } | undefined;
  readonly functions: number;
};

export const FUEL_EXPORT = 'chautari:fuel';
export const DEPTH_EXPORT = 'chautari:depth';
export const START_EXPORT = 'chautari:start';
/** Of a linked module that makes a memory, so that whoever instantiates a component can count them. */
export const MEMORY_EXPORT = 'chautari:memory';
export const MEMORY_MODULE = 'chautari:host';
export const MEMORY_NAME = 'memory';

const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const KIND_GLOBAL = 3;
const SLOTS_A_UNIT = 64;

type Plan = {
  readonly module: CoreModule;
  readonly options: RewriteOptions;
  readonly globals: MeterGlobals;
  readonly memory: Rewritten['memory'];
  /** Types `[] -> results` that the outer blocks of functions with several results need, behind the module's own. */
  readonly addedTypes: Map<string, { readonly index: number; readonly results: readonly number[] }>;
};

function checkRange(value: number, max: number, name: string): void {
  if (!Number.isInteger(value) || value < 1 || value > max) refuse('bad-options', `${name} is ${value}; it must be from 1 to ${max}`);
}

function cappedMemory(module: CoreModule, pagesMax: number): Rewritten['memory'] {
  if (module.memory === undefined) return undefined;
  return { initial: module.memory.minimum, maximum: Math.min(module.memory.maximum ?? pagesMax, pagesMax) };
}

/** The section's bytes behind its count. */
function behindCount(module: CoreModule, section: Section | undefined): { count: number; rest: Uint8Array } {
  if (section === undefined) return { count: 0, rest: new Uint8Array(0) };
  const reader = new ByteReader(module.bytes, section.start, section.end);
  const count = reader.u32();
  return { count, rest: module.bytes.subarray(reader.at, section.end) };
}

function importSection({ module, options, memory }: Plan, section: Section | undefined): ByteWriter | undefined {
  const { count, rest } = behindCount(module, section);
  if (!options.importMemory || memory === undefined) return section === undefined ? undefined : new ByteWriter().u32(count).bytes(rest);
  const out = new ByteWriter().u32(count + 1).bytes(rest);
  out.name(MEMORY_MODULE).name(MEMORY_NAME);
  return out.raw(KIND_MEMORY, 1).u32(memory.initial).u32(memory.maximum);
}

function memorySection({ options, memory }: Plan): ByteWriter | undefined {
  if (memory === undefined || options.importMemory) return undefined;
  return new ByteWriter().u32(1).byte(1).u32(memory.initial).u32(memory.maximum);
}

function globalSection({ module, options }: Plan, section: Section | undefined): ByteWriter {
  const { count, rest } = behindCount(module, section);
  const out = new ByteWriter().u32(count + 2).bytes(rest);
  out.raw(TYPE.i32, 1, OP.i32Const).s32(options.fuel).byte(OP.end);
  return out.raw(TYPE.i32, 1, OP.i32Const).s32(0).byte(OP.end);
}

function exportSection({ module, options, globals }: Plan, start: Section | undefined): ByteWriter {
  const kept = options.keepExports;
  const exports: ModuleExport[] = module.exports.filter(({ name }) => kept === undefined || kept.includes(name));
  exports.push(
    { name: FUEL_EXPORT, kind: KIND_GLOBAL, index: globals.fuel },
    { name: DEPTH_EXPORT, kind: KIND_GLOBAL, index: globals.depth },
  );
  if (start !== undefined && options.exportStart === true) {
    exports.push({ name: START_EXPORT, kind: KIND_FUNCTION, index: new ByteReader(module.bytes, start.start, start.end).u32() });
  }
  if (options.linked === true && module.memory !== undefined) exports.push({ name: MEMORY_EXPORT, kind: KIND_MEMORY, index: 0 });
  const out = new ByteWriter().u32(exports.length);
  for (const { name, kind, index } of exports) out.name(name).byte(kind).u32(index);
  return out;
}

/** The type of the block around a function's body. */
function writeBlockType(out: ByteWriter, plan: Plan, results: readonly number[]): void {
  const [first] = results;
  if (first === undefined) {
    out.byte(TYPE.empty);
    return;
  }
  if (results.length === 1) {
    out.byte(first);
    return;
  }
  const key = results.join();
  const added = plan.addedTypes.get(key) ?? { index: plan.module.types.length + plan.addedTypes.size, results };
  plan.addedTypes.set(key, added);
  // A type's index is written signed, at most 33 bits; here it is far below 32.
  out.s32(added.index);
}

function writeFunction(out: ByteWriter, plan: Plan, index: number): void {
  const { module, options, globals } = plan;
  const body = module.bodies[index];
  const type = module.types[module.functions[module.importedFunctions + index] ?? -1];
  if (body === undefined || type === undefined) throw new Error(`no body or type for the function ${index}`);
  const reader = new ByteReader(module.bytes, body.start, body.end);
  const metered = new FunctionBody(module, type, reader, globals, options.memoryPagesMax).rewrite();
  const units = 1 + Math.floor(metered.slots / SLOTS_A_UNIT);
  const function_ = new ByteWriter(metered.code.length + metered.locals.length + 64).bytes(metered.locals);
  if (metered.outside === undefined) {
    function_.bytes(metered.code).byte(OP.end);
  } else {
    enterDepth(function_, globals.depth, metered.outside, units, options.callDepth);
    // What was a branch to the function's end, or a return, is one to the end of this block.
    function_.byte(OP.block);
    writeBlockType(function_, plan, type.results);
    function_.bytes(metered.code).byte(OP.end);
    leaveDepth(function_, globals.depth, metered.outside);
    function_.byte(OP.end);
  }
  out.u32(function_.length).bytes(function_.view());
}

function codeSection(plan: Plan): ByteWriter {
  const out = new ByteWriter(4096).u32(plan.module.bodies.length);
  for (let index = 0; index < plan.module.bodies.length; index += 1) writeFunction(out, plan, index);
  return out;
}

function typeSection({ module, addedTypes }: Plan, section: Section | undefined): ByteWriter {
  const { count, rest } = behindCount(module, section);
  const out = new ByteWriter().u32(count + addedTypes.size).bytes(rest);
  for (const { results } of addedTypes.values())
    out
      .raw(TYPE.function)
      .u32(0)
      .u32(results.length)
      .raw(...results);
  return out;
}

function write(plan: Plan): Uint8Array<ArrayBuffer> {
  const { module } = plan;
  const sections = new Map(module.sections.map((section) => [section.id, section]));
  const out = new ByteWriter(module.bytes.length * 2 + 256).bytes(HEADER);
  const put = (id: number, body: ByteWriter | undefined): void => {
    if (body !== undefined) out.section(id, body);
  };
  const copy = (id: number): void => {
    const section = sections.get(id);
    if (section !== undefined) put(id, new ByteWriter().bytes(module.bytes.subarray(section.start, section.end)));
  };
  // The code first: it says which types are added.
  const code = sections.has(SECTION.code) ? codeSection(plan) : undefined;
  if (sections.has(SECTION.type)) put(SECTION.type, typeSection(plan, sections.get(SECTION.type)));
  put(SECTION.import, importSection(plan, sections.get(SECTION.import)));
  copy(SECTION.function);
  copy(SECTION.table);
  put(SECTION.memory, memorySection(plan));
  put(SECTION.global, globalSection(plan, sections.get(SECTION.global)));
  put(SECTION.export, exportSection(plan, sections.get(SECTION.start)));
  if (plan.options.exportStart !== true) copy(SECTION.start);
  copy(SECTION.element);
  copy(SECTION.dataCount);
  put(SECTION.code, code);
  copy(SECTION.data);
  return out.view().slice();
}

function rewrite(core: Uint8Array, options: RewriteOptions): Rewritten {
  checkRange(options.fuel, REWRITE_LIMITS.fuelMax, 'fuel');
  checkRange(options.callDepth, REWRITE_LIMITS.callDepthMax, 'callDepth');
  checkRange(options.memoryPagesMax, REWRITE_LIMITS.memoryPagesMax, 'memoryPagesMax');
  if (core.length > REWRITE_LIMITS.moduleBytesMax) {
    refuse('too-large', `the module has ${core.length} bytes; the limit is ${REWRITE_LIMITS.moduleBytesMax}`);
  }
  const original = core.slice();
  const module = readCoreModule(original, { linked: options.linked === true, memoryPagesMax: options.memoryPagesMax });
  if (!WebAssembly.validate(original)) refuse('not-valid', 'the module is not valid WebAssembly');
  const globals = { fuel: module.globals, depth: module.globals + 1 };
  const memory = cappedMemory(module, options.memoryPagesMax);
  const bytes = write({ module, options, globals, memory, addedTypes: new Map() });
  if (!WebAssembly.validate(bytes)) refuse('not-rewritable', 'the rewritten module is not valid: please report it with the module');
  return { bytes, memory, functions: module.bodies.length };
}

/** Never throws for what `core` holds, and takes time and memory in proportion to its size. */
export function rewriteModule(core: Uint8Array, options: RewriteOptions): Result<Rewritten, RewriteFault> {
  try {
    return ok(rewrite(core, options));
  } catch (thrown) {
    if (thrown instanceof Refusal) return err(thrown.fault);
    throw thrown;
  }
}
