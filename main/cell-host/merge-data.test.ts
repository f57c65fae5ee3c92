import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { expect, it } from 'vitest';
import { mergeData } from './merge-data.ts';

async function moduleOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(`(module (import "chautari:host" "memory" (memory 1)) ${text})`));
}

const filled = (module: Uint8Array<ArrayBuffer>): Uint8Array => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new WebAssembly.Instance(new WebAssembly.Module(module), { 'chautari:host': { memory } });
  return new Uint8Array(memory.buffer);
};

const segments = (places: readonly number[]): string => places.map((place) => `(data (i32.const ${place}) "text at ${place}")`).join(' ');

it('leaves the same memory, by fewer segments', async () => {
  const near = await moduleOf(segments(Array.from({ length: 100 }, (_none, index) => 1_000 + 20 * index)));
  const made = mergeData(near);
  expect(made).not.toBe(near);
  expect(filled(made)).toEqual(filled(near));
  expect(mergeData(made)).toBe(made);
});

it('keeps what lies apart apart', async () => {
  const apart = await moduleOf(segments([0, 20, 5_000, 5_020, 40_000]));
  const made = mergeData(apart);
  expect(made).not.toBe(apart);
  expect(filled(made)).toEqual(filled(apart));
});

it.each([
  ['no data', ''],
  ['one segment', segments([8])],
  ['segments that overlap', segments([8, 10])],
  ['segments that fall', segments([100, 8])],
  ['a place that is not constant', '(import "chautari:host" "base" (global i32)) (data (global.get 0) "a") (data (i32.const 8) "b")'],
  ['a place beyond 2 GiB', '(data (i32.const 8) "a") (data (i32.const -8) "b")'],
  ['a passive segment', '(data (i32.const 8) "a") (data "b") (func (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1)))'],
  ['code that names a segment', '(data (i32.const 8) "a") (data (i32.const 9) "b") (func (data.drop 1))'],
])('leaves a module with %s as it is', async (_what, text) => {
  const module = await moduleOf(text);
  expect(mergeData(module)).toBe(module);
});
