/** What random functions choose from: types, signatures, instructions by what they take and give, numbers at the edges. */
import { signed } from './module-bytes.ts';
import type { Random } from './random.ts';

export type Type = 0x7f | 0x7e | 0x7d | 0x7c;
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const TYPES: readonly Type[] = [I32, I64, F32, F64];
export type Signature = { readonly params: readonly Type[]; readonly results: readonly Type[] };

export const SIGNATURES: readonly Signature[] = [
  { params: [], results: [] },
  { params: [I32], results: [I32] },
  { params: [I32, I64], results: [I64] },
  { params: [F64, F32], results: [F64] },
  { params: [], results: [I32, I64] },
  { params: [I32], results: [I32, I32] },
  { params: [I64, I32, F32], results: [F32] },
  { params: [I32, I32], results: [] },
];
/** The globals: steps that are left, then one of each type. All are exported. */
export const STEPS = 0;
export const MEMORY_BYTES = 65_536;

export const UNARY: Readonly<Record<Type, readonly number[]>> = {
  [I32]: [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1],
  [I64]: [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
  [F32]: [0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91],
  [F64]: [0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f],
};
export const BINARY: Readonly<Record<Type, readonly number[]>> = {
  [I32]: [0x46, 0x47, 0x48, 0x49, 0x4a, 0x4f, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78],
  [I64]: [0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a],
  [F32]: [0x92, 0x93, 0x94, 0x95, 0x96, 0x97],
  [F64]: [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5],
};
/** [opcode, operand]: conversions to the type. Reinterpretations are left out: they would show a NaN's bits. */
export const CONVERSIONS: Readonly<Record<Type, readonly (readonly [readonly number[], Type])[]>> = {
  [I32]: [
    [[0xa7], I64],
    [[0xa8], F32],
    [[0xaa], F64],
    [[0xfc, 0], F32],
    [[0xfc, 3], F64],
    [[0x50], I64],
  ],
  [I64]: [
    [[0xac], I32],
    [[0xad], I32],
    [[0xae], F32],
    [[0xb0], F64],
    [[0xfc, 4], F32],
    [[0xfc, 7], F64],
  ],
  [F32]: [
    [[0xb2], I32],
    [[0xb4], I64],
    [[0xb6], F64],
    [[0xbe], I32],
  ],
  [F64]: [
    [[0xb7], I32],
    [[0xb9], I64],
    [[0xbb], F32],
    [[0xbf], I64],
  ],
};
export const COMPARE: readonly (readonly [number, Type])[] = [
  [0x51, I64],
  [0x53, I64],
  [0x5a, I64],
  [0x5b, F32],
  [0x5d, F32],
  [0x61, F64],
  [0x64, F64],
  [0x66, F64],
];
/** [opcode, alignment]. */
export const LOADS: Readonly<Record<Type, readonly (readonly [number, number])[]>> = {
  [I32]: [
    [0x28, 2],
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ],
  [I64]: [
    [0x29, 3],
    [0x30, 0],
    [0x33, 1],
    [0x35, 2],
  ],
  [F32]: [[0x2a, 2]],
  [F64]: [[0x2b, 3]],
};
export const STORES: Readonly<Record<Type, readonly (readonly [number, number])[]>> = {
  [I32]: [
    [0x36, 2],
    [0x3a, 0],
    [0x3b, 1],
  ],
  [I64]: [
    [0x37, 3],
    [0x3c, 0],
    [0x3e, 2],
  ],
  [F32]: [[0x38, 2]],
  [F64]: [[0x39, 3]],
};

export const INTERESTING = [0n, 1n, -1n, 2n, 7n, 63n, 255n, 65_535n, 0x7fff_ffffn, -0x8000_0000n];
export const INTERESTING_64 = [...INTERESTING, 0x7fff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n];
export const FLOATS = [0, -0, 1, -1, 0.5, 1e9, -3e10, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 123.25];

export function constant(random: Random, type: Type): number[] {
  if (type === I32) return [0x41, ...signed(random.pick(INTERESTING))];
  if (type === I64) return [0x42, ...signed(random.pick(INTERESTING_64))];
  const view = new DataView(new ArrayBuffer(8));
  if (type === F32) {
    view.setFloat32(0, random.pick(FLOATS), true);
    return [0x43, ...new Uint8Array(view.buffer, 0, 4)];
  }
  view.setFloat64(0, random.pick(FLOATS), true);
  return [0x44, ...new Uint8Array(view.buffer)];
}
