/** How WIT types look in AssemblyScript: their names, their classes, how a case is made, asked for and opened. */
import { casesOf, type DefinedType, type OptionType, type ResultType, typeKey, type VariantType, type WitType } from '../wit/types.ts';
import { className, memberName } from './names.ts';

export const SCALARS: Record<string, string> = {
  bool: 'bool',
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  s8: 'i8',
  s16: 'i16',
  s32: 'i32',
  s64: 'i64',
  f32: 'f32',
  f64: 'f64',
  char: 'u32',
};

export type CasedType = VariantType | OptionType | ResultType;

/** What stands for the value of a result's side that has none. */
const NOTHING = 'bool';

export function isBytes(type: WitType): boolean {
  return type.kind === 'list' && type.element.kind === 'primitive' && type.element.name === 'u8';
}

/** Whether `| null` can mean "none" for a value of this type without a box around it. */
function isPlainReference(type: WitType): boolean {
  if (type.kind === 'primitive') return type.name === 'string';
  return type.kind !== 'enum' && type.kind !== 'option';
}

export function typeText(type: WitType): string {
  switch (type.kind) {
    case 'primitive':
      return SCALARS[type.name] ?? 'string';
    case 'list':
      return isBytes(type) ? 'Uint8Array' : `Array<${typeText(type.element)}>`;
    case 'option':
      return isPlainReference(type.some) ? `${typeText(type.some)} | null` : `Box<${typeText(type.some)}> | null`;
    case 'result':
      return `Result<${sideText(type.ok)}, ${sideText(type.error)}>`;
    case 'enum':
      return 'i32';
    case 'record':
    case 'variant':
      return className(type.name);
  }
}

function sideText(type: WitType | undefined): string {
  return type === undefined ? NOTHING : typeText(type);
}

export const keyOf = (type: WitType): string => typeKey(type, className);

/** An expression that makes a value of case `index` from the expression `value`. */
export function caseMaker(type: CasedType, index: number, value: string | undefined): string {
  switch (type.kind) {
    case 'variant':
      return `${className(type.name)}.${memberName(type.cases[index]?.name ?? '')}(${value ?? ''})`;
    case 'option':
      if (value === undefined) return 'null';
      return isPlainReference(type.some) ? value : `new Box<${typeText(type.some)}>(${value})`;
    case 'result': {
      const sides = `${sideText(type.ok)}, ${sideText(type.error)}`;
      return `Result.${index === 0 ? 'ok' : 'err'}<${sides}>(${value ?? 'true'})`;
    }
  }
}

/** An expression for the number of the case that `value` is. */
export function caseNumber(type: CasedType, value: string): string {
  switch (type.kind) {
    case 'variant':
      return `${value}.tag`;
    case 'option':
      return `(${value} === null ? 0 : 1)`;
    case 'result':
      return `(${value}.isErr ? 1 : 0)`;
  }
}

/** An expression for what case `index` of `value` holds. */
export function casePayload(type: CasedType, index: number, value: string): string {
  switch (type.kind) {
    case 'variant':
      return `${value}.${memberName(type.cases[index]?.name ?? '')}Value`;
    case 'option':
      return isPlainReference(type.some) ? `${value}!` : `${value}!.value`;
    case 'result':
      return index === 0 ? `${value}.value` : `${value}.error`;
  }
}

/** The classes and enums that a value of the type needs, innermost first, each once. */
export function definitionsOf(types: (WitType | undefined)[]): DefinedType[] {
  const found = new Map<string, DefinedType>();
  const visit = (type: WitType | undefined): void => {
    if (type === undefined || type.kind === 'primitive') return;
    if (type.kind === 'list') visit(type.element);
    else if (type.kind === 'record') for (const field of type.fields) visit(field.type);
    else for (const inner of casesOf(type)) visit(inner);
    if (type.kind === 'record' || type.kind === 'variant' || type.kind === 'enum') found.set(type.name, type);
  };
  for (const type of types) visit(type);
  return [...found.values()];
}

export function declarationText(type: DefinedType): string {
  const name = className(type.name);
  switch (type.kind) {
    case 'record': {
      const fields = type.fields.map((field) => `    public ${memberName(field.name)}: ${typeText(field.type)},\n`).join('');
      return `@final export class ${name} {\n  constructor(\n${fields}  ) {}\n}\n`;
    }
    case 'enum':
      return `export enum ${name} {\n${type.cases.map((found) => `  ${className(found)},\n`).join('')}}\n`;
    case 'variant':
      return `@final export class ${name} {\n  private constructor(public tag: i32) {}\n${type.cases
        .map((found, index) => variantCaseText(name, memberName(found.name), className(found.name), index, found.type))
        .join('')}}\n`;
  }
}

function variantCaseText(owner: string, member: string, title: string, index: number, type: WitType | undefined): string {
  const test = `  get is${title}(): bool {\n    return this.tag === ${index};\n  }\n`;
  if (type === undefined) return `  static ${member}(): ${owner} {\n    return new ${owner}(${index});\n  }\n${test}`;
  const inner = typeText(type);
  return (
    `  private ${member}Box: Box<${inner}> | null = null;\n` +
    `  static ${member}(value: ${inner}): ${owner} {\n    const made = new ${owner}(${index});\n` +
    `    made.${member}Box = new Box<${inner}>(value);\n    return made;\n  }\n${test}` +
    `  get ${member}Value(): ${inner} {\n    return this.${member}Box!.value;\n  }\n`
  );
}
