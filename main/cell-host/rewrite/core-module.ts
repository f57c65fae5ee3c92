/**
 * The parts of a core module, read with bounds: what the rewriter has to know, and where the rest stands in the bytes. Whatever a
 * cell may not have is refused here, by its name.
 */
import { ByteReader } from './byte-reader.ts';
import { checkCount, refuse } from './fault.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { TYPE } from './opcode.ts';

export type FunctionType = { readonly params: readonly number[]; readonly results: readonly number[] };
export type Limits = { readonly minimum: number; readonly maximum: number | undefined };
export type ModuleExport = { readonly name: string; readonly kind: number; readonly index: number };
/** A section's place in the bytes; `start` is behind its size. */
export type Section = { readonly id: number; readonly start: number; readonly end: number };
type Body = { readonly start: number; readonly end: number };

export type CoreModule = {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly importCount: number;
  /** Type index of each function, imported ones first. */
  readonly functions: readonly number[];
  readonly importedFunctions: number;
  /** Of the memory that the module defines itself. */
  readonly memory: Limits | undefined;
  readonly memories: number;
  readonly globals: number;
  readonly definedGlobals: number;
  readonly tables: number;
  readonly exports: readonly ModuleExport[];
  readonly bodies: readonly Body[];
};

export type ReadOptions = {
  /** Memory, table and globals may be imported from another module of the same component. */
  readonly linked: boolean;
  readonly memoryPagesMax: number;
};

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

const PAGE_BYTES = 65_536;

/** The order in which sections stand: the data count comes before the code. */
const ORDER: readonly number[] = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

export const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

const TYPE_FEATURES: Readonly<Record<number, string>> = {
  123: 'SIMD',
  112: 'reference types beyond call_indirect',
  111: 'reference types',
};

/** A name of the host's own. `chautari:cell/state@0.1.0` is none: it names an interface. */
function isReserved(name: string): boolean {
  return name.startsWith('chautari:') && !name.includes('/');
}

/**
 * What a name may be made of. jco writes names of core modules between quotes into the JavaScript that the gateway loads, and escapes
 * nothing in them: a quote would end the text and begin a program of the cell's author, on the host's side of the border.
 */
