import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { describe, expect, it } from 'vitest';
import { REWRITE_LIMITS } from './limits.ts';
import { type RewriteOptions, rewriteModule } from './rewrite-module.ts';

const OPTIONS: RewriteOptions = { fuel: 100_000, callDepth: 100, memoryPagesMax: 4, importMemory: false };

describe('a module is refused', () => {
  const names = (text: string): string => `(func (export "${text}"))`;
  it.each<[string, string, string, RegExp]>([
    ['threads', '(memory 1 2 shared)', 'not-allowed', /threads/],
    ['atomics', '(memory 1) (func i32.const 0 i32.atomic.load drop)', 'not-allowed', /threads/],
    ['SIMD', '(func v128.const i64x2 0 0 drop)', 'not-allowed', /SIMD/],
    ['SIMD types', '(func (param v128))', 'not-allowed', /SIMD/],
    ['SIMD locals', '(func (local v128))', 'not-allowed', /SIMD/],
    ['tags', '(tag)', 'not-allowed', /exception/],
    ['imported tags', '(import "a" "b" (tag))', 'not-allowed', /exception/],
    ['try_table', '(func try_table end)', 'not-allowed', /exception/],
    ['structs', '(type (struct))', 'not-allowed', /garbage/],
    ['recursive types', '(rec (type (func)) (type (func)))', 'not-allowed', /garbage/],
    ['GC instructions', '(func i32.const 1 ref.i31 drop)', 'not-allowed', /garbage/],
    ['reference parameters', '(func (param funcref))', 'not-allowed', /reference/],
    ['external references', '(func (param externref))', 'not-allowed', /reference/],
    ['reference globals', '(global funcref (ref.null func))', 'not-allowed', /reference/],
    ['tables of external references', '(table 1 externref)', 'not-allowed', /table of functions/],
    ['table.get', '(table 1 funcref) (func i32.const 0 table.get 0 drop)', 'not-allowed', /reference/],
    ['table.grow', '(table 1 funcref) (func ref.null func i32.const 9 table.grow 0 drop)', 'not-allowed', /reference/],
    ['table.fill', '(table 1 funcref) (func i32.const 0 i32.const 0 table.size 0 drop drop drop)', 'not-allowed', /reference/],
    ['ref.func', '(func $f ref.func $f drop) (elem declare func $f)', 'not-allowed', /reference/],
    ['calls by reference', '(type $t (func)) (func (param (ref null $t)) local.get 0 call_ref $t)', 'not-allowed', /garbage|reference/],
    ['several memories', '(memory 1) (memory 1)', 'not-allowed', /several memories/],
    ['memory64', '(memory i64 1)', 'not-allowed', /memory64/],
    ['page sizes', '(memory 1 (pagesize 1))', 'not-allowed', /page size/],
    ['several tables', '(table 1 funcref) (table 1 funcref)', 'not-allowed', /several tables/],
    ['an imported table', '(import "a" "t" (table 1 funcref))', 'import-refused', /table "t" of "a"/],
    ['an imported memory', '(import "a" "m" (memory 1))', 'import-refused', /memory "m" of "a"/],
    ['an imported global', '(import "a" "g" (global (mut i32)))', 'import-refused', /global "g" of "a"/],
    ['the host’s imports', '(import "chautari:host" "memory" (func))', 'reserved-name', /chautari:host/],
    ['the fuel’s name', names('chautari:fuel'), 'reserved-name', /chautari:fuel/],
    ['another name of the host', names('chautari:anything'), 'reserved-name', /chautari:anything/],
    ['a name that ends a text of JavaScript', names("decide'],x=process.exit(),y=['"), 'not-allowed', /plain letters/],
    ['a name with an escape', names('\\\\u0027'), 'not-allowed', /plain letters/],
    ['a name with a template', names(['a$', '{process.exit()}'].join('')), 'not-allowed', /plain letters/],
    ['a name that breaks the line', names('a\\n'), 'not-allowed', /plain letters/],
    ['a name that ends the line where nobody sees it', names('a\u2028'), 'not-allowed', /plain letters/],
    ['an import’s module of such a name', `(import "a', b: globalThis, '" "f" (func))`, 'not-allowed', /plain letters/],
    ['an import of such a name', `(import "a" "f': globalThis, '" (func))`, 'not-allowed', /plain letters/],
    ['a large table', '(table 4097 funcref)', 'too-large', /4097 entries/],
    [
      'elements written again and again',
      `(table 1 funcref) (func $f) ${`(elem (i32.const 0) ${'$f '.repeat(1000)})`.repeat(66)}`,
      'too-large',
      /elements/,
    ],
    ['data written again and again', `(memory 1) ${`(data (i32.const 0) "${'0'.repeat(5000)}")`.repeat(66)}`, 'too-large', /data/],
    ['many globals', '(global i32 (i32.const 0))'.repeat(1025), 'too-large', /1025 globals/],
    ['many parameters', `(func (param ${'i32 '.repeat(129)}))`, 'too-large', /129 parameters/],
    ['many locals', `(func (local ${'i32 '.repeat(4097)}))`, 'too-large', /4097 locals/],
    ['a large frame', `(func ${'i32.const 1 '.repeat(9000)} ${'drop '.repeat(9000)})`, 'too-large', /9001 values/],
    ['deep blocks', `(func ${'block '.repeat(4097)} ${'end '.repeat(4097)})`, 'too-large', /nested/],
    ['a long table of branches', `(func i32.const 0 br_table ${'0 '.repeat(4098)})`, 'too-large', /br_table/],
    ['a long function', `(func ${'nop '.repeat(262_150)})`, 'too-large', /bytes/],
  ])('for %s', async (_name, fields, code, detail) => {
    const result = rewriteModule(await parse(`(module ${fields})`), OPTIONS);
    expect(result).toEqual({ ok: false, error: { code, detail: expect.stringMatching(detail) } });
  });

  it('unless it imports an interface of the contract', async () => {
    const module = await parse('(module (import "chautari:cell/state@0.1.0" "get" (func (param i32 i32 i32))))');
    expect(rewriteModule(module, OPTIONS)).toMatchObject({ ok: true, value: { functions: 0 } });
  });

  it('and for one of several modules, imports of the others are allowed within the limits', async () => {
    const text = (
      pages: number,
    ): string => `(module (import "a" "m" (memory ${pages})) (import "a" "t" (table 3 funcref)) (import "a" "g" (global $g (mut i32)))
      (func (export "f") (result i32) global.get $g))`;
    const module = rewriteModule(await parse(text(1)), { ...OPTIONS, linked: true });
    if (!module.ok) throw new Error(module.error.detail);
    const a = {
      m: new WebAssembly.Memory({ initial: 1 }),
      t: new WebAssembly.Table({ initial: 3, element: 'anyfunc' }),
      g: new WebAssembly.Global({ value: 'i32', mutable: true }, 77),
    };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.value.bytes), { a });
    expect((exports.f as () => number)()).toBe(77);
    expect(rewriteModule(await parse(text(5)), { ...OPTIONS, linked: true })).toMatchObject({ error: { code: 'memory-too-large' } });
  });

  it('when it names the globals that only metering will make', async () => {
    // One global of its own: 1 and 2 would be fuel and depth.
    const text = (index: number): string =>
      `(module (global (mut i32) (i32.const 7)) (func (export "f") i32.const 0x7fffffff global.set ${index}))`;
    const honest = await parse(text(0));
    const at = Buffer.from(honest).indexOf(Buffer.from([0x24, 0x00]));
    for (const index of [1, 2]) {
      const bytes = honest.slice();
      bytes[at + 1] = index;
      expect(rewriteModule(bytes, OPTIONS)).toMatchObject({ ok: false, error: { code: 'not-valid' } });
    }
  });

  it('when its bytes are broken', async () => {
    const module = await parse('(module (memory 1) (func (export "f") (result i32) i32.const 1))');
    for (let length = 0; length < module.length; length += 1) {
      const result = rewriteModule(module.slice(0, length), OPTIONS);
      // Cut between two sections it may still be a module.
      if (!result.ok) expect(result.error.code).toBe('not-valid');
      else expect(WebAssembly.validate(module.slice(0, length))).toBe(true);
    }
    expect(rewriteModule(new Uint8Array(REWRITE_LIMITS.moduleBytesMax + 1), OPTIONS)).toMatchObject({ error: { code: 'too-large' } });
    // Types that do not fit are the engine's to find.
    const wrong = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b]);
    expect(rewriteModule(wrong, OPTIONS)).toEqual({
      ok: false,
      error: { code: 'not-valid', detail: 'the module is not valid WebAssembly' },
    });
  });

  it('when the budget is none', async () => {
    const module = await parse('(module)');
    for (const change of [
      { fuel: 0 },
      { fuel: 1e9 + 1 },
      { fuel: 1.5 },
      { callDepth: 0 },
      { callDepth: 1001 },
      { memoryPagesMax: 0 },
      { fuel: Number.NaN },
    ]) {
      expect(rewriteModule(module, { ...OPTIONS, ...change })).toMatchObject({ ok: false, error: { code: 'bad-options' } });
    }
  });
});
