/**
 * Small texts that glue is made of: names, and how a value of one core type travels in the place of a wider one, as the canonical ABI
 * wants it where the cases of a variant share their places.
 */
import { type CoreType, discriminantBytes } from '../../../cells/sdk/abi/layout.ts';
import type { WitType } from '../../../cells/sdk/wit/types.ts';

/** A core value's name in the text, and the core type of its place. */
export type Slot = { readonly name: string; readonly core: CoreType };

/** The name that jco gives to a member or a function. */
export function memberName(witName: string): string {
  return witName.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** A member as it is written in an object: every WIT name is one word after camel-casing. */
export function memberAccess(value: string, witName: string): string {
  return `${value}.${memberName(witName)}`;
}

export function widened(expression: string, from: CoreType, to: CoreType): string {
  if (from === to) return expression;
  if (from === 'i32') return `BigInt((${expression}) >>> 0)`;
  if (from === 'f32') return to === 'i32' ? `bitsOfF32(${expression})` : `BigInt(bitsOfF32(${expression}) >>> 0)`;
  return `bitsOfF64(${expression})`;
}

export function narrowed({ name, core }: Slot, to: CoreType): string {
  if (core === to) return name;
  if (to === 'i32') return `Number(BigInt.asIntN(32, ${name}))`;
  if (to === 'f32') return core === 'i32' ? `f32OfBits(${name})` : `f32OfBits(Number(BigInt.asIntN(32, ${name})))`;
  return `f64OfBits(${name})`;
}

export function zeroOf(core: CoreType): string {
  return core === 'i64' ? '0n' : '0';
}

/** Reads the discriminant at a place; `caseCount` fits it. */
export function readDiscriminant(caseCount: number, place: string): string {
  const bytes = discriminantBytes(caseCount);
  if (bytes === 1) return `u8[${place}]`;
  return bytes === 2 ? `u16[(${place}) >>> 1]` : `u32[(${place}) >>> 2]`;
}

export function writeDiscriminant(caseCount: number, place: string, value: string): string {
  return `${readDiscriminant(caseCount, place)} = ${value};`;
}

/** Lists of these are typed arrays, as jco has them. */
const TYPED_ARRAYS: Readonly<Record<string, string>> = {
  u8: 'Uint8Array',
  s8: 'Int8Array',
  u16: 'Uint16Array',
  s16: 'Int16Array',
  u32: 'Uint32Array',
  s32: 'Int32Array',
  u64: 'BigUint64Array',
  s64: 'BigInt64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
};

export function typedArrayOf(element: WitType): string | undefined {
  return element.kind === 'primitive' ? TYPED_ARRAYS[element.name] : undefined;
}

/** An option of an option cannot be told by undefined alone: jco then gives {tag: 'some' | 'none', val}, and so do we. */
export function isTaggedOption(type: WitType): boolean {
  return type.kind === 'option' && type.some.kind === 'option';
}

/** `place + offset`, without the sum where there is none. */
export function at(place: string, offset: number): string {
  return offset === 0 ? place : `${place} + ${offset}`;
}
