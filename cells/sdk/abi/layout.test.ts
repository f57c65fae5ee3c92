import { describe, expect, it } from 'vitest';
import type { WitType } from '../wit/types.ts';
import { alignmentOf, discriminantBytes, fieldOffsets, flatten, sizeOf } from './layout.ts';

const of = (name: 'u8' | 'u16' | 'u32' | 'u64' | 'f32' | 'f64' | 'string'): WitType => ({ kind: 'primitive', name });
const record = (...types: WitType[]): WitType & { kind: 'record' } => ({
  kind: 'record',
  name: 'r',
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});
const variant = (...types: (WitType | undefined)[]): WitType => ({
  kind: 'variant',
  name: 'v',
  cases: types.map((type, index) => ({ name: `c${index}`, type })),
});

describe('layout', () => {
  it.each<[string, WitType, number, number]>([
    ['u8', of('u8'), 1, 1],
    ['string', of('string'), 8, 4],
    ['list of u64', { kind: 'list', element: of('u64') }, 8, 4],
    ['record that ends in a byte', record(of('u8'), of('u32'), of('u8')), 12, 4],
    ['record with padding before 64 bits', record(of('u16'), of('u64')), 16, 8],
    ['option of u64', { kind: 'option', some: of('u64') }, 16, 8],
    ['option of u8', { kind: 'option', some: of('u8') }, 2, 1],
    ['result without values', { kind: 'result', ok: undefined, error: undefined }, 1, 1],
    ['variant of u8 and string', variant(of('u8'), of('string')), 12, 4],
    ['variant without values', variant(undefined, undefined), 1, 1],
    ['enum', { kind: 'enum', name: 'e', cases: ['a', 'b'] }, 1, 1],
  ])('%s', (_name, type, size, alignment) => {
    expect([sizeOf(type), alignmentOf(type)]).toEqual([size, alignment]);
  });

  it('widens the discriminant with the number of cases', () => {
    expect([1, 256, 257, 65_536, 65_537].map(discriminantBytes)).toEqual([1, 1, 2, 2, 4]);
    const wide = variant(...Array.from({ length: 257 }, () => undefined), of('u8'));
    expect([sizeOf(wide), alignmentOf(wide)]).toEqual([4, 2]);
  });

  it('places fields', () => {
    expect(fieldOffsets(record(of('u8'), of('u64'), of('u16'), of('string')).fields).map((field) => field.offset)).toEqual([0, 8, 16, 20]);
  });

  it('joins the flat types of cases', () => {
    expect(flatten(variant(of('u32'), of('f32')))).toEqual(['i32', 'i32']);
    expect(flatten(variant(of('f32'), of('f32')))).toEqual(['i32', 'f32']);
    expect(flatten(variant(of('f32'), of('u64'), record(of('f64'), of('u8'))))).toEqual(['i32', 'i64', 'i32']);
    expect(flatten(variant(of('string'), of('f64')))).toEqual(['i32', 'i64', 'i32']);
    expect(flatten(record(of('u64'), of('f32'), of('string')))).toEqual(['i64', 'f32', 'i32', 'i32']);
  });
});
