/**
 * Rust that moves values between its own types and linear memory in the canonical layout. `load` gives an expression; `store` gives a
 * statement over an expression of type `&T`. Named types get one helper each, made when first asked for.
 */
import { alignmentOf, discriminantBytes, fieldOffsets, payloadOffset, sizeOf } from '../abi/layout.ts';
import { casesOf, type EnumType, type RecordType, type VariantType, type WitType } from '../wit/types.ts';
import { isBytes, memberName, SCALARS, typeName, typeText } from './types.ts';

const DISCRIMINANTS: Readonly<Record<number, string>> = { 1: 'u8', 2: 'u16', 4: 'u32' };

function discriminantType(caseCount: number): string {
  return DISCRIMINANTS[discriminantBytes(caseCount)] ?? 'u32';
}

function plus(place: string, offset: number): string {
  return offset === 0 ? place : `${place} + ${offset}`;
}

/** An expression that makes case `index`. */
export function caseMaker(type: VariantType | EnumType, index: number, value: string | undefined): string {
  const found = type.cases[index];
  const name = typeName(typeof found === 'string' ? found : (found?.name ?? ''));
  return `${typeName(type.name)}::${name}${value === undefined ? '' : `(${value})`}`;
}

export class MemoryCode {
  readonly #helpers = new Map<string, string>();

  text(): string {
    return [...this.#helpers.values()].join('\n');
  }

  #helper(name: string, make: () => string): string {
    if (!this.#helpers.has(name)) {
      this.#helpers.set(name, '');
      this.#helpers.set(name, make());
    }
    return name;
  }

  load(type: WitType, place: string, offset: number): string {
    const at = plus(place, offset);
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `text(read::<u32>(${at}), read::<u32>(${plus(place, offset + 4)}))`;
        if (type.name === 'bool') return `read::<u8>(${at}) != 0`;
        if (type.name === 'char') return `char::from_u32_unchecked(read::<u32>(${at}))`;
        return `read::<${SCALARS[type.name]}>(${at})`;
      case 'list':
        return this.liftList(type, `read::<u32>(${at})`, `read::<u32>(${plus(place, offset + 4)})`);
      case 'option': {
        const some = this.load(type.some, place, offset + payloadOffset(casesOf(type)));
        return `(if read::<u8>(${at}) == 0 { None } else { Some(${some}) })`;
      }
      case 'result': {
        const inner = offset + payloadOffset(casesOf(type));
        const side = (found: WitType | undefined) => (found === undefined ? '()' : this.load(found, place, inner));
        return `(if read::<u8>(${at}) == 0 { Ok(${side(type.ok)}) } else { Err(${side(type.error)}) })`;
      }
      case 'record':
      case 'variant':
      case 'enum': {
        const name = `load_${memberName(type.name)}`;
        const body = () => (type.kind === 'record' ? this.#loadRecord(type) : this.#loadCases(type));
        this.#helper(name, () => `unsafe fn ${name}(p: usize) -> ${typeText(type)} {\n${body()}}\n`);
        return `${name}(${at})`;
      }
    }
  }

  #loadRecord(type: RecordType): string {
    const fields = fieldOffsets(type.fields).map(
      (field) => `        ${memberName(field.name)}: ${this.load(field.type, 'p', field.offset)},\n`,
    );
    return `    ${typeText(type)} {\n${fields.join('')}    }\n`;
  }

  #loadCases(type: VariantType | EnumType): string {
    const cases = casesOf(type);
    const at = payloadOffset(cases);
    const arms = cases.map((found, index) => {
      const value = found === undefined ? undefined : this.load(found, 'p', at);
      return `        ${index} => ${caseMaker(type, index, value)},\n`;
    });
    return `    match read::<${discriminantType(cases.length)}>(p) {\n${arms.join('')}        _ => unreachable!(),\n    }\n`;
  }

  /** An expression for the list of `count` elements at `place`; both are expressions of u32. */
  liftList(type: WitType & { kind: 'list' }, place: string, count: string): string {
    if (isBytes(type)) return `bytes(${place}, ${count})`;
    return `items(${place}, ${count}, ${sizeOf(type.element)}, |p| ${this.load(type.element, 'p', 0)})`;
  }

  store(type: WitType, place: string, offset: number, value: string): string {
    const at = plus(place, offset);
    switch (type.kind) {
      case 'primitive':
        if (type.name === 'string') return `put_bytes(${at}, ${value}.as_bytes());`;
        if (type.name === 'bool') return `write::<u8>(${at}, *${value} as u8);`;
        if (type.name === 'char') return `write::<u32>(${at}, *${value} as u32);`;
        return `write::<${SCALARS[type.name]}>(${at}, *${value});`;
      case 'enum': {
        const width = discriminantType(type.cases.length);
        return `write::<${width}>(${at}, *${value} as ${width});`;
      }
      case 'list':
        if (isBytes(type)) return `put_bytes(${at}, ${value});`;
        return `write::<u32>(${at}, ${this.lowerList(type, value)}); write::<u32>(${plus(place, offset + 4)}, ${value}.len() as u32);`;
      case 'option': {
        const some = this.store(type.some, place, offset + payloadOffset(casesOf(type)), 'x');
        return `match ${value} { None => write::<u8>(${at}, 0), Some(x) => { write::<u8>(${at}, 1); ${some} } }`;
      }
      case 'result': {
        const inner = offset + payloadOffset(casesOf(type));
        const side = (found: WitType | undefined) => (found === undefined ? ['_', ''] : ['x', this.store(found, place, inner, 'x')]);
        const [ok = '', okStore = ''] = side(type.ok);
        const [error = '', errorStore = ''] = side(type.error);
        return (
          `match ${value} { Ok(${ok}) => { write::<u8>(${at}, 0); ${okStore} } ` +
          `Err(${error}) => { write::<u8>(${at}, 1); ${errorStore} } }`
        );
      }
      case 'record':
      case 'variant': {
        const name = `store_${memberName(type.name)}`;
        const body = () => (type.kind === 'record' ? this.#storeRecord(type) : this.#storeCases(type));
        this.#helper(name, () => `unsafe fn ${name}(p: usize, v: &${typeText(type)}) {\n${body()}}\n`);
        return `${name}(${at}, ${value});`;
      }
    }
  }

  #storeRecord(type: RecordType): string {
    return fieldOffsets(type.fields)
      .map((field) => `    ${this.store(field.type, 'p', field.offset, `(&v.${memberName(field.name)})`)}\n`)
      .join('');
  }

  #storeCases(type: VariantType): string {
    const cases = casesOf(type);
    const width = discriminantType(cases.length);
    const at = payloadOffset(cases);
    const arms = cases.map((found, index) => {
      const store = found === undefined ? '' : ` ${this.store(found, 'p', at, 'x')}`;
      return `        ${caseMaker(type, index, found === undefined ? undefined : 'x')} => { write::<${width}>(p, ${index});${store} }\n`;
    });
    return `    match v {\n${arms.join('')}    }\n`;
  }

  /** An expression of u32 for the place of the elements of `value`, laid out for the host. */
  lowerList(type: WitType & { kind: 'list' }, value: string): string {
    if (isBytes(type)) return `${value}.as_ptr() as u32`;
    const { element } = type;
    return `put_items(&${value}[..], ${sizeOf(element)}, ${alignmentOf(element)}, |p, x| { ${this.store(element, 'p', 0, 'x')} })`;
  }

  /** An expression of usize for a place for a value of the type. */
  area(type: WitType): string {
    return `area(${Math.max(1, sizeOf(type))}, ${alignmentOf(type)})`;
  }
}
