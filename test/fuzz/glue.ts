/**
 * Glue against a memory that says anything: random bytes, random places, answers and arguments of any type. What comes out is a value of
 * the type or the glue's own fault, in bounded time; never another error, and never a value that the type does not have.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { alignmentOf, type CoreType, coreSignature } from '../../cells/sdk/abi/layout.ts';
import type { WitFunction, WitType, World } from '../../cells/sdk/wit/types.ts';
import { isTaggedOption, memberName, typedArrayOf } from '../../main/cell-host/glue/core-values.ts';
import { generateGlue } from '../../main/cell-host/glue/generate.ts';
import { type Glue, loadGlue } from '../../main/cell-host/glue/glue.ts';
import { anyType, mirrorWorld } from '../cells/mirror.ts';
import { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';

const ENCODINGS = ['utf8', 'utf16', 'latin1+utf16'] as const;
/** So many worlds and no more: Node keeps every module that it ever loaded. */
const WORLDS = 96;
const TYPES = 6;
const TRIES = 24;
const BYTES = 65_536;

type Prepared = { readonly glue: Glue; readonly world: World };
const prepared = new Map<number, Prepared>();

function preparedWorld(number: number): Prepared {
  const known = prepared.get(number);
  if (known !== undefined) return known;
  const { world } = mirrorWorld(fc.sample(anyType, { numRuns: TYPES, seed: number }));
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-glue-'));
  writeFileSync(join(folder, 'glue.mjs'), generateGlue(world, ENCODINGS[number % ENCODINGS.length] ?? 'utf16'));
  const made = { glue: loadGlue(join(folder, 'glue.mjs')), world };
  rmSync(folder, { recursive: true });
  prepared.set(number, made);
  return made;
}

/** Words that often mean something: small numbers, places of this memory, and everything else. */
function filled(random: Random): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(BYTES / 4);
  for (let index = 0; index < words.length; index += 1) {
    const kind = random.below(8);
    words[index] = kind < 3 ? random.below(4) : kind < 6 ? random.below(BYTES / 8) * 8 : kind === 6 ? random.below(200) : random.next();
  }
  return new Uint8Array(words.buffer);
}

function coreValue(random: Random, type: CoreType): number | bigint {
  const word = random.chance(70) ? random.below(BYTES / 8) * random.pick([1, 8, 8]) : random.next() | 0;
  if (type === 'i64') return BigInt.asIntN(64, (BigInt(random.next()) << 32n) | BigInt(word >>> 0));
  return type === 'i32' ? word : Math.fround(word);
}

/** Whether a value is one of the type. */
function isOf(type: WitType, value: unknown): boolean {
  switch (type.kind) {
    case 'primitive':
      return isPrimitive(type.name, value);
    case 'enum':
      return type.cases.includes(value as string);
    case 'list':
      if (typedArrayOf(type.element) !== undefined) return ArrayBuffer.isView(value);
      return Array.isArray(value) && value.every((item) => isOf(type.element, item));
    case 'record':
      return type.fields.every((field) => isOf(field.type, (value as Record<string, unknown>)[memberName(field.name)]));
    case 'option':
      if (isTaggedOption(type)) return hasCase({ none: undefined, some: type.some }, value);
      return value === undefined || isOf(type.some, value);
    case 'result':
      return hasCase({ ok: type.ok, err: type.error }, value);
    case 'variant':
      return hasCase(Object.fromEntries(type.cases.map((found) => [found.name, found.type])), value);
  }
}

function hasCase(cases: Readonly<Record<string, WitType | undefined>>, value: unknown): boolean {
  const { tag, val } = value as { tag?: unknown; val?: unknown };
  if (typeof tag !== 'string' || !Object.hasOwn(cases, tag)) return false;
  const type = cases[tag];
  return type === undefined || isOf(type, val);
}

