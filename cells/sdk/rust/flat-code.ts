/** Rust for values that travel as core parameters instead of in memory: an expression over their names, and expressions to pass. */
import { type CoreType, flatten } from '../abi/layout.ts';
import { casesOf, type OptionType, type ResultType, type VariantType, type WitType } from '../wit/types.ts';
import { caseMaker, type MemoryCode } from './memory-code.ts';
import { memberName, SCALARS, typeText } from './types.ts';

type CasedType = VariantType | OptionType | ResultType;

/** `value` of one core type carried in, or taken out of, a joined one; bits stay as they are. */
function recast(value: string, from: CoreType, to: CoreType): string {
  if (from === to) return value;
  switch (`${from} ${to}`) {
    case 'i64 i32':
      return `(${value} as i32)`;
    case 'i32 i64':
      return `(${value} as u32 as i64)`;
    case 'i32 f32':
    case 'i64 f32':
      return `f32::from_bits(${value} as u32)`;
    case 'f32 i32':
      return `(${value}.to_bits() as i32)`;
    case 'i64 f64':
      return `f64::from_bits(${value} as u64)`;
    case 'f64 i64':
    case 'f32 i64':
      return `(${value}.to_bits() as i64)`;
    default:
      throw new Error(`the canonical ABI never joins ${from} and ${to}`);
  }
}

/** A pattern or an expression of case `index` over `value`. */
function caseText(type: CasedType, index: number, value: string | undefined): string {
  switch (type.kind) {
    case 'option':
      return value === undefined ? 'None' : `Some(${value})`;
    case 'result':
      return `${index === 0 ? 'Ok' : 'Err'}(${value ?? '()'})`;
    case 'variant':
      return caseMaker(type, index, value);
  }
}

export class FlatCode {
  readonly #memory: MemoryCode;
  #names = 0;

  constructor(memory: MemoryCode) {
    this.#memory = memory;
  }

  #fresh(): string {
    this.#names += 1;
    return `t${this.#names}`;
  }

  lift(type: WitType, flat: readonly string[]): string {
    const [first = '', second = ''] = flat;
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `text(${first} as u32, ${second} as u32)`;
        if (type.name === 'bool') return `${first} != 0`;
        return type.name === 'char' ? `char::from_u32_unchecked(${first} as u32)` : `${first} as ${SCALARS[type.name]}`;
      case 'enum': {
        const arms = type.cases.map((_name, index) => `${index} => ${caseMaker(type, index, undefined)}, `).join('');
        return `(match ${first} { ${arms}_ => unreachable!() })`;
      }
      case 'list':
        return this.#memory.liftList(type, `${first} as u32`, `${second} as u32`);
      case 'record': {
        let at = 0;
        const fields = type.fields.map((field) => {
          const width = flatten(field.type).length;
          at += width;
          return `${memberName(field.name)}: ${this.lift(field.type, flat.slice(at - width, at))}`;
        });
        return `${typeText(type)} { ${fields.join(', ')} }`;
      }
      case 'variant':
      case 'option':
      case 'result': {
        const core = flatten(type);
        const arms = casesOf(type).map((found, index) => {
          const values = found === undefined ? [] : flatten(found).map((to, at) => recast(flat[at + 1] ?? '', core[at + 1] ?? to, to));
          return `${index} => ${caseText(type, index, found === undefined ? undefined : this.lift(found, values))}, `;
        });
        return `(match ${first} { ${arms.join('')}_ => unreachable!() })`;
      }
    }
  }

  /** Expressions for the core values of `value`, an expression of type `&T`, after statements added to `before`. */
  lower(type: WitType, value: string, before: string[]): string[] {
    switch (type.kind) {
      case 'primitive': {
        if (type.name === 'string') return [`${value}.as_ptr() as i32`, `${value}.len() as i32`];
        const core = flatten(type)[0] ?? 'i32';
        return [`(*${value} as ${core})`];
      }
      case 'enum':
        return [`(*${value} as i32)`];
      case 'list':
        return [`(${this.#memory.lowerList(type, value)}) as i32`, `${value}.len() as i32`];
      case 'record':
        return type.fields.flatMap((field) => this.lower(field.type, `(&${value}.${memberName(field.name)})`, before));
      case 'variant':
      case 'option':
      case 'result':
        return this.#lowerCased(type, value, before);
    }
  }

  #lowerCased(type: CasedType, value: string, before: string[]): string[] {
    const core = flatten(type);
    const names = core.map(() => this.#fresh());
    names.forEach((name, index) => {
      const zero = core[index] === 'f32' || core[index] === 'f64' ? '0.0' : '0';
      before.push(`#[allow(unused_assignments)] let mut ${name}: ${core[index]} = ${zero};`);
    });
    const arms = casesOf(type).map((found, index) => {
      const inside = [`${names[0]} = ${index};`];
      const from = found === undefined ? [] : flatten(found);
      const lowered = found === undefined ? [] : this.lower(found, 'x', inside);
      lowered.forEach((text, at) => {
        const exact = from[at] ?? 'i32';
        inside.push(`${names[at + 1]} = ${recast(`(${text})`, exact, core[at + 1] ?? exact)};`);
      });
      return `${caseText(type, index, found === undefined ? (type.kind === 'result' ? '_' : undefined) : 'x')} => { ${inside.join(' ')} }`;
    });
    before.push(`match ${value} { ${arms.join(' ')} }`);
    return names;
  }
}
