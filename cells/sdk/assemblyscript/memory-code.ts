/**
 * Code that moves values between AssemblyScript and linear memory in the canonical layout: one load and one store helper a type,
 * made when first asked for. Expressions that are passed in are used once, or are plain names.
 */
import { alignmentOf, discriminantBytes, fieldOffsets, payloadOffset, sizeOf } from '../abi/layout.ts';
import { casesOf, type WitType } from '../wit/types.ts';
import { memberName } from './names.ts';
import { type CasedType, caseMaker, caseNumber, casePayload, isBytes, keyOf, SCALARS, typeText } from './types.ts';

const DISCRIMINANT: Record<number, string> = { 1: 'u8', 2: 'u16', 4: 'u32' };

function discriminantType(caseCount: number): string {
  return DISCRIMINANT[discriminantBytes(caseCount)] ?? 'u32';
}

export class MemoryCode {
  readonly #helpers = new Map<string, string>();

  /** All helpers made so far, in the order in which they were asked for. */
  text(): string {
    return [...this.#helpers.values()].join('\n');
  }

  helper(name: string, make: () => string): string {
    if (!this.#helpers.has(name)) {
      this.#helpers.set(name, '');
      this.#helpers.set(name, make());
    }
    return name;
  }

  /** An expression for the value at `place` + `offset`. */
  load(type: WitType, place: string, offset: number): string {
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `liftString(load<u32>(${place}, ${offset}), load<i32>(${place}, ${offset + 4}))`;
        if (type.name === 'bool') return `load<u8>(${place}, ${offset}) !== 0`;
        return `load<${SCALARS[type.name]}>(${place}, ${offset})`;
      case 'enum':
        return `<i32>load<${discriminantType(type.cases.length)}>(${place}, ${offset})`;
      case 'list':
        return this.liftList(type, `load<u32>(${place}, ${offset})`, `load<i32>(${place}, ${offset + 4})`);
      case 'record': {
        const name = this.helper(`load_${keyOf(type)}`, () => {
          const fields = fieldOffsets(type.fields).map((field) => `    ${this.load(field.type, 'p', field.offset)},\n`);
          return `function load_${keyOf(type)}(p: usize): ${typeText(type)} {\n  return new ${typeText(type)}(\n${fields.join('')}  );\n}\n`;
        });
        return `${name}(${place} + ${offset})`;
      }
      case 'variant':
      case 'option':
      case 'result':
        return `${this.helper(`load_${keyOf(type)}`, () => this.#loadCased(type))}(${place} + ${offset})`;
    }
  }

  #loadCased(type: CasedType): string {
    const cases = casesOf(type);
    const at = payloadOffset(cases);
    const lines = cases.map((found, index) => {
      const made = caseMaker(type, index, found === undefined ? undefined : this.load(found, 'p', at));
      return `  if (tag === ${index}) return ${made};\n`;
    });
    const tag = `  const tag = <u32>load<${discriminantType(cases.length)}>(p);\n`;
    return `function load_${keyOf(type)}(p: usize): ${typeText(type)} {\n${tag}${lines.join('')}  return unreachable();\n}\n`;
  }

  /** An expression for the list of `count` elements at `place`. */
  liftList(type: WitType & { kind: 'list' }, place: string, count: string): string {
    if (isBytes(type)) return `liftBytes(${place}, ${count})`;
    const { element } = type;
    const name = this.helper(
      `lift_${keyOf(type)}`,
      () =>
        `function lift_${keyOf(type)}(p: usize, n: i32): ${typeText(type)} {\n  const found = new Array<${typeText(element)}>();\n` +
        `  for (let i = 0; i < n; i++) {\n    const q = p + <usize>i * ${sizeOf(element)};\n    found.push(${this.load(element, 'q', 0)});\n  }\n` +
        '  return found;\n}\n',
    );
    return `${name}(${place}, ${count})`;
  }

  /** A statement that puts `value` (a plain name or path) at `place` + `offset`. */
  store(type: WitType, place: string, offset: number, value: string): string {
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') {
          return `store<usize>(${place}, changetype<usize>(${value}), ${offset}); store<i32>(${place}, ${value}.length, ${offset + 4});`;
        }
        return `store<${type.name === 'bool' ? 'u8' : SCALARS[type.name]}>(${place}, ${value}, ${offset});`;
      case 'enum': {
        const width = discriminantType(type.cases.length);
        return `store<${width}>(${place}, <${width}>${value}, ${offset});`;
      }
      case 'list':
        return `store<usize>(${place}, ${this.lowerList(type, value)}, ${offset}); store<i32>(${place}, ${value}.length, ${offset + 4});`;
      case 'record': {
        const name = this.helper(`store_${keyOf(type)}`, () => {
          const fields = fieldOffsets(type.fields).map(
            (field) => `  ${this.store(field.type, 'p', field.offset, `v.${memberName(field.name)}`)}\n`,
          );
          return `function store_${keyOf(type)}(p: usize, v: ${typeText(type)}): void {\n${fields.join('')}}\n`;
        });
        return `${name}(${place} + ${offset}, ${value});`;
      }
      case 'variant':
      case 'option':
      case 'result':
        return `${this.helper(`store_${keyOf(type)}`, () => this.#storeCased(type))}(${place} + ${offset}, ${value});`;
    }
  }

  #storeCased(type: CasedType): string {
    const cases = casesOf(type);
    const at = payloadOffset(cases);
    const width = discriminantType(cases.length);
    const lines = cases.map((found, index) => {
      if (found === undefined) return '';
      return `  if (tag === ${index}) {\n    const x = ${casePayload(type, index, 'v')};\n    ${this.store(found, 'p', at, 'x')}\n  }\n`;
    });
    const tag = `  const tag: i32 = ${caseNumber(type, 'v')};\n  store<${width}>(p, <${width}>tag);\n`;
    return `function store_${keyOf(type)}(p: usize, v: ${typeText(type)}): void {\n${tag}${lines.join('')}}\n`;
  }

  /** An expression for the place of the elements of the list `value`, laid out for the host. */
  lowerList(type: WitType & { kind: 'list' }, value: string): string {
    if (isBytes(type)) return `${value}.dataStart`;
    const { element } = type;
    const name = this.helper(
      `lower_${keyOf(type)}`,
      () =>
        `function lower_${keyOf(type)}(v: ${typeText(type)}): usize {\n  const p = allocate(<usize>v.length * ${sizeOf(element)});\n` +
        `  for (let i = 0; i < v.length; i++) {\n    const q = p + <usize>i * ${sizeOf(element)};\n    const x = v[i];\n` +
        `    ${this.store(element, 'q', 0, 'x')}\n  }\n  return p;\n}\n`,
    );
    return `${name}(${value})`;
  }

  /** An expression for a place of its own for a value of the type; each function has one, used up before its next call. */
  area(type: WitType): string {
    return `memory.data(${Math.max(1, sizeOf(type))}, ${alignmentOf(type)})`;
  }
}
