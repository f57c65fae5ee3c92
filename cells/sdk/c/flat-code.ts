/**
 * C for values that travel as core parameters instead of in memory: statements that fill a struct from them, and expressions that take
 * a struct apart, after statements added to `before`.
 */
import { type CoreType, flatten } from '../abi/layout.ts';
import { casesOf, type OptionType, type ResultType, type VariantType, type WitType } from '../wit/types.ts';
import { memberName, typeText } from './names.ts';

export const CORE_TYPES: Readonly<Record<CoreType, string>> = { i32: 'int32_t', i64: 'int64_t', f32: 'float', f64: 'double' };

type CasedType = VariantType | OptionType | ResultType;

/** `value` of one core type carried in, or taken out of, a joined one; bits stay as they are. */
function recast(value: string, from: CoreType, to: CoreType): string {
  if (from === to) return value;
  switch (`${from} ${to}`) {
    case 'i64 i32':
      return `(int32_t)(${value})`;
    case 'i32 i64':
      return `(int64_t)(uint32_t)(${value})`;
    case 'i32 f32':
      return `cell_float_of_bits((uint32_t)(${value}))`;
    case 'f32 i32':
      return `(int32_t)cell_bits_of_float(${value})`;
    case 'i64 f64':
      return `cell_double_of_bits((uint64_t)(${value}))`;
    case 'f64 i64':
      return `(int64_t)cell_bits_of_double(${value})`;
    case 'i64 f32':
      return `cell_float_of_bits((uint32_t)(${value}))`;
    case 'f32 i64':
      return `(int64_t)cell_bits_of_float(${value})`;
    default:
      throw new Error(`the canonical ABI never joins ${from} and ${to}`);
  }
}

/** Where case `index` of a value lies, or undefined where it holds nothing. */
function payload(type: CasedType, index: number, value: string): string {
  switch (type.kind) {
    case 'option':
      return `${value}.value`;
    case 'result':
      return index === 0 ? `${value}.value` : `${value}.error`;
    case 'variant':
      return `${value}.as.${memberName(type.cases[index]?.name ?? '')}`;
  }
}

function discriminant(type: CasedType, value: string): string {
  return { option: `${value}.some`, result: `${value}.is_error`, variant: `${value}.tag` }[type.kind];
}

/** Statements that put the value whose core values are `flat` into `target`. */
export function lift(type: WitType, target: string, flat: readonly string[]): string[] {
  const [first = '', second = ''] = flat;
  switch (type.kind) {
    case 'primitive':
      if (type.name === 'string') return [`${target} = (cell_string_t){(const char *)${first}, (size_t)${second}};`];
      return [type.name === 'bool' ? `${target} = ${first} != 0;` : `${target} = (${typeText(type)})${first};`];
    case 'enum':
      return [`${target} = (${typeText(type)})${first};`];
    case 'list':
      return [`${target} = (${typeText(type)}){(${typeText(type.element)} *)${first}, (size_t)${second}};`];
    case 'record': {
      let at = 0;
      return type.fields.flatMap((field) => {
        const width = flatten(field.type).length;
        at += width;
        return lift(field.type, `${target}.${memberName(field.name)}`, flat.slice(at - width, at));
      });
    }
    case 'variant':
    case 'option':
    case 'result': {
      const core = flatten(type);
      const lines = [`${discriminant(type, target)} = ${first};`];
      casesOf(type).forEach((found, index) => {
        if (found === undefined) return;
        const values = flatten(found).map((to, at) => recast(flat[at + 1] ?? '', core[at + 1] ?? to, to));
        lines.push(`if (${first} == ${index}) {`, ...lift(found, payload(type, index, target), values).map((line) => `  ${line}`), '}');
      });
      return lines;
    }
  }
}

/** Gives names that are not used yet to the temporaries of one function. */
export type FreshNames = () => string;

/** Expressions for the core values of `value`. */
export function lower(type: WitType, value: string, fresh: FreshNames, before: string[]): string[] {
  switch (type.kind) {
    case 'primitive':
      if (type.name === 'string') return [`(int32_t)${value}.at`, `(int32_t)${value}.bytes`];
      return [`(${CORE_TYPES[flatten(type)[0] ?? 'i32']})${value}`];
    case 'enum':
      return [`(int32_t)${value}`];
    case 'list':
      return [`(int32_t)${value}.at`, `(int32_t)${value}.count`];
    case 'record':
      return type.fields.flatMap((field) => lower(field.type, `${value}.${memberName(field.name)}`, fresh, before));
    case 'variant':
    case 'option':
    case 'result': {
      const core = flatten(type);
      const names = core.map(() => fresh());
      names.forEach((name, index) => {
        before.push(`${CORE_TYPES[core[index] ?? 'i32']} ${name} = 0;`);
      });
      before.push(`${names[0]} = ${discriminant(type, value)};`);
      casesOf(type).forEach((found, index) => {
        if (found === undefined) return;
        const from = flatten(found);
        const inside: string[] = [];
        lower(found, payload(type, index, value), fresh, inside).forEach((lowered, at) => {
          const exact = from[at] ?? 'i32';
          inside.push(`${names[at + 1]} = ${recast(lowered, exact, core[at + 1] ?? exact)};`);
        });
        before.push(`if (${names[0]} == ${index}) {`, ...inside.map((line) => `  ${line}`), '}');
      });
      return names;
    }
  }
}
