import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { expect, it } from 'vitest';
import { renameExports } from './core-exports.ts';

const WAT = '(module (memory (export "memory") 1) (func (export "callMe") (result i32) i32.const 7) (func (export "other")))';

it('renames one export and leaves the others', async () => {
  const renamed = renameExports(await parse(WAT), new Map([['callMe', 'call-me']]));
  const module = new WebAssembly.Module(renamed.slice());
  expect(WebAssembly.Module.exports(module).map((found) => found.name)).toEqual(['memory', 'call-me', 'other']);
  const { 'call-me': callMe } = new WebAssembly.Instance(module).exports;
  expect((callMe as () => number)()).toBe(7);
});

it('keeps the bytes where nothing is to rename, and refuses what is not there', async () => {
  const module = await parse(WAT);
  expect(renameExports(module, new Map())).toBe(module);
  expect(() => renameExports(module, new Map([['nobody', 'no-body']]))).toThrow('does not export nobody');
  const cut = module.subarray(0, 10);
  expect(() => renameExports(cut, new Map([['callMe', 'call-me']]))).toThrow('cut short');
});