const NAME = /^[\w .:/@#$%[\]|<>=+,;?!&~^()-]*$/;

function readName(reader: ByteReader): string {
  const name = reader.name(REWRITE_LIMITS.nameBytesMax);
  if (!NAME.test(name)) refuse('not-allowed', `the name ${JSON.stringify(name.slice(0, 64))} is not of plain letters, digits and signs`);
  return name;
}

export function readValueType(reader: ByteReader, where: string): number {
  const type = reader.byte();
  if (type === TYPE.i32 || type === TYPE.i64 || type === TYPE.f32 || type === TYPE.f64) return type;
  const feature = TYPE_FEATURES[type] ?? 'garbage-collected or unknown types';
  return refuse('not-allowed', `${where} is of the type 0x${type.toString(16)} (${feature}); a cell has i32, i64, f32 and f64 only`);
}

function readValueTypes(reader: ByteReader, max: number, what: string): number[] {
  const count = checkCount(reader.u32(), max, `${what}s of one function type`);
  return Array.from({ length: count }, () => readValueType(reader, `a ${what}`));
}

function readTypes(reader: ByteReader): FunctionType[] {
  const count = checkCount(reader.u32(), REWRITE_LIMITS.typesMax, 'types');
  return Array.from({ length: count }, () => {
    if (reader.byte() !== TYPE.function) refuse('not-allowed', 'a type is no function type: garbage-collected types are not for cells');
    const params = readValueTypes(reader, REWRITE_LIMITS.paramsMax, 'parameter');
    return { params, results: readValueTypes(reader, REWRITE_LIMITS.resultsMax, 'result') };
  });
}

function readLimits(reader: ByteReader, what: string): Limits {
  const flags = reader.byte();
  if ((flags & 2) !== 0) refuse('not-allowed', `a shared ${what} is of threads, which a cell may not use`);
  if ((flags & 4) !== 0) refuse('not-allowed', `a ${what} of 64 bits (memory64) is not for cells`);
  if ((flags & 8) !== 0) refuse('not-allowed', `a ${what} with a page size of its own is not for cells`);
  if (flags > 1) refuse('not-allowed', `a ${what} with the flags ${flags} is not known`);
  const minimum = reader.u32();
  return { minimum, maximum: flags === 1 ? reader.u32() : undefined };
}

function readTable(reader: ByteReader, linked: boolean): void {
  const type = reader.byte();
  if (type !== TYPE.funcref) refuse('not-allowed', `a table of 0x${type.toString(16)}: a cell has one table of functions only`);
  const { minimum } = readLimits(reader, 'table');
  const max = linked ? REWRITE_LIMITS.linkedTableEntriesMax : REWRITE_LIMITS.tableEntriesMax;
  if (minimum > max) refuse('too-large', `the table has ${minimum} entries; the limit is ${max}`);
}

function checkMemory(limits: Limits, pagesMax: number): Limits {
  if (limits.minimum > pagesMax) {
    refuse('memory-too-large', `the module starts with ${limits.minimum} pages of memory; its budget has ${pagesMax}: build it with less`);
  }
  return limits;
}

type Building = { -readonly [K in keyof CoreModule]: CoreModule[K] } & {
  sections: Section[];
  functions: number[];
  bodies: Body[];
};

function typeIndex(reader: ByteReader, module: Building): number {
  const index = reader.u32();
  if (index >= module.types.length) refuse('not-valid', `the type ${index} does not exist`);
  return index;
}

function readImport(reader: ByteReader, module: Building, options: ReadOptions): void {
  const from = readName(reader);
  const name = readName(reader);
  if (isReserved(from)) refuse('reserved-name', `the import ${from}: names that begin with "chautari:" are the host's own`);
  const kind = reader.byte();
  const imports = (what: string): void => {
    if (!options.linked) refuse('import-refused', `the module imports the ${what} "${name}" of "${from}"; a cell imports functions only`);
  };
  switch (kind) {
    case 0:
      module.functions.push(typeIndex(reader, module));
      return;
    case 1:
      imports('table');
      readTable(reader, options.linked);
      module.tables += 1;
      return;
    case 2:
      imports('memory');
      checkMemory(readLimits(reader, 'memory'), options.memoryPagesMax);
      module.memories += 1;
      return;
    case 3:
      imports('global');
      readValueType(reader, `the imported global "${name}"`);
      if (reader.byte() > 1) refuse('not-allowed', `the imported global "${name}" is shared, which a cell may not use`);
      module.globals += 1;
      return;
    default:
      refuse('not-allowed', `the import "${name}" is of the kind ${kind} (4 is a tag of exception handling), which a cell may not use`);
  }
}

const EXTENDED = [0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e];

/** Past a constant expression: numbers, globals that stand before, and their sums and products. */
function skipConstant(reader: ByteReader, globals: number): void {
  for (let count = 0; count < REWRITE_LIMITS.constantExpressionMax; count += 1) {
    const code = reader.byte();
    if (code === 0x0b) return;
    if (code === 0x41) reader.skipSigned(32);
    else if (code === 0x42) reader.skipSigned(64);
    else if (code === 0x43) reader.skip(4);
    else if (code === 0x44) reader.skip(8);
    else if (code === 0x23) {
      const index = reader.u32();
      if (index >= globals) refuse('not-valid', `a constant reads the global ${index}, which does not exist before it`);
    } else if (!EXTENDED.includes(code)) {
      refuse(
        'not-allowed',
        `the constant at byte ${reader.at - 1} uses the instruction 0x${code.toString(16)}, which a cell may not use there`,
      );
    }
  }
  refuse('too-large', `a constant has more than ${REWRITE_LIMITS.constantExpressionMax} instructions`);
}

function readGlobals(reader: ByteReader, module: Building): void {
  const count = reader.u32();
  checkCount(count + module.globals, REWRITE_LIMITS.globalsMax, 'globals');
  for (let index = 0; index < count; index += 1) {
    readValueType(reader, 'a global');
    if (reader.byte() > 1) refuse('not-allowed', 'a shared global is of threads, which a cell may not use');
    skipConstant(reader, module.globals + index);
  }
  module.definedGlobals = count;
  module.globals += count;
}

function readExports(reader: ByteReader): ModuleExport[] {
  const count = checkCount(reader.u32(), REWRITE_LIMITS.exportsMax, 'exports');
  return Array.from({ length: count }, () => {
    const name = readName(reader);
    if (isReserved(name)) refuse('reserved-name', `the export ${name}: names that begin with "chautari:" are the host's own`);
    return { name, kind: reader.byte(), index: reader.u32() };
  });
}

function readBodies(reader: ByteReader, module: Building): void {
  const count = reader.u32();
  if (count !== module.functions.length - module.importedFunctions) refuse('not-valid', 'there are not as many bodies as functions');
  for (let index = 0; index < count; index += 1) {
    const size = reader.u32();
    if (size > REWRITE_LIMITS.functionBytesMax) {
      refuse('too-large', `the function ${index} has ${size} bytes; the limit is ${REWRITE_LIMITS.functionBytesMax}`);
    }
    const { at, end } = reader.part(size);
    module.bodies.push({ start: at, end });
  }
}

/**
 * Contents are copied; the engine's own validation reads them. Each instance writes them into its table or memory before any fuel is
 * counted, so how much that can be is bounded.
 */
function readSegments(reader: ByteReader, bytesMax: number, what: string): void {
  const bytes = reader.end - reader.at;
  if (bytes > bytesMax) refuse('too-large', `the segments of ${what} have ${bytes} bytes; the limit is ${bytesMax}`);
  checkCount(reader.u32(), REWRITE_LIMITS.segmentsMax, `segments of ${what}`);
}

function readSection(id: number, reader: ByteReader, module: Building, options: ReadOptions): void {
  switch (id) {
    case SECTION.type:
      module.types = readTypes(reader);
      break;
    case SECTION.import:
      module.importCount = checkCount(reader.u32(), REWRITE_LIMITS.importsMax, 'imports');
      for (let index = 0; index < module.importCount; index += 1) readImport(reader, module, options);
      module.importedFunctions = module.functions.length;
      break;
    case SECTION.function: {
      const count = checkCount(reader.u32(), REWRITE_LIMITS.functionsMax, 'functions');
      for (let index = 0; index < count; index += 1) module.functions.push(typeIndex(reader, module));
      break;
    }
    case SECTION.table: {
      const count = reader.u32();
      for (let index = 0; index < count && index < 2; index += 1) readTable(reader, options.linked);
      module.tables += count;
      break;
    }
    case SECTION.memory: {
      const count = reader.u32();
      if (count > 0) module.memory = checkMemory(readLimits(reader, 'memory'), options.memoryPagesMax);
      module.memories += count;
      break;
    }
    case SECTION.global:
      readGlobals(reader, module);
      break;
    case SECTION.export:
      module.exports = readExports(reader);
      break;
    case SECTION.code:
      readBodies(reader, module);
      break;
    case SECTION.element:
      readSegments(reader, REWRITE_LIMITS.elementBytesMax, 'elements');
      return;
    case SECTION.data:
      readSegments(reader, options.memoryPagesMax * PAGE_BYTES + REWRITE_LIMITS.dataBytesBeyondMemoryMax, 'data');
      return;
    default:
      return;
  }
  if (module.memories > 1) refuse('not-allowed', 'the module has several memories; a cell has one');
  if (module.tables > 1) refuse('not-allowed', 'the module has several tables; a cell has one');
  reader.expectDone(`the section ${id}`);
}

/** Reads a module. Throws a Refusal only. */
export function readCoreModule(bytes: Uint8Array, options: ReadOptions): CoreModule {
  const reader = new ByteReader(bytes);
  for (const expected of HEADER) {
    if (reader.done || reader.byte() !== expected) refuse('not-valid', 'these bytes are no core module of WebAssembly, version 1');
  }
  const module: Building = {
    bytes,
    sections: [],
    types: [],
    importCount: 0,
    functions: [],
    importedFunctions: 0,
    memory: undefined,
    memories: 0,
    globals: 0,
    definedGlobals: 0,
    tables: 0,
    exports: [],
    bodies: [],
  };
  let place = -1;
  let customs = 0;
  while (!reader.done) {
    const id = reader.byte();
    const part = reader.part(reader.u32());
    if (id === SECTION.custom) {
      customs += 1;
      checkCount(customs, REWRITE_LIMITS.sectionsMax, 'custom sections');
      continue;
    }
    if (id === SECTION.tag) refuse('not-allowed', 'the module has a section of tags: exception handling is not for cells');
    const next = ORDER.indexOf(id);
    if (next < 0) refuse('not-valid', `the section ${id} is not known`);
    if (next <= place) refuse('not-valid', `the section ${id} stands twice or out of order`);
    place = next;
    module.sections.push({ id, start: part.at, end: part.end });
    readSection(id, part, module, options);
  }
  if (module.bodies.length !== module.functions.length - module.importedFunctions) {
    refuse('not-valid', 'there are not as many bodies as functions');
  }
  return module;
}
