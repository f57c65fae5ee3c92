/**
 * Text of the functions that read values from a cell's memory and write them into it, in the canonical layout; one pair of functions a
 * type, made when first asked for. A place that is passed in was checked for the whole value already; what it points at is checked here.
 */
import { alignmentOf, fieldOffsets, payloadOffset, sizeOf } from '../../../cells/sdk/abi/layout.ts';
import {
  casesOf,
  type EnumType,
  type ListType,
  type OptionType,
  type ResultType,
  type VariantType,
  type WitType,
} from '../../../cells/sdk/wit/types.ts';
import { at, isTaggedOption, memberAccess, memberName, readDiscriminant, typedArrayOf, writeDiscriminant } from './core-values.ts';

export type CasedType = VariantType | OptionType | ResultType;

const quoted = (text: string): string => JSON.stringify(text);

/** The names of the cases, as they stand in a value's tag. */
export function tagsOf(type: VariantType | ResultType | OptionType): string[] {
  if (type.kind === 'variant') return type.cases.map((found) => found.name);
  return type.kind === 'option' ? ['none', 'some'] : ['ok', 'err'];
}

/** A value of the case `index`; `payload` is an expression, or undefined for a case without one. */
export function caseValue(type: CasedType, index: number, payload: string | undefined): string {
  if (type.kind === 'option' && !isTaggedOption(type)) return payload ?? 'undefined';
  const tag = quoted(tagsOf(type)[index] ?? '');
  if (payload === undefined) return type.kind === 'result' ? `{ tag: ${tag}, val: undefined }` : `{ tag: ${tag} }`;
  return `{ tag: ${tag}, val: ${payload} }`;
}

/** Statements that do `act(index, payload)` for the case that `value` (a plain name) has. */
export function switchCases(type: CasedType, value: string, act: (index: number, payload: string) => string): string {
  if (type.kind === 'option' && !isTaggedOption(type)) {
    return `if (${value} === undefined || ${value} === null) { ${act(0, 'undefined')} } else { ${act(1, value)} }`;
  }
  const cases = tagsOf(type).map((tag, index) => `case ${quoted(tag)}: { ${act(index, `${value}.val`)} break; }`);
  return `switch (${value}.tag) { ${cases.join(' ')} default: noCase(${value}.tag); }`;
}

export class MemorySource {
  readonly #functions = new Map<string, string>();
  readonly #names = new Map<string, string>();

  text(): string {
    return [...this.#functions.values()].join('');
  }

  /** The name of the function `verb` of a type, made now unless it is there. */
  helper(verb: string, key: unknown, make: (name: string) => string): string {
    const id = `${verb} ${JSON.stringify(key)}`;
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const name = `${verb}${this.#names.size}`;
    this.#names.set(id, name);
    const source = make(name);
    this.#functions.set(id, source);
    return name;
  }

  /** A constant list of an enum's names. */
  enumNames(type: EnumType): string {
    return this.helper('names', type.cases, (name) => `const ${name} = ${JSON.stringify(type.cases)};\n`);
  }

  /** A constant that says which number an enum's name has. */
  enumNumbers(type: EnumType): string {
    const pairs = type.cases.map((found, index) => [found, index]);
    return this.helper('numbers', type.cases, (name) => `const ${name} = new Map(${JSON.stringify(pairs)});\n`);
  }

  liftEnum(type: EnumType, number: string): string {
    return `${this.enumNames(type)}[caseOf(${number}, ${type.cases.length})]`;
  }

  lowerEnum(type: EnumType, value: string): string {
    return `(${this.enumNumbers(type)}.get(${value}) ?? noCase(${value}))`;
  }

  /** An expression for the value at `p + offset`. */
  load(type: WitType, p: string, offset: number): string {
    const where = at(p, offset);
    switch (type.kind) {
      case 'primitive':
        return loadPrimitive(type.name, p, offset);
      case 'list':
        return this.liftList(type, `u32[(${where}) >>> 2]`, `u32[(${at(p, offset + 4)}) >>> 2]`);
      case 'enum':
        return this.liftEnum(type, readDiscriminant(type.cases.length, where));
      case 'record': {
        const name = this.helper('load', type, (helper) => {
          const fields = fieldOffsets(type.fields).map(
            (field) => `    ${memberName(field.name)}: ${this.load(field.type, 'p', field.offset)},\n`,
          );
          return `function ${helper}(p) {\n  return {\n${fields.join('')}  };\n}\n`;
        });
        return `${name}(${where})`;
      }
      case 'variant':
      case 'option':
      case 'result':
        return `${this.helper('load', type, (name) => this.#loadCased(type, name))}(${where})`;
    }
  }

  #loadCased(type: CasedType, name: string): string {
    const cases = casesOf(type);
    const offset = payloadOffset(cases);
    const lines = cases.map((found, index) => {
      const value = caseValue(type, index, found === undefined ? undefined : this.load(found, 'p', offset));
      return `    case ${index}: return ${value};\n`;
    });
    const number = `caseOf(${readDiscriminant(cases.length, 'p')}, ${cases.length})`;
    return `function ${name}(p) {\n  switch (${number}) {\n${lines.join('')}  }\n}\n`;
  }