function check(type: WitType, value: unknown): void {
  if (isOf(type, value)) return;
  const show = JSON.stringify([type, value], (_key, one) => (typeof one === 'bigint' ? `${one}n` : one));
  throw new Error(`the glue gives a value that the type has not: ${show.slice(0, 2_000)}`);
}

function isPrimitive(name: string, value: unknown): boolean {
  const bits = Number(name.slice(1));
  if (name === 'bool') return typeof value === 'boolean';
  if (name === 'string') return typeof value === 'string' && value.isWellFormed();
  if (name === 'char') return typeof value === 'string' && [...value].length === 1 && value.isWellFormed();
  if (name.startsWith('f')) return typeof value === 'number';
  const signed = name.startsWith('s');
  if (bits === 64) return typeof value === 'bigint' && (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  return Number.isInteger(value) && (value as number) >= low && (value as number) < low + 2 ** bits;
}

/** One call: the cell asks the host with random arguments, or answers with a random one. Says what came of it. */
function attempt(glue: Glue, found: WitFunction, module: string, memory: WebAssembly.Memory, random: Random): 'value' | 'fault' {
  const type = found.result as WitType;
  const asks = random.chance(50);
  const inside = glue.makeImports(memory)[module]?.[found.name] as (...args: unknown[]) => unknown;
  const stop = new Error('the cell is done');
  let seen: unknown;
  const host = {
    [found.name]: (value: unknown) => {
      seen = value;
      throw stop;
    },
  };
  const answer = coreSignature(found, 'export').results[0] ?? 'i32';
  const exports = {
    memory,
    cabi_realloc: (_old: number, _had: number, align: number, bytes: number) =>
      random.chance(97) ? Math.floor((BYTES - Math.min(bytes, BYTES)) / align) * align : random.next(),
    [found.name]: () => {
      if (asks) inside(...coreSignature(found, 'import').parameters.map((core) => coreValue(random, core)));
      const value = coreValue(random, answer);
      return answer === 'i32' && random.chance(80) ? Math.floor(Number(value) / alignmentOf(type)) * alignmentOf(type) : value;
    },
  };
  glue.enter(glue.makeViews(memory), host);
  try {
    // What goes in matters little here: the mirror's own tests carry values in.
    check(type, glue.calls[found.name]?.(exports as never, [fallback(type)]));
    return 'value';
  } catch (thrown) {
    if (thrown === stop) {
      check(type, seen);
      return 'value';
    }
    if (thrown instanceof glue.Fault) return 'fault';
    throw thrown;
  } finally {
    glue.leave();
  }
}

/** The plainest value of a type. */
function fallback(type: WitType): unknown {
  switch (type.kind) {
    case 'primitive':
      if (type.name === 'string' || type.name === 'char') return 'a';
      return type.name === 'u64' || type.name === 's64' ? 0n : type.name === 'bool' ? false : 0;
    case 'enum':
      return type.cases[0];
    case 'list':
      return [];
    case 'record':
      return Object.fromEntries(type.fields.map((field) => [memberName(field.name), fallback(field.type)]));
    case 'option':
      return isTaggedOption(type) ? { tag: 'none' } : undefined;
    case 'result':
      return { tag: 'ok', val: type.ok === undefined ? undefined : fallback(type.ok) };
    case 'variant': {
      const [first] = type.cases;
      return { tag: first?.name, val: first?.type === undefined ? undefined : fallback(first.type) };
    }
  }
}

export const glueTarget: FuzzTarget = {
  name: 'glue',
  run: (seed) => {
    const random = new Random(seed);
    const { glue, world } = preparedWorld(random.below(WORLDS));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const bytes = filled(random);
    let values = 0;
    for (let turn = 0; turn < TRIES; turn += 1) {
      new Uint8Array(memory.buffer).set(bytes);
      const found = random.pick(world.exports);
      if (attempt(glue, found, world.imports[0]?.module ?? '', memory, random) === 'value') values += 1;
    }
    return values === 0 ? 'faults alone' : 'some values';
  },
};
