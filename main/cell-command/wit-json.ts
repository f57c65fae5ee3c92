/**
 * Values of the contract's types as JSON that people write and read: 64-bit numbers as decimal strings, bytes as text or {"hex": ...},
 * records with camelCase members, none as null. Used for what an author tries a cell with, never on a payment's way.
 */
import type { WitType } from '../../cells/sdk/wit/types.ts';

/** A file for `chautari cell try` that cannot be read; says where and what to change. */
export class CasesError extends Error {}

type Json = unknown;

function refuse(where: string, wanted: string): never {
  throw new CasesError(`${where} must be ${wanted}`);
}

export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

const BITS: Readonly<Record<string, { readonly bits: number; readonly signed: boolean }>> = {
  u8: { bits: 8, signed: false },
  u16: { bits: 16, signed: false },
  u32: { bits: 32, signed: false },
  u64: { bits: 64, signed: false },
  s8: { bits: 8, signed: true },
  s16: { bits: 16, signed: true },
  s32: { bits: 32, signed: true },
  s64: { bits: 64, signed: true },
};

function wholeFromJson(name: string, json: Json, where: string): bigint | number {
  const { bits, signed } = BITS[name] ?? { bits: 64, signed: true };
  const text = typeof json === 'number' && Number.isSafeInteger(json) ? String(json) : json;
  if (typeof text !== 'string' || !/^-?[0-9]{1,20}$/.test(text)) return refuse(where, 'a whole number, as digits in quotes');
  const value = BigInt(text);
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  if (!fits) refuse(where, `a whole number that fits into ${name}`);
  return bits === 64 ? value : Number(value);
}

export function bytesFromJson(json: Json, where: string): Uint8Array {
  if (typeof json === 'string') return new TextEncoder().encode(json);
  if (typeof json === 'object' && json !== null && 'hex' in json && typeof json.hex === 'string' && /^([0-9a-f]{2})*$/.test(json.hex)) {
    return new Uint8Array(Buffer.from(json.hex, 'hex'));
  }
  return refuse(where, 'a text, or {"hex": "00ff"}');
}

/** Text where it is plain text, hex else. */
export function bytesToJson(bytes: Uint8Array): string | { hex: string } {
  const text = new TextDecoder().decode(bytes);
  const plain = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text) && Buffer.from(text).equals(bytes);
  return plain ? text : { hex: Buffer.from(bytes).toString('hex') };
}

function isBytes(type: WitType): boolean {
  return type.kind === 'list' && type.element.kind === 'primitive' && type.element.name === 'u8';
}

function object(json: Json, where: string): Record<string, Json> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse(where, 'an object');
  return json as Record<string, Json>;
}

function primitiveFromJson(name: string, json: Json, where: string): unknown {
  if (name in BITS) return wholeFromJson(name, json, where);
  if (name === 'bool') return typeof json === 'boolean' ? json : refuse(where, 'true or false');
  if (name === 'f32' || name === 'f64') return typeof json === 'number' ? json : refuse(where, 'a number');
  return typeof json === 'string' ? json : refuse(where, 'a text');
}

export function valueFromJson(type: WitType, json: Json, where: string): unknown {
  switch (type.kind) {
    case 'primitive':
      return primitiveFromJson(type.name, json, where);
    case 'list':
      if (isBytes(type)) return bytesFromJson(json, where);
      if (!Array.isArray(json)) return refuse(where, 'a list');
      return json.map((item, index) => valueFromJson(type.element, item, `${where}[${index}]`));
    case 'option':
      return json === null || json === undefined ? undefined : valueFromJson(type.some, json, where);
    case 'record': {
      const members = object(json, where);
      const names = type.fields.map((field) => camelCase(field.name));
      for (const name of Object.keys(members))
        if (!names.includes(name)) refuse(`${where}.${name}`, `left out: there are ${names.join(', ')}`);
      return Object.fromEntries(
        type.fields.map((field) => [
          camelCase(field.name),
          valueFromJson(field.type, members[camelCase(field.name)], `${where}.${camelCase(field.name)}`),
        ]),
      );
    }
    case 'enum':
      return type.cases.find((name) => name === json) ?? refuse(where, `one of ${type.cases.join(', ')}`);
    case 'variant': {
      const { tag, val } = object(json, where);
      const found =
        type.cases.find((one) => one.name === tag) ?? refuse(`${where}.tag`, `one of ${type.cases.map(({ name }) => name).join(', ')}`);
      return found.type === undefined ? { tag } : { tag, val: valueFromJson(found.type, val, `${where}.val`) };
    }
    case 'result': {
      const members = object(json, where);
      const tag = 'error' in members ? 'err' : 'ok';
      const side = tag === 'ok' ? type.ok : type.error;
      return { tag, val: side === undefined ? undefined : valueFromJson(side, tag === 'ok' ? members.ok : members.error, where) };
    }
  }
}

type Cased = { readonly tag?: unknown; readonly val?: unknown };

/** `value` is one that a program returned, so it is of the type. */
export function valueToJson(type: WitType, value: unknown): Json {
  switch (type.kind) {
    case 'primitive':
      return typeof value === 'bigint' ? String(value) : value;
    case 'list':
      if (isBytes(type)) return bytesToJson(value as Uint8Array);
      return (value as unknown[]).map((item) => valueToJson(type.element, item));
    case 'option':
      return value === undefined ? null : valueToJson(type.some, value);
    case 'record': {
      const members = value as Record<string, unknown>;
      return Object.fromEntries(
        type.fields.map(({ name, type: inner }) => [camelCase(name), valueToJson(inner, members[camelCase(name)])]),
      );
    }
    case 'enum':
      return value;
    case 'variant': {
      const { tag, val } = value as Cased;
      const inner = type.cases.find(({ name }) => name === tag)?.type;
      return inner === undefined ? { tag } : { tag, val: valueToJson(inner, val) };
    }
    case 'result': {
      const { tag, val } = value as Cased;
      const side = tag === 'ok' ? type.ok : type.error;
      return { [tag === 'ok' ? 'ok' : 'error']: side === undefined ? null : valueToJson(side, val) };
    }
  }
}