  /** An expression for the list that lies at `pointer`. */
  liftList(type: ListType, pointer: string, length: string): string {
    const { element } = type;
    const numbers = typedArrayOf(element);
    if (numbers !== undefined) return `liftNumbers(${numbers}, ${pointer}, ${length})`;
    const bytes = sizeOf(element);
    const name = this.helper('list', type, (helper) => {
      const read = this.load(element, 'q', 0);
      return (
        `function ${helper}(pointer, length) {\n  const count = length >>> 0;\n  const p = place(pointer, count * ${bytes}, ${alignmentOf(element)});\n` +
        `  spendElements(count);\n  spendBytes(count * ${bytes});\n  const found = [];\n` +
        `  for (let index = 0, q = p; index < count; index += 1, q += ${bytes}) found.push(${read});\n  return found;\n}\n`
      );
    });
    return `${name}(${pointer}, ${length})`;
  }

  /** Statements that put `value` (used once) at `p + offset`. */
  store(type: WitType, p: string, offset: number, value: string): string {
    const where = at(p, offset);
    switch (type.kind) {
      case 'primitive':
        return storePrimitive(type.name, p, offset, value);
      case 'list':
        return `${this.lowerList(type, value)} ${storePair(p, offset)}`;
      case 'enum':
        return writeDiscriminant(type.cases.length, where, this.lowerEnum(type, value));
      case 'record': {
        const name = this.helper('store', type, (helper) => {
          const fields = fieldOffsets(type.fields).map(
            (field) => `  ${this.store(field.type, 'p', field.offset, memberAccess('v', field.name))}\n`,
          );
          return `function ${helper}(p, v) {\n${fields.join('')}}\n`;
        });
        return `${name}(${where}, ${value});`;
      }
      case 'variant':
      case 'option':
      case 'result':
        return `${this.helper('store', type, (name) => this.#storeCased(type, name))}(${where}, ${value});`;
    }
  }

  #storeCased(type: CasedType, name: string): string {
    const cases = casesOf(type);
    const offset = payloadOffset(cases);
    const body = switchCases(type, 'v', (index, payload) => {
      const found = cases[index];
      const tag = writeDiscriminant(cases.length, 'p', String(index));
      return found === undefined ? tag : `${tag} ${this.store(found, 'p', offset, payload)}`;
    });
    return `function ${name}(p, v) {\n  ${body}\n}\n`;
  }

  /** A statement that lays a list out for the cell; its place and length are then in textPlace and textLength. */
  lowerList(type: ListType, value: string): string {
    const { element } = type;
    const numbers = typedArrayOf(element);
    if (numbers !== undefined) return `lowerNumbers(${numbers}, ${value});`;
    const bytes = sizeOf(element);
    const name = this.helper('lay', type, (helper) => {
      const write = this.store(element, 'q', 0, 'list[index]');
      return (
        `function ${helper}(list) {\n  const count = list.length;\n  const p = allocate(0, 0, ${alignmentOf(element)}, count * ${bytes});\n` +
        `  moved += count * ${bytes};\n  for (let index = 0, q = p; index < count; index += 1, q += ${bytes}) { ${write} }\n` +
        '  textPlace = p;\n  textLength = count;\n}\n'
      );
    });
    return `${name}(${value});`;
  }
}

function storePair(p: string, offset: number): string {
  return `u32[(${at(p, offset)}) >>> 2] = textPlace; u32[(${at(p, offset + 4)}) >>> 2] = textLength;`;
}

type PrimitiveName = Extract<WitType, { kind: 'primitive' }>['name'];

function loadPrimitive(name: PrimitiveName, p: string, offset: number): string {
  const where = at(p, offset);
  switch (name) {
    case 'string':
      return `liftText(u32[(${where}) >>> 2], u32[(${at(p, offset + 4)}) >>> 2])`;
    case 'bool':
      return `u8[${where}] !== 0`;
    case 'u8':
      return `u8[${where}]`;
    case 's8':
      return `(u8[${where}] << 24) >> 24`;
    case 'u16':
      return `u16[(${where}) >>> 1]`;
    case 's16':
      return `(u16[(${where}) >>> 1] << 16) >> 16`;
    case 'char':
      return `liftChar(u32[(${where}) >>> 2])`;
    case 'u64':
      return `BigInt.asUintN(64, i64[(${where}) >>> 3])`;
    case 's64':
      return `i64[(${where}) >>> 3]`;
    default:
      return `${{ u32: 'u32', s32: 'i32', f32: 'f32', f64: 'f64' }[name]}[(${where}) >>> ${name === 'f64' ? 3 : 2}]`;
  }
}

function storePrimitive(name: PrimitiveName, p: string, offset: number, value: string): string {
  const where = at(p, offset);
  switch (name) {
    case 'string':
      return `lowerText(${value}); ${storePair(p, offset)}`;
    case 'bool':
      return `u8[${where}] = ${value} ? 1 : 0;`;
    case 'u8':
    case 's8':
      return `u8[${where}] = ${value};`;
    case 'u16':
    case 's16':
      return `u16[(${where}) >>> 1] = ${value};`;
    case 'char':
      return `u32[(${where}) >>> 2] = ${value}.codePointAt(0);`;
    case 'u64':
    case 's64':
      return `i64[(${where}) >>> 3] = ${value};`;
    default:
      return `${{ u32: 'u32', s32: 'i32', f32: 'f32', f64: 'f64' }[name]}[(${where}) >>> ${name === 'f64' ? 3 : 2}] = ${value};`;
  }
}
