/**
 * The instructions that metering puts into a module. Two globals that the module cannot name count down the fuel and count up the depth.
 *
 * Fuel never wraps. It starts at 1 to 10^9 and is written here alone (and by the host, which keeps it at -1 or more): with -1, or with
 * fuel - c where that is not negative. Each cost c is from 0 to 2^31 - 1: what a body of 256 KiB can cost is below 2^28, a length divided
 * by 8 below 2^29, pages times 4,096 at most 2^26, entries times 32 at most 2^19. So fuel is at least -1, and fuel - c at least -1 - (2^31 - 1) = -2^31, which an
 * i32 holds. Once it is -1 every charge of more than nothing traps again, whatever still runs. Depth is compared with limit - units before units
 * are added, so it is never above limit + 1.
 */
import type { ByteWriter } from './byte-writer.ts';
import { OP, TYPE } from './opcode.ts';

export type MeterGlobals = { readonly fuel: number; readonly depth: number };

const SPENT = -1;

/** Ends the instance where the fuel that would be left, in `left`, is negative; else it is the fuel. */
function keepOrStop(out: ByteWriter, fuel: number, left: number): void {
  out.raw(OP.localTee).u32(left).raw(OP.i32Const).s32(0).raw(OP.i32LtS, OP.if, TYPE.empty, OP.i32Const).s32(SPENT);
  out.raw(OP.globalSet).u32(fuel).raw(OP.unreachable, OP.end, OP.localGet).u32(left).raw(OP.globalSet).u32(fuel);
}

/** Charges a cost that is known when the module is rewritten. */
export function chargeConstant(out: ByteWriter, fuel: number, left: number, cost: number): void {
  out.raw(OP.globalGet).u32(fuel).raw(OP.i32Const).s32(cost).raw(OP.i32Sub);
  keepOrStop(out, fuel, left);
}

export type LengthScratch = { readonly left: number; readonly length: number };

/** The length on top of the stack, unsigned, divided by 2^shift: shift is 1 or more, so that the cost is not negative. The length stays. */
export function chargeLength(out: ByteWriter, fuel: number, { left, length }: LengthScratch, shift: number): void {
  out.raw(OP.localTee).u32(length).raw(OP.globalGet).u32(fuel);
  out.raw(OP.localGet).u32(length).raw(OP.i32Const).s32(shift).raw(OP.i32ShrU, OP.i32Sub);
  keepOrStop(out, fuel, left);
}

/**
 * The number on top of the stack times 2^shift; one above `max` costs nothing, because then nothing is done: memory does not grow, and a
 * table operation traps. The number stays.
 */
export function chargeBounded(out: ByteWriter, fuel: number, { left, length }: LengthScratch, max: number, shift: number): void {
  out.raw(OP.localTee).u32(length).raw(OP.globalGet).u32(fuel).raw(OP.localGet).u32(length).raw(OP.i32Const).s32(0);
  out.raw(OP.localGet).u32(length).raw(OP.i32Const).s32(max).raw(OP.i32GtU, OP.i32Eqz, OP.select);
  out.raw(OP.i32Const).s32(shift).raw(OP.i32Shl, OP.i32Sub);
  keepOrStop(out, fuel, left);
}

/** Enters a function of so many units; `outside` is the local that keeps the depth outside of it. */
export function enterDepth(out: ByteWriter, depth: number, outside: number, units: number, limit: number): void {
  out
    .raw(OP.globalGet)
    .u32(depth)
    .raw(OP.localTee)
    .u32(outside)
    .raw(OP.i32Const)
    .s32(limit - units);
  out
    .raw(OP.i32GtS, OP.if, TYPE.empty, OP.i32Const)
    .s32(limit + 1)
    .raw(OP.globalSet)
    .u32(depth)
    .raw(OP.unreachable, OP.end);
  out.raw(OP.localGet).u32(outside).raw(OP.i32Const).s32(units).raw(OP.i32Add, OP.globalSet).u32(depth);
}

/** Where a function ends, and before a tail call, which puts another frame in the place of this one. */
export function leaveDepth(out: ByteWriter, depth: number, outside: number): void {
  out.raw(OP.localGet).u32(outside).raw(OP.globalSet).u32(depth);
}

/** Makes the NaN on top of the stack, if it is one, the canonical NaN: the only one whose bits are the same on every processor. */
export function canonicalNan(out: ByteWriter, type: 'f32' | 'f64', scratch: number): void {
  out.raw(OP.localTee).u32(scratch);
  if (type === 'f32') out.raw(OP.f32Const, 0, 0, 0xc0, 0x7f);
  else out.raw(OP.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
  out.raw(OP.localGet).u32(scratch).raw(OP.localGet).u32(scratch);
  out.raw(type === 'f32' ? OP.f32Eq : OP.f64Eq, OP.select);
}
