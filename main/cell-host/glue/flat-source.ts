/** Text that moves values between JavaScript and the flat parameters and results of core functions. */
import { type CoreType, flatten } from '../../../cells/sdk/abi/layout.ts';
import { casesOf, type PrimitiveType, type WitType } from '../../../cells/sdk/wit/types.ts';
import { memberAccess, memberName, narrowed, type Slot, widened } from './core-values.ts';
import { type CasedType, caseValue, type MemorySource, switchCases } from './memory-source.ts';

type Name = PrimitiveType['name'];

const CORE: Readonly<Record<Exclude<Name, 'string'>, CoreType>> = {
  bool: 'i32',
  u8: 'i32',
  s8: 'i32',
  u16: 'i32',
  s16: 'i32',
  u32: 'i32',
  s32: 'i32',
  char: 'i32',
  u64: 'i64',
  s64: 'i64',
  f32: 'f32',
  f64: 'f64',
};

function lowered(name: Exclude<Name, 'string'>, value: string): string {
  switch (name) {
    case 'bool':
      return `${value} ? 1 : 0`;
    case 'u8':
      return `${value} & 0xff`;
    case 's8':
      return `(${value} << 24) >> 24`;
    case 'u16':
      return `${value} & 0xffff`;
    case 's16':
      return `(${value} << 16) >> 16`;
    case 'char':
      return `${value}.codePointAt(0)`;
    default:
      return value;
  }
}

function lifted(name: Exclude<Name, 'string'>, value: string): string {
  switch (name) {
    case 'bool':
      return `${value} !== 0`;
    case 'u8':
      return `${value} & 0xff`;
    case 's8':
      return `(${value} << 24) >> 24`;
    case 'u16':
      return `${value} & 0xffff`;
    case 's16':
      return `(${value} << 16) >> 16`;
    case 'u32':
      return `${value} >>> 0`;
    case 's32':
      return `${value} | 0`;
    case 'char':
      return `liftChar(${value})`;
    case 'u64':
      return `BigInt.asUintN(64, ${value})`;
    default:
      return value;
  }
}

export class FlatSource {
  readonly #memory: MemorySource;
  #locals = 0;

  constructor(memory: MemorySource) {
    this.#memory = memory;
  }

  /** Statements that put `value` into the slots, each of which holds its zero before. */
  lower(type: WitType, value: string, slots: readonly Slot[]): string {
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `lowerText(${value}); ${pair(slots)}`;
        return assign(slots[0], lowered(type.name, value), CORE[type.name]);
      case 'list':
        return `${this.#memory.lowerList(type, value)} ${pair(slots)}`;
      case 'enum':
        return assign(slots[0], this.#memory.lowerEnum(type, value), 'i32');
      case 'record': {
        let next = 0;
        const lines = type.fields.map((field) => {
          const own = slots.slice(next, next + flatten(field.type).length);
          next += own.length;
          return this.lower(field.type, memberAccess(value, field.name), own);
        });
        return lines.join('\n  ');
      }
      case 'variant':
      case 'option':
      case 'result':
        return this.#lowerCased(type, value, slots);
    }
  }

  #lowerCased(type: CasedType, value: string, slots: readonly Slot[]): string {
    const cases = casesOf(type);
    this.#locals += 1;
    const local = `v${this.#locals}`;
    const body = switchCases(type, local, (index, payload) => {
      const found = cases[index];
      const tag = assign(slots[0], String(index), 'i32');
      return found === undefined ? tag : `${tag} ${this.lower(found, payload, slots.slice(1))}`;
    });
    return `const ${local} = ${value};\n  ${body}`;
  }

  /** An expression for the value that the slots carry. */
  lift(type: WitType, slots: readonly Slot[]): string {
    const [first, second] = slots;
    if (first === undefined) throw new Error('a value without slots');
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `liftText(${narrowed(first, 'i32')}, ${second === undefined ? '0' : narrowed(second, 'i32')})`;
        return lifted(type.name, narrowed(first, CORE[type.name]));
      case 'list':
        return this.#memory.liftList(type, narrowed(first, 'i32'), second === undefined ? '0' : narrowed(second, 'i32'));
      case 'enum':
        return this.#memory.liftEnum(type, narrowed(first, 'i32'));
      case 'record': {
        let next = 0;
        const members = type.fields.map((field) => {
          const own = slots.slice(next, next + flatten(field.type).length);
          next += own.length;
          return `${memberName(field.name)}: ${this.lift(field.type, own)}`;
        });
        return `{ ${members.join(', ')} }`;
      }
      case 'variant':
      case 'option':
      case 'result': {
        const cores = slots.map((slot) => slot.core);
        const name = this.#memory.helper('flat', { type, cores }, (helper) => this.#liftCased(type, cores, helper));
        return `${name}(${slots.map((slot) => slot.name).join(', ')})`;
      }
    }
  }

  #liftCased(type: CasedType, cores: readonly CoreType[], name: string): string {
    const cases = casesOf(type);
    const slots = cores.map((core, index) => ({ name: `a${index}`, core }));
    const [tag, ...payload] = slots;
    if (tag === undefined) throw new Error('a variant without a tag');
    const lines = cases.map((found, index) => {
      const value = found === undefined ? undefined : this.lift(found, payload);
      return `    case ${index}: return ${caseValue(type, index, value)};\n`;
    });
    const number = `caseOf(${narrowed(tag, 'i32')}, ${cases.length})`;
    return `function ${name}(${slots.map((slot) => slot.name).join(', ')}) {\n  switch (${number}) {\n${lines.join('')}  }\n}\n`;
  }
}

function assign(slot: Slot | undefined, expression: string, natural: CoreType): string {
  if (slot === undefined) throw new Error('a value has more flat parts than its place');
  return `${slot.name} = ${widened(expression, natural, slot.core)};`;
}

function pair(slots: readonly Slot[]): string {
  return `${assign(slots[0], 'textPlace', 'i32')} ${assign(slots[1], 'textLength', 'i32')}`;
}
