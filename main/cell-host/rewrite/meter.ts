/**
 * The instructions that metering puts into a module. Two globals that the module cannot name count down the fuel and count up the depth.
 *
 * Fuel never wraps: it is compared before it is lowered. It starts at 1 to 10^9. A charge first compares it with a cost c, 0 <= c < 2^31, as
 * signed numbers; where it is less, it becomes -1 and the instance traps; else fuel - c is between 0 and fuel. So it is never
 * below -1, whatever runs after a trap, and once -1 every charge of a positive cost traps. Depth likewise: it is compared with limit - units
 * before units are added, so it is never above limit + 1.
 */
import type { ByteWriter } from './byte-writer.ts';
import { COST, OP, TYPE } from './opcode.ts';

export type MeterGlobals = { readonly fuel: number; readonly depth: number };

const SPENT = -1;

/** Ends the instance with the fuel global at -1. */
function stopSpent(out: ByteWriter, fuel: number): void {
  out.raw(OP.if, TYPE.empty, OP.i32Const).s32(SPENT).raw(OP.globalSet).u32(fuel).raw(OP.unreachable, OP.end);
}

/** Charges a cost that is known when the module is rewritten. */
export function chargeConstant(out: ByteWriter, fuel: number, cost: number): void {
  if (cost === 0) return;
  out.raw(OP.globalGet).u32(fuel).raw(OP.i32Const).s32(cost).raw(OP.i32LtS);
  stopSpent(out, fuel);
  out.raw(OP.globalGet).u32(fuel).raw(OP.i32Const).s32(cost).raw(OP.i32Sub, OP.globalSet).u32(fuel);
}

/** Charges what `push` leaves on the stack, an i32 that is not negative. */
function chargeDynamic(out: ByteWriter, fuel: number, push: () => void): void {
  out.raw(OP.globalGet).u32(fuel);
  push();
  out.raw(OP.i32LtS);
  stopSpent(out, fuel);
  out.raw(OP.globalGet).u32(fuel);
  push();
  out.raw(OP.i32Sub, OP.globalSet).u32(fuel);
}

/** The length on top of the stack, unsigned, divided by 2^shift: shift is 1 at least, so that the charge is not negative. */
export function chargeLength(out: ByteWriter, fuel: number, scratch: number, shift: number): void {
  out.raw(OP.localTee).u32(scratch);
  chargeDynamic(out, fuel, () => out.raw(OP.localGet).u32(scratch).raw(OP.i32Const).s32(shift).raw(OP.i32ShrU));
  // The length is still there: local.tee left it.
}

/** The pages on top of the stack; more than there can be cost nothing, because then nothing grows. */
export function chargePages(out: ByteWriter, fuel: number, scratch: number, pagesMax: number): void {
  out.raw(OP.localTee).u32(scratch);
  chargeDynamic(out, fuel, () => {
    out.raw(OP.localGet).u32(scratch).raw(OP.i32Const).s32(0);
    out.raw(OP.localGet).u32(scratch).raw(OP.i32Const).s32(pagesMax).raw(OP.i32GtU, OP.i32Eqz, OP.select);
    out.raw(OP.i32Const).s32(COST.growPageShift).raw(OP.i32Shl);
  });
}

/** Enters a function of so many units; `saved` is the local that keeps the depth outside of it, where one is wanted. */
export function enterDepth(out: ByteWriter, depth: number, units: number, limit: number, saved: number | undefined): void {
  out
    .raw(OP.globalGet)
    .u32(depth)
    .raw(OP.i32Const)
    .s32(limit - units)
    .raw(OP.i32GtS, OP.if, TYPE.empty);
  out
    .raw(OP.i32Const)
    .s32(limit + 1)
    .raw(OP.globalSet)
    .u32(depth)
    .raw(OP.unreachable, OP.end);
  out.raw(OP.globalGet).u32(depth);
  if (saved !== undefined) out.raw(OP.localTee).u32(saved);
  out.raw(OP.i32Const).s32(units).raw(OP.i32Add, OP.globalSet).u32(depth);
}

/** Before a tail call, which puts another frame in the place of this one: the depth outside of it. */
export function restoreDepth(out: ByteWriter, depth: number, saved: number): void {
  out.raw(OP.localGet).u32(saved).raw(OP.globalSet).u32(depth);
}

export function leaveDepth(out: ByteWriter, depth: number, units: number): void {
  out.raw(OP.globalGet).u32(depth).raw(OP.i32Const).s32(units).raw(OP.i32Sub, OP.globalSet).u32(depth);
}

/** Makes the NaN on top of the stack, if it is one, the canonical NaN: the only one whose bits are the same on every processor. */
export function canonicalNan(out: ByteWriter, type: 'f32' | 'f64', scratch: number): void {
  out.raw(OP.localTee).u32(scratch);
  if (type === 'f32') out.raw(OP.f32Const, 0, 0, 0xc0, 0x7f);
  else out.raw(OP.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
  out.raw(OP.localGet).u32(scratch).raw(OP.localGet).u32(scratch);
  out.raw(type === 'f32' ? OP.f32Eq : OP.f64Eq, OP.select);
}
