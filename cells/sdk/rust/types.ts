/** How WIT types look in Rust: names out of the way of its keywords, types, declarations. */
import type { DefinedType, WitType } from '../wit/types.ts';

const KEYWORDS = new Set(
  (
    'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self ' +
    'static struct super trait true type unsafe use where while abstract become box do final macro override priv try typeof unsized ' +
    'virtual yield'
  ).split(' '),
);

export const SCALARS: Readonly<Record<string, string>> = {
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
  char: 'char',
};

/** A field, parameter, function or module: `refers-to` gives `refers_to`, `type` gives `type_`. */
export function memberName(name: string): string {
  const snake = name.toLowerCase().replaceAll('-', '_');
  return KEYWORDS.has(snake) ? `${snake}_` : snake;
}

/** A type or a case: `not-enough` gives `NotEnough`. */
export function typeName(name: string): string {
  return name
    .toLowerCase()
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

export function isBytes(type: WitType): boolean {
  return type.kind === 'list' && type.element.kind === 'primitive' && type.element.name === 'u8';
}

function sideText(type: WitType | undefined): string {
  return type === undefined ? '()' : typeText(type);
}

export function typeText(type: WitType): string {
  switch (type.kind) {
    case 'primitive':
      return SCALARS[type.name] ?? 'String';
    case 'list':
      return `Vec<${typeText(type.element)}>`;
    case 'option':
      return `Option<${typeText(type.some)}>`;
    case 'result':
      return `Result<${sideText(type.ok)}, ${sideText(type.error)}>`;
    case 'record':
    case 'variant':
    case 'enum':
      return typeName(type.name);
  }
}

/** What an imported function takes: numbers and enums themselves, the rest lent. */
export function lentText(type: WitType): string {
  if (type.kind === 'primitive') return type.name === 'string' ? '&str' : typeText(type);
  if (type.kind === 'list') return `&[${typeText(type.element)}]`;
  return type.kind === 'enum' ? typeText(type) : `&${typeText(type)}`;
}

export function declarationText(type: DefinedType): string {
  const name = typeName(type.name);
  switch (type.kind) {
    case 'record': {
      const fields = type.fields.map((field) => `    pub ${memberName(field.name)}: ${typeText(field.type)},\n`).join('');
      return `#[derive(Clone, Debug, PartialEq)]\npub struct ${name} {\n${fields}}\n`;
    }
    case 'enum':
      return `#[derive(Clone, Copy, Debug, PartialEq)]\npub enum ${name} {\n${type.cases.map((found) => `    ${typeName(found)},\n`).join('')}}\n`;
    case 'variant': {
      const cases = type.cases.map(
        (found) => `    ${typeName(found.name)}${found.type === undefined ? '' : `(${typeText(found.type)})`},\n`,
      );
      return `#[derive(Clone, Debug, PartialEq)]\npub enum ${name} {\n${cases.join('')}}\n`;
    }
  }
}
