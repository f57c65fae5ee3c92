/**
 * The instructions that a cell may use, one row each: what follows in the bytes, what it takes from and leaves on the operand stack, and
 * what it costs. Whatever has no row is refused, with the name of the proposal it belongs to.
 */
import { refuse } from './fault.ts';

/** How the bytes after the opcode are read. Control flow and calls are read by the body's rewriter itself. */
export type Immediate = 'none' | 'index' | 'local' | 'global' | 'i32' | 'i64' | 'f32' | 'f64' | 'memory-argument' | 'zero-byte' | 'control';

export type Opcode = {
  readonly immediate: Immediate;
  readonly pops: number;
  readonly pushes: number;
  readonly cost: number;
  /** The result may be a NaN whose bits differ between processors: it is made canonical. */
  readonly nan?: 'f32' | 'f64';
};

export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  select: 0x1b,
  typedSelect: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i32Const: 0x41,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32LtS: 0x48,
  i32GtS: 0x4a,
  i32GtU: 0x4b,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  bulk: 0xfc,
} as const;

export const BULK = { memoryInit: 8, dataDrop: 9, memoryCopy: 10, memoryFill: 11, tableInit: 12, elementDrop: 13, tableCopy: 14 } as const;

export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, function: 0x60, funcref: 0x70, empty: 0x40 } as const;

/**
 * Fuel stands for time, so what takes much longer than an addition costs more: a division of 64 bits takes 20 to 40 cycles on the
 * processors of the boxes, a call several stores. Blocks and their ends are no instructions of the machine and cost nothing.
 */
export const COST = {
  plain: 1,
  divide32: 4,
  divide64: 8,
  call: 2,
  callIndirect: 4,
  /** Entering a function, and one for each 8 of its slots, which are cleared. */
  enter: 2,
  /** A bulk operation is a call of the engine's own code, and then one for each 8 bytes, or 32 for each entry of a table. */
  bulk: 64,
  bulkBytesShift: 3,
  entryShift: 5,
  /** The engine makes a new buffer for each growth, even of no page. */
  grow: 1024,
  growPageShift: 12,
} as const;

const table: (Opcode | undefined)[] = [];

function rows(first: number, last: number, immediate: Immediate, pops: number, pushes: number, cost: number = COST.plain): void {
  for (let code = first; code <= last; code += 1) table[code] = { immediate, pops, pushes, cost };
}

rows(0x00, 0x00, 'control', 0, 0);
rows(0x01, 0x01, 'none', 0, 0);
rows(0x02, 0x03, 'control', 0, 0, 0);
rows(0x04, 0x04, 'control', 1, 0);
rows(0x05, 0x05, 'control', 0, 0, 0);
rows(0x0b, 0x0b, 'control', 0, 0, 0);
rows(0x0c, 0x0c, 'control', 0, 0);
rows(0x0d, 0x0e, 'control', 1, 0);
rows(0x0f, 0x0f, 'control', 0, 0);
rows(0x10, 0x10, 'control', 0, 0, COST.call);
rows(0x11, 0x11, 'control', 1, 0, COST.callIndirect);
rows(0x12, 0x12, 'control', 0, 0, COST.call);
rows(0x13, 0x13, 'control', 1, 0, COST.callIndirect);
rows(0x1a, 0x1a, 'none', 1, 0);
rows(0x1b, 0x1b, 'none', 3, 1);
rows(0x1c, 0x1c, 'control', 3, 1);
rows(0x20, 0x20, 'local', 0, 1);
rows(0x21, 0x21, 'local', 1, 0);
rows(0x22, 0x22, 'local', 1, 1);
rows(0x23, 0x23, 'global', 0, 1);
rows(0x24, 0x24, 'global', 1, 0);
// Loads, stores.
rows(0x28, 0x35, 'memory-argument', 1, 1);
rows(0x36, 0x3e, 'memory-argument', 2, 0);
rows(0x3f, 0x3f, 'zero-byte', 0, 1);
rows(0x40, 0x40, 'zero-byte', 1, 1, COST.grow);
rows(0x41, 0x41, 'i32', 0, 1);
rows(0x42, 0x42, 'i64', 0, 1);
rows(0x43, 0x43, 'f32', 0, 1);
rows(0x44, 0x44, 'f64', 0, 1);
// Comparisons: the two eqz take one operand.
rows(0x45, 0x66, 'none', 2, 1);
rows(0x45, 0x45, 'none', 1, 1);
rows(0x50, 0x50, 'none', 1, 1);
// Integers: counting bits takes one operand, the rest two.
rows(0x67, 0x69, 'none', 1, 1);
rows(0x6a, 0x78, 'none', 2, 1);
rows(0x6d, 0x70, 'none', 2, 1, COST.divide32);
rows(0x79, 0x7b, 'none', 1, 1);
rows(0x7c, 0x8a, 'none', 2, 1);
rows(0x7f, 0x82, 'none', 2, 1, COST.divide64);
// Floats: abs, neg, ceil, floor, trunc, nearest, sqrt take one operand; add, sub, mul, div, min, max, copysign two.
rows(0x8b, 0x91, 'none', 1, 1);
rows(0x92, 0x98, 'none', 2, 1);
rows(0x99, 0x9f, 'none', 1, 1);
rows(0xa0, 0xa6, 'none', 2, 1);
// Conversions and sign extension.
rows(0xa7, 0xc4, 'none', 1, 1);

const NAN_F32 = [0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xb6];
const NAN_F64 = [0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xbb];
const SLOW_FLOATS = [0x91, 0x95, 0x9f, 0xa3];
function adjust(code: number, change: Partial<Opcode>): void {
  const row = table[code];
  if (row === undefined) throw new Error(`no row for the opcode ${code}`);
  table[code] = { ...row, ...change };
}
for (const code of NAN_F32) adjust(code, { nan: 'f32' });
for (const code of NAN_F64) adjust(code, { nan: 'f64' });
for (const code of SLOW_FLOATS) adjust(code, { cost: COST.divide32 });

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`;
}

function featureOf(code: number): string {
  if ((code >= 0x06 && code <= 0x0a) || code === 0x18 || code === 0x19 || code === 0x1f) return 'exception handling';
  if (code === 0x14 || code === 0x15) return 'calls by reference';
  if (code === 0x25 || code === 0x26 || (code >= 0xd0 && code <= 0xd6)) return 'reference types beyond call_indirect';
  if (code === 0xfb) return 'garbage-collected types';
  if (code === 0xfd) return 'SIMD';
  if (code === 0xfe) return 'threads';
  return 'instructions that this release does not know';
}

export function opcodeOf(code: number, at: number): Opcode {
  return (
    table[code] ?? refuse('not-allowed', `the instruction ${hex(code)} at byte ${at} is of ${featureOf(code)}, which a cell may not use`)
  );
}

export function refuseBulk(code: number, at: number): never {
  const feature = code >= 15 && code <= 17 ? 'reference types beyond call_indirect' : 'instructions that this release does not know';
  return refuse('not-allowed', `the instruction 0xfc ${code} at byte ${at} is of ${feature}, which a cell may not use`);
}
