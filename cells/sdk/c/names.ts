/** From WIT's kebab-case to C's names. Types end in `_t`, so that a function and a type of one name do not meet. */
import { casesOf, typeKey, type WitType } from '../wit/types.ts';

const KEYWORDS = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return ' +
    'short signed sizeof static struct switch typedef union unsigned void volatile while bool true false'
  ).split(' '),
);

export function snakeCase(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** The name of a member or a parameter: `refers-to` gives `refers_to`, `default` gives `default_`. */
export function memberName(name: string): string {
  const snake = snakeCase(name);
  return KEYWORDS.has(snake) ? `${snake}_` : snake;
}

/** A constant of an enum or a variant: `CELL_DECLINE_NOT_ENOUGH`. */
export function constantName(owner: string, name: string): string {
  return `CELL_${snakeCase(owner)}_${snakeCase(name)}`.toUpperCase();
}

export const SCALARS: Readonly<Record<string, string>> = {
  bool: 'bool',
  u8: 'uint8_t',
  u16: 'uint16_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  s8: 'int8_t',
  s16: 'int16_t',
  s32: 'int32_t',
  s64: 'int64_t',
  f32: 'float',
  f64: 'double',
  char: 'uint32_t',
};

export const keyOf = (type: WitType): string => typeKey(type, snakeCase);

export function typeText(type: WitType): string {
  return type.kind === 'primitive' ? (SCALARS[type.name] ?? 'cell_string_t') : `cell_${keyOf(type)}_t`;
}

/** Whether a function takes the value itself; anything larger it takes by pointer. */
export function isByValue(type: WitType): boolean {
  return type.kind === 'primitive' || type.kind === 'list' || type.kind === 'enum';
}

/** Every type that needs a declaration, innermost first, each once. */
export function declaredTypes(types: readonly (WitType | undefined)[]): Exclude<WitType, { kind: 'primitive' }>[] {
  const found = new Map<string, Exclude<WitType, { kind: 'primitive' }>>();
  const visit = (type: WitType | undefined): void => {
    if (type === undefined || type.kind === 'primitive' || found.has(keyOf(type))) return;
    if (type.kind === 'list') visit(type.element);
    else if (type.kind === 'record') for (const field of type.fields) visit(field.type);
    else for (const inner of casesOf(type)) visit(inner);
    found.set(keyOf(type), type);
  };
  for (const type of types) visit(type);
  return [...found.values()];
}
