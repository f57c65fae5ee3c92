/**
 * WIT types as C types. A C struct on wasm32 has the very layout that the canonical ABI prescribes, so values in memory need no code at
 * all to cross the border; each declaration is followed by an assertion that says so to the compiler.
 */
import { alignmentOf, discriminantBytes, fieldOffsets, payloadOffset, sizeOf } from '../abi/layout.ts';
import { casesOf, type WitType } from '../wit/types.ts';
import { constantName, keyOf, memberName, typeText } from './names.ts';

const DISCRIMINANTS: Readonly<Record<number, string>> = { 1: 'uint8_t', 2: 'uint16_t', 4: 'uint32_t' };

function discriminantText(count: number): string {
  return DISCRIMINANTS[discriminantBytes(count)] ?? 'uint32_t';
}

function member(type: WitType, name: string): string {
  return `${typeText(type)} ${name};`;
}

function unionText(members: readonly string[], name: string): string {
  return members.length === 0 ? '' : `  union {\n${members.map((text) => `    ${text}\n`).join('')}  }${name};\n`;
}

function body(type: Exclude<WitType, { kind: 'primitive' | 'enum' }>): string {
  switch (type.kind) {
    case 'list':
      return `  ${typeText(type.element)} *at;\n  size_t count;\n`;
    case 'record':
      return type.fields.map((field) => `  ${member(field.type, memberName(field.name))}\n`).join('');
    case 'option':
      return `  bool some;\n  ${member(type.some, 'value')}\n`;
    case 'result': {
      const sides = [type.ok === undefined ? '' : member(type.ok, 'value'), type.error === undefined ? '' : member(type.error, 'error')];
      return `  bool is_error;\n${unionText(
        sides.filter((text) => text !== ''),
        '',
      )}`;
    }
    case 'variant': {
      const members = type.cases.flatMap((found) => (found.type === undefined ? [] : [member(found.type, memberName(found.name))]));
      return `  ${discriminantText(type.cases.length)} tag;\n${unionText(members, ' as')}`;
    }
  }
}

/** `offsetof` checks of what a wrong compiler would lay out elsewhere. */
function offsets(type: WitType): string[] {
  const name = typeText(type);
  const at = (path: string, offset: number) => `_Static_assert(offsetof(${name}, ${path}) == ${offset}, "layout");\n`;
  switch (type.kind) {
    case 'record':
      return fieldOffsets(type.fields).map((field) => at(memberName(field.name), field.offset));
    case 'option':
      return [at('value', payloadOffset(casesOf(type)))];
    case 'variant':
      return casesOf(type).some((found) => found !== undefined) ? [at('as', payloadOffset(casesOf(type)))] : [];
    default:
      return [];
  }
}

export function declarationText(type: Exclude<WitType, { kind: 'primitive' }>): string {
  const name = typeText(type);
  let text = '';
  if (type.kind === 'enum' || type.kind === 'variant') {
    const names = type.kind === 'enum' ? type.cases : type.cases.map((found) => found.name);
    text += `enum { ${names.map((found, index) => `${constantName(type.name, found)} = ${index}`).join(', ')} };\n`;
  }
  if (type.kind === 'enum') return `${text}typedef ${discriminantText(type.cases.length)} ${name};\n`;
  text += `typedef struct cell_${keyOf(type)} {\n${body(type)}} ${name};\n`;
  text += `_Static_assert(sizeof(${name}) == ${sizeOf(type)} && _Alignof(${name}) == ${alignmentOf(type)}, "layout");\n`;
  return text + offsets(type).join('');
}
