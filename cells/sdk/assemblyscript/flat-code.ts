/**
 * Code for values that travel as core parameters and results instead of in memory. Lifting gives an expression over the parameters'
 * names; lowering gives expressions, after statements that it adds to `before`.
 */
import { type CoreType, flatten } from '../abi/layout.ts';
import { casesOf, type WitType } from '../wit/types.ts';
import type { MemoryCode } from './memory-code.ts';
import { memberName } from './names.ts';
import { type CasedType, caseMaker, caseNumber, casePayload, keyOf, SCALARS, typeText } from './types.ts';

/** `value` of one core type carried in, or taken out of, a joined one; bits stay as they are. */
function recast(value: string, from: CoreType, to: CoreType): string {
  if (from === to) return value;
  switch (`${from} ${to}`) {
    case 'i64 i32':
      return `<i32>${value}`;
    case 'i32 i64':
      return `<i64><u32>${value}`;
    case 'i32 f32':
      return `reinterpret<f32>(${value})`;
    case 'f32 i32':
      return `reinterpret<i32>(${value})`;
    case 'i64 f64':
      return `reinterpret<f64>(${value})`;
    case 'f64 i64':
      return `reinterpret<i64>(${value})`;
    case 'i64 f32':
      return `reinterpret<f32>(<i32>${value})`;
    case 'f32 i64':
      return `<i64><u32>reinterpret<i32>(${value})`;
    default:
      throw new Error(`the canonical ABI never joins ${from} and ${to}`);
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

  /** An expression for the value whose core values are `flat`. */
  lift(type: WitType, flat: string[]): string {
    const [first = '', second = ''] = flat;
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `liftString(<usize>${first}, ${second})`;
        return type.name === 'bool' ? `${first} !== 0` : `<${SCALARS[type.name]}>${first}`;
      case 'enum':
        return first;
      case 'list':
        return this.#memory.liftList(type, `<usize>${first}`, second);
      case 'record': {
        let at = 0;
        const fields = type.fields.map((field) => {
          const width = flatten(field.type).length;
          at += width;
          return this.lift(field.type, flat.slice(at - width, at));
        });
        return `new ${typeText(type)}(${fields.join(', ')})`;
      }
      case 'variant':
      case 'option':
      case 'result':
        return `${this.#memory.helper(`lift_${keyOf(type)}`, () => this.#liftCased(type))}(${flat.join(', ')})`;
    }
  }

  #liftCased(type: CasedType): string {
    const core = flatten(type);
    const names = core.map((_type, index) => `p${index}`);
    const lines = casesOf(type).map((found, index) => {
      const values = found === undefined ? [] : flatten(found).map((to, at) => recast(`p${at + 1}`, core[at + 1] ?? to, to));
      const made = caseMaker(type, index, found === undefined ? undefined : this.lift(found, values));
      return `  if (p0 === ${index}) return ${made};\n`;
    });
    const parameters = names.map((name, index) => `${name}: ${core[index]}`).join(', ');
    return `function lift_${keyOf(type)}(${parameters}): ${typeText(type)} {\n${lines.join('')}  return unreachable();\n}\n`;
  }

  /** Expressions for the core values of `value` (a plain name or path). */
  lower(type: WitType, value: string, before: string[]): string[] {
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return [`<i32>changetype<usize>(${value})`, `${value}.length`];
        return [flatten(type)[0] === 'i32' ? `<i32>${value}` : value];
      case 'enum':
        return [value];
      case 'list':
        return [`<i32>${this.#memory.lowerList(type, value)}`, `${value}.length`];
      case 'record':
        return type.fields.flatMap((field) => this.lower(field.type, `${value}.${memberName(field.name)}`, before));
      case 'variant':
      case 'option':
      case 'result':
        return this.#lowerCased(type, value, before);
    }
  }

  #lowerCased(type: CasedType, value: string, before: string[]): string[] {
    const core = flatten(type);
    const names = core.map(() => this.#fresh());
    for (const [index, name] of names.entries()) before.push(`let ${name}: ${core[index]} = 0;`);
    before.push(`${names[0]} = ${caseNumber(type, value)};`);
    casesOf(type).forEach((found, index) => {
      if (found === undefined) return;
      const inner = this.#fresh();
      const inside = [`const ${inner} = ${casePayload(type, index, value)};`];
      const from = flatten(found);
      this.lower(found, inner, inside).forEach((lowered, at) => {
        const exact = from[at] ?? 'i32';
        const typed = exact === 'i32' ? `(<i32>${lowered})` : lowered;
        inside.push(`${names[at + 1]} = ${recast(typed, exact, core[at + 1] ?? exact)};`);
      });
      before.push(`if (${names[0]} === ${index}) { ${inside.join(' ')} }`);
    });
    return names;
  }
}
