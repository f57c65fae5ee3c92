/**
 * The canonical ABI's layout of values, as the component model defines it: alignment and size in linear memory, the flat core types
 * of parameters, and the core signature of a function. Pure arithmetic; nothing here knows a language.
 */
import { casesOf, type Field, type PrimitiveType, type RecordType, type WitFunction, type WitType } from '../wit/types.ts';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';
export type CoreSignature = { parameters: CoreType[]; results: CoreType[] };

/** More flat parameters than this travel in memory, behind one pointer; more flat results than one as well. */
export const FLAT_PARAMETERS_MAX = 16;
export const FLAT_RESULTS_MAX = 1;

const POINTER_BYTES = 4;

const PRIMITIVE_BYTES: Record<Exclude<PrimitiveType['name'], 'string'>, number> = {
  bool: 1,
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  f32: 4,
  char: 4,
  u64: 8,
  s64: 8,
  f64: 8,
};

export function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** Bytes of the number that says which case a value is. */
export function discriminantBytes(caseCount: number): 1 | 2 | 4 {
  if (caseCount <= 0x100) return 1;
  return caseCount <= 0x10000 ? 2 : 4;
}

export function alignmentOf(type: WitType): number {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'string' ? POINTER_BYTES : PRIMITIVE_BYTES[type.name];
    case 'list':
      return POINTER_BYTES;
    case 'record':
      return Math.max(1, ...type.fields.map((field) => alignmentOf(field.type)));
    case 'enum':
      return discriminantBytes(type.cases.length);
    case 'variant':
    case 'option':
    case 'result':
      return Math.max(discriminantBytes(casesOf(type).length), payloadAlignment(casesOf(type)));
  }
}

function payloadAlignment(cases: (WitType | undefined)[]): number {
  return Math.max(1, ...cases.map((found) => (found === undefined ? 1 : alignmentOf(found))));
}

/** Where the value of a case begins behind the discriminant. */
export function payloadOffset(cases: (WitType | undefined)[]): number {
  return alignUp(discriminantBytes(cases.length), payloadAlignment(cases));
}

export function sizeOf(type: WitType): number {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'string' ? 2 * POINTER_BYTES : PRIMITIVE_BYTES[type.name];
    case 'list':
      return 2 * POINTER_BYTES;
    case 'record': {
      const last = fieldOffsets(type.fields).at(-1);
      return last === undefined ? 0 : alignUp(last.offset + sizeOf(last.type), alignmentOf(type));
    }
    case 'enum':
      return discriminantBytes(type.cases.length);
    case 'variant':
    case 'option':
    case 'result': {
      const cases = casesOf(type);
      const largest = Math.max(0, ...cases.map((found) => (found === undefined ? 0 : sizeOf(found))));
      return alignUp(payloadOffset(cases) + largest, alignmentOf(type));
    }
  }
}

/** The fields of a record with the byte where each begins. */
export function fieldOffsets(fields: Field[]): (Field & { offset: number })[] {
  let end = 0;
  return fields.map((field) => {
    const offset = alignUp(end, alignmentOf(field.type));
    end = offset + sizeOf(field.type);
    return { ...field, offset };
  });
}

/** The parameters of a function seen as a record, as they travel when they are too many. */
export function parameterRecord(parameters: Field[]): RecordType {
  return { kind: 'record', name: 'parameters', fields: parameters };
}

/** One core type that can carry either of two. */
function joinCore(left: CoreType, right: CoreType): CoreType {
  if (left === right) return left;
  const narrow = (type: CoreType) => type === 'i32' || type === 'f32';
  return narrow(left) && narrow(right) ? 'i32' : 'i64';
}

export function flatten(type: WitType): CoreType[] {
  switch (type.kind) {
    case 'primitive':
      if (type.name === 'string') return ['i32', 'i32'];
      if (type.name === 'u64' || type.name === 's64') return ['i64'];
      return [type.name === 'f32' || type.name === 'f64' ? type.name : 'i32'];
    case 'list':
      return ['i32', 'i32'];
    case 'record':
      return type.fields.flatMap((field) => flatten(field.type));
    case 'enum':
      return ['i32'];
    case 'variant':
    case 'option':
    case 'result': {
      const joined: CoreType[] = [];
      for (const found of casesOf(type)) {
        if (found === undefined) continue;
        flatten(found).forEach((core, index) => {
          const before = joined[index];
          joined[index] = before === undefined ? core : joinCore(before, core);
        });
      }
      return ['i32', ...joined];
    }
  }
}

function flatParameters(found: WitFunction): CoreType[] {
  return found.parameters.flatMap((parameter) => flatten(parameter.type));
}

export function hasIndirectParameters(found: WitFunction): boolean {
  return flatParameters(found).length > FLAT_PARAMETERS_MAX;
}

export function hasIndirectResult(found: WitFunction): boolean {
  return found.result !== undefined && flatten(found.result).length > FLAT_RESULTS_MAX;
}

/** An import whose result travels in memory gets the place for it as its last parameter; an export returns the place. */
export function coreSignature(found: WitFunction, direction: 'import' | 'export'): CoreSignature {
  const parameters: CoreType[] = hasIndirectParameters(found) ? ['i32'] : flatParameters(found);
  if (found.result === undefined) return { parameters, results: [] };
  if (!hasIndirectResult(found)) return { parameters, results: flatten(found.result) };
  return direction === 'import' ? { parameters: [...parameters, 'i32'], results: [] } : { parameters, results: ['i32'] };
}
