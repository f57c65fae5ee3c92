/**
 * The tests that the bindings of every language pass: a cell of the echo world, compiled from that language, made into a component, run
 * in jco's output, has the contract's core signatures and gives every value back as it came.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { componentEmbed, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CoreSignature, coreSignature } from './abi/layout.ts';
import { makeComponent, type StringEncoding } from './component.ts';
import { ECHO_WIT } from './fixtures.ts';
import { resolveWorld } from './wit/resolve.ts';
import type { World } from './wit/types.ts';

/** The signatures in a printed module, by name; `interface#function` for imports. */
function signaturesOf(wat: string): Map<string, string> {
  const types = new Map<string, string>();
  for (const [, index = '', body = ''] of wat.matchAll(/\(type \(;(\d+);\) \(func([^\n]*)\)\)\n/g)) types.set(index, body.trim());
  const functions = new Map<string, string>();
  for (const [, index = '', type = ''] of wat.matchAll(/^ {2}\(func (?:\$\S+ )?\(;(\d+);\) \(type (\d+)\)/gm)) functions.set(index, type);
  const found = new Map<string, string>();
  for (const [, module = '', name = '', type = ''] of wat.matchAll(
    /\(import "([^"]+)" "([^"]+)" \(func (?:\$\S+ )?\(;\d+;\) \(type (\d+)\)\)\)/g,
  )) {
    const interfaceName = module.replace(/^cm32p2\|/, '').replace(/@.*$/, '');
    found.set(`${interfaceName}#${name}`, types.get(type) ?? '?');
  }
  for (const [, name = '', index = ''] of wat.matchAll(/\(export "([^"]+)" \(func (?:\$\S+ )?(\d+)\)\)/g)) {
    found.set(name.replace(/^cm32p2\|\|/, ''), types.get(functions.get(index) ?? '') ?? '?');
  }
  return found;
}

function signatureText({ parameters, results }: CoreSignature): string {
  const parts = [];
  if (parameters.length > 0) parts.push(`(param ${parameters.join(' ')})`);
  if (results.length > 0) parts.push(`(result ${results.join(' ')})`);
  return parts.join(' ');
}

export function expectedSignatures(world: World): Map<string, string> {
  const found = new Map<string, string>();
  for (const imported of world.imports) {
    for (const called of imported.functions) {
      found.set(`${imported.module.replace(/@.*$/, '')}#${called.name}`, signatureText(coreSignature(called, 'import')));
    }
  }
  for (const called of world.exports) found.set(called.name, signatureText(coreSignature(called, 'export')));
  return found;
}

export async function dummySignatures(wit: string, world: string): Promise<Map<string, string>> {
  return signaturesOf(await print(await componentEmbed({ dummy: true, witSource: wit, world, stringEncoding: 'utf16' })));
}

/** Tests for the suite it is called in; `compile` makes the core module of the echo cell in its language. */
export function echoTests(compile: (world: World) => Promise<Uint8Array>, encoding: StringEncoding): void {
  const world = resolveWorld(ECHO_WIT, 'echo');
  const folder = mkdtempSync(join(tmpdir(), 'cells-echo-'));
  let core: Uint8Array;
  // biome-ignore lint/suspicious/noExplicitAny: jco's output has the types of the WIT under test, which change with each line below.
  let exports: any;

  beforeAll(async () => {
    core = await compile(world);
    const component = await makeComponent(core, ECHO_WIT, 'echo', encoding);
    const { files } = await transpileBytes(component, { name: 'echo', instantiation: 'sync', nodejsCompat: false, base64Cutoff: 0 });
    for (const [name, bytes] of Object.entries(files)) {
      if (!name.includes('/')) writeFileSync(join(folder, name === 'echo.js' ? 'echo.mjs' : name), bytes);
    }
    const { instantiate } = createRequire(import.meta.url)(join(folder, 'echo.mjs'));
    const modules = (name: string) => new WebAssembly.Module(readFileSync(join(folder, name)));
    const echo = (value: unknown) => value;
    const mirror = { reflect: echo, turn: echo, shade: echo, delete: echo, shrink: echo, check: () => undefined, place: echo };
    exports = instantiate(modules, { 'chautari:echo/mirror': mirror });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('exports and imports with the signatures of the contract', async () => {
    const found = signaturesOf(await print(core));
    for (const [name, signature] of expectedSignatures(world)) expect([name, found.get(name)]).toEqual([name, signature]);
  });

  it('carries every type through memory unchanged', () => {
    const point = { x: -5, y: 0.25, tag: 'नमस्ते' };
    const everything = {
      a: true,
      b: 255,
      c: -128,
      d: 65_535,
      e: -32_768,
      f: 4_294_967_295,
      g: -2_147_483_648,
      h: 2n ** 64n - 1n,
      i: -(2n ** 63n),
      j: 1.5,
      k: Number.MAX_VALUE,
      l: '🙏',
      m: `${'x'.repeat(1000)}🙏`,
      n: Uint8Array.of(0, 1, 255),
      o: ['', 'a', 'é'],
      p: 2n ** 64n - 1n,
      q: { tag: 'some', val: undefined as string | undefined },
      r: { tag: 'err', val: 'no' },
      s: { tag: 'ok', val: undefined },
      t: 'light-green',
      u: { tag: 'many', val: [point, { x: 1, y: 2, tag: undefined }] },
      v: [undefined, { tag: 'nothing' }, { tag: 'at', val: point }, { tag: 'maybe', val: 7 }, { tag: 'hue', val: 'blue' }],
      w: { only: 65_535 },
    };
    const [first, second] = exports.echoEverything(everything);
    expect(first).toEqual({ ...everything, v: first.v });
    expect(JSON.stringify(first.v)).toBe(JSON.stringify(everything.v));
    expect(second.h).toBe(2n ** 64n - 1n);
    const empty = {
      ...everything,
      m: '',
      n: new Uint8Array(),
      o: [],
      v: [],
      p: undefined,
      q: { tag: 'some', val: 'deep' },
      r: { tag: 'ok', val: 9 },
    };
    expect(exports.echoEverything(empty)[1]).toEqual(empty);
  });

  it('carries variants, options and results flat, through joined core types', () => {
    for (const shape of [
      { tag: 'nothing' },
      { tag: 'number', val: 2n ** 64n - 1n },
      { tag: 'ratio', val: -0.5 },
      { tag: 'text', val: 'चिया' },
      { tag: 'at', val: { x: -1, y: -2.5, tag: undefined } },
      { tag: 'many', val: [{ x: 3, y: 4, tag: 't' }] },
      { tag: 'hue', val: 'red' },
      { tag: 'maybe', val: 200 },
      { tag: 'maybe', val: undefined },
    ]) {
      expect(exports.turn(shape, 5n, { tag: 'ok', val: 1.25 })).toEqual(shape.tag === 'nothing' ? { tag: 'nothing' } : shape);
      expect(exports.turn(shape, undefined, { tag: 'err', val: 4_294_967_295 }).tag).toBe(shape.tag);
    }
  });

  it('carries single values', () => {
    expect(exports.shade('blue')).toBe('blue');
    expect(exports.remove(true, -1, 1.5)).toBe(true);
    expect(exports.remove(false, 1, 0)).toBe(false);
    expect(exports.shrink({ only: 65_535 })).toEqual({ only: 65_535 });
    expect(exports.checkNothing({ tag: 'ok' })).toBeUndefined();
    expect(exports.place({ x: 1, y: 2, tag: 'here' })).toEqual({ x: 1, y: 2, tag: 'here' });
  });
}
