import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { describe, expect, it } from 'vitest';
import { findClang } from '../../../cells/sdk/c/find-clang.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { type RewriteOptions, type Rewritten, rewriteModule } from './rewrite-module.ts';

const OPTIONS: RewriteOptions = { fuel: 100_000, callDepth: 100, memoryPagesMax: 4, importMemory: false };

async function rewrite(wat: string, change: Partial<RewriteOptions> = {}): Promise<Rewritten> {
  const result = rewriteModule(await parse(wat), { ...OPTIONS, ...change });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`);
  return result.value;
}

type Ran = { readonly value: unknown; readonly spent: number; readonly depth: number };

function number(exports: WebAssembly.Exports, name: string): number {
  return (exports[name] as WebAssembly.Global<'i32'>).value;
}

/** One call in a fresh instance: its value or the trap's text. */
function call(
  { bytes }: Rewritten,
  name: string,
  args: readonly unknown[] = [],
  imports: WebAssembly.Imports = {},
  fuel = OPTIONS.fuel,
): Ran {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  let value: unknown;
  try {
    value = (exports[name] as (...values: readonly unknown[]) => unknown)(...args);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    value = error.message;
  }
  return { value, spent: fuel - number(exports, 'chautari:fuel'), depth: number(exports, 'chautari:depth') };
}

describe('fuel', () => {
  it('is charged a straight line at a time, before it runs', async () => {
    // 2 to enter; then 3 instructions, the store among them, although the second one traps.
    const module = await rewrite('(module (memory 1) (func (export "f") i32.const -1 i32.const 1 i32.store))');
    expect(call(module, 'f')).toEqual({ value: 'memory access out of bounds', spent: 5, depth: 0 });
  });

  it('is charged for the arm that runs', async () => {
    const module = await rewrite(`(module (func (export "f") (param i32) (result i32)
      local.get 0 if (result i32) i32.const 1 i32.const 2 i32.add i32.const 3 i32.add else i32.const 9 end))`);
    expect(call(module, 'f', [0]).spent).toBe(2 + 2 + 1);
    expect(call(module, 'f', [1]).spent).toBe(2 + 2 + 5);
  });

  it('is charged for each turn of a loop', async () => {
    const module = await rewrite(`(module (func (export "f") (param i32)
      loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end))`);
    for (const turns of [1, 2, 1000]) expect(call(module, 'f', [turns]).spent).toBe(2 + 5 * turns);
  });

  it.each([
    ['a loop', 'loop br 0 end'],
    ['a loop with a condition', 'loop i32.const 1 br_if 0 end'],
    ['a loop by a table', 'loop i32.const 7 br_table 0 0 0 end'],
    ['loops within loops', 'loop loop loop br 2 end end end'],
    ['a loop whose end is dead', 'loop block br 1 end end'],
    ['a loop through an if', 'loop i32.const 1 if br 1 end end'],
    ['a loop through an else', 'loop i32.const 0 if else br 1 end end'],
    ['a loop that calls', 'loop call $nothing br 0 end'],
    ['a loop that grows memory by nothing', 'loop i32.const 0 memory.grow drop br 0 end'],
    ['a loop that fills nothing', 'loop i32.const 0 i32.const 0 i32.const 0 memory.fill br 0 end'],
    ['a loop with parameters', 'i32.const 1 loop (param i32) i32.const 2 drop br 0 end'],
  ])('ends %s', async (_name, code) => {
    const module = await rewrite(`(module (memory 1) (func $nothing) (func (export "f") ${code}))`);
    expect(call(module, 'f')).toMatchObject({ value: 'unreachable', spent: OPTIONS.fuel + 1 });
  });

  it('is charged by their length for operations on memory and tables', async () => {
    const module = await rewrite(`(module (memory 1 1) (table 8 funcref) (elem $e func $n $n) (data $d "0123456789abcdef") (func $n)
      (func (export "fill") (param i32) i32.const 0 i32.const 1 local.get 0 memory.fill)
      (func (export "copy") (param i32) i32.const 0 i32.const 1 local.get 0 memory.copy)
      (func (export "init") (param i32) i32.const 0 i32.const 0 local.get 0 memory.init $d)
      (func (export "elements") (param i32) i32.const 0 i32.const 0 local.get 0 table.init $e)
      (func (export "table") (param i32) i32.const 0 i32.const 1 local.get 0 table.copy))`);
    const base = 2 + 3 + 64;
    expect(call(module, 'fill', [8000]).spent).toBe(base + 1000);
    expect(call(module, 'copy', [8000]).spent).toBe(base + 1000);
    expect(call(module, 'init', [16]).spent).toBe(base + 2);
    expect(call(module, 'elements', [2]).spent).toBe(base + 64);
    expect(call(module, 'table', [4]).spent).toBe(base + 128);
    // A length of 4 Gi costs more than any budget; it never becomes a gain.
    for (const name of ['elements', 'table'])
      expect(call(module, name, [-1])).toMatchObject({ value: expect.stringMatching(/bounds/), spent: base });
    for (const name of ['fill', 'copy', 'init']) {
      expect(call(module, name, [-1])).toMatchObject({ value: 'unreachable', spent: OPTIONS.fuel + 1 });
    }
  });

  it('is charged before memory grows, and for growth that fails only the attempt', async () => {
    const module = await rewrite('(module (memory 1) (func (export "f") (param i32) (result i32) local.get 0 memory.grow))', {
      fuel: 20_000,
    });
    const grow = (pages: number): Ran => call(module, 'f', [pages], {}, 20_000);
    expect(grow(0)).toMatchObject({ value: 1, spent: 2 + 1 + 1024 });
    expect(grow(3)).toMatchObject({ value: 1, spent: 2 + 1 + 1024 + 3 * 4096 });
    expect(grow(4)).toMatchObject({ value: -1, spent: 2 + 1 + 1024 + 4 * 4096 });
    expect(grow(5)).toMatchObject({ value: -1, spent: 2 + 1 + 1024 });
    expect(grow(-1)).toMatchObject({ value: -1, spent: 2 + 1 + 1024 });
  });

  it('stays at -1 whatever is called afterwards', async () => {
    const { bytes } = await rewrite(
      `(module (memory 1) (func (export "f") loop br 0 end)
        (func (export "g") i32.const 0 i32.const 0 i32.const -1 memory.fill) (func (export "h")))`,
      { fuel: 100 },
    );
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    for (const name of ['f', 'g', 'h', 'g', 'g', 'g', 'g', 'g', 'f']) {
      expect(exports[name] as () => void).toThrow('unreachable');
      expect(number(exports, 'chautari:fuel')).toBe(-1);
    }
  });

  it('is charged in a start function', async () => {
    const { bytes } = await rewrite('(module (func $s loop br 0 end) (start $s))', { fuel: 1000 });
    expect(() => new WebAssembly.Instance(new WebAssembly.Module(bytes))).toThrow('unreachable');
  });

  it('of a start function can be read where it is exported instead', async () => {
    const text = '(module (global $g (mut i32) (i32.const 1)) (func $s loop br 0 end) (func (export "f")) (start $s))';
    const module = await rewrite(text, { exportStart: true, keepExports: ['f'] });
    expect(call(module, 'f').spent).toBe(2);
    expect(call(module, 'chautari:start')).toMatchObject({ value: 'unreachable', spent: OPTIONS.fuel + 1 });
    expect(WebAssembly.Module.exports(new WebAssembly.Module((await rewrite('(module)', { exportStart: true })).bytes))).toHaveLength(2);
  });

  it('is charged for the locals that a call clears', async () => {
    const text = (count: number): string => `(module (func (export "f") (local ${'i64 '.repeat(count)})))`;
    expect(call(await rewrite(text(0)), 'f').spent).toBe(2);
    expect(call(await rewrite(text(800)), 'f').spent).toBe(102);
  });
});

describe('call depth', () => {
  const bodies = (wide: number): string => `(module (table funcref (elem $a $b $c))
    (func $a (export "direct") call $a) (func $b (export "mutual") call $c) (func $c call $b)
    (func $d (export "indirect") i32.const 0 call_indirect)
    (func $w (export "wide") (local ${'i64 '.repeat(wide)}) call $w)
    (func $n (export "nested") (param i32) local.get 0 if local.get 0 i32.const 1 i32.sub call $n end))`;

  it.each(['direct', 'mutual', 'indirect', 'wide'])('ends a recursion that is %s', async (name) => {
    expect(call(await rewrite(bodies(1000)), name)).toMatchObject({ value: 'unreachable', depth: 101 });
  });

  it('is given back when a function returns, by whatever way', async () => {
    const module = await rewrite(
      `(module
      (func $leave (param i32) (result i32) call $nothing block block local.get 0 br_table 0 1 end i32.const 1 return end i32.const 2 call $nothing)
      (func $pair (result i32 i64) call $nothing i32.const 1 i64.const 2)
      (func $nothing)
      (func (export "f") (param i32) (result i32) (local i32) loop call $pair drop drop local.get 0 call $leave local.set 1
        local.get 0 i32.const 1 i32.sub local.tee 0 i32.const -5 i32.gt_s br_if 0 end local.get 1))`,
    );
    expect(call(module, 'f', [300])).toMatchObject({ value: 2, depth: 0 });
  });

  it('takes a tail call for what it is: another frame in the place of this one, and no way around the fuel', async () => {
    const module = await rewrite(`(module (table funcref (elem $even $odd)) (type $t (func (param i32) (result i32)))
      (func $even (param i32) (result i32) (local i64 i64) local.get 0 i32.eqz if i32.const 1 return end
        local.get 0 i32.const 1 i32.sub return_call $odd)
      (func $odd (param i32) (result i32) local.get 0 i32.eqz if i32.const 0 return end
        local.get 0 i32.const 1 i32.sub i32.const 0 return_call_indirect (type $t))
      (func (export "even") (param i32) (result i32) local.get 0 call $even call $nothing)
      (func $nothing (param i32) (result i32) local.get 0)
      (func $spin (export "spin") return_call $spin)
      (func $mixed (export "mixed") call $mixed return_call $mixed))`);
    expect(call(module, 'even', [3001])).toMatchObject({ value: 0, depth: 0 });
    expect(call(module, 'even', [3000])).toMatchObject({ value: 1, depth: 0 });
    expect(call(module, 'spin')).toMatchObject({ value: 'unreachable', spent: OPTIONS.fuel + 1 });
    expect(call(module, 'mixed')).toMatchObject({ value: 'unreachable', depth: 101 });
  });

  it('counts functions, and large ones more', async () => {
    const small = await rewrite(bodies(0));
    expect(call(small, 'nested', [99])).toMatchObject({ value: undefined, depth: 0 });
    expect(call(small, 'nested', [100])).toMatchObject({ value: 'unreachable', depth: 101 });
    // 1,000 locals are 15 units and one.
    const deepest = Math.floor(100 / 16);
    const count = (units: number): Promise<Rewritten> => rewrite(bodies(1000), { callDepth: units });
    expect(call(await count(16 * deepest), 'wide').depth).toBe(16 * deepest + 1);
    expect(call(await count(15), 'wide')).toMatchObject({ value: 'unreachable', depth: 16 });
  });

  it('ends before the stack of the engine does, with the largest frames and the largest budget', async () => {
    const params = 'i64 '.repeat(REWRITE_LIMITS.paramsMax);
    const gets = (count: number): string => Array.from({ length: count }, (_value, index) => `local.get ${index}`).join(' ');
    const wide = `(module ${[0, 40, 400, 3800]
      .map(
        (locals, index) => `(func $f${index} (export "f${index}") (param ${params}) (result i64) (local ${'f64 '.repeat(locals)})
          ${gets(REWRITE_LIMITS.paramsMax)} ${gets(REWRITE_LIMITS.paramsMax)} call $f${index} ${'i64.add '.repeat(REWRITE_LIMITS.paramsMax)})`,
      )
      .join('')})`;
    const module = await rewrite(wide, { callDepth: REWRITE_LIMITS.callDepthMax, fuel: 1_000_000 });
    const args = new Array<bigint>(REWRITE_LIMITS.paramsMax).fill(1n);
    for (const name of ['f0', 'f1', 'f2', 'f3']) {
      expect(call(module, name, args)).toMatchObject({ value: 'unreachable', depth: REWRITE_LIMITS.callDepthMax + 1 });
    }
  });

  it('counts through the host: a function that the host calls meanwhile is above its caller', async () => {
    const module = await rewrite('(module (import "env" "again" (func $again)) (func (export "f") call $again))');
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), {
      env: { again: () => (exports.f as () => void)() },
    });
    expect(exports.f as () => void).toThrow(WebAssembly.RuntimeError);
    expect(number(exports, 'chautari:depth')).toBe(101);
  });
});

describe('memory', () => {
  it('is lowered to the cap, imported when asked, and refused where it starts above', async () => {
    const text =
      '(module (memory (export "memory") 2 900) (data (i32.const 5) "abc") (func (export "f") (result i32) i32.const 5 i32.load8_u))';
    const own = await rewrite(text);
    expect(own.memory).toEqual({ initial: 2, maximum: 4 });
    expect(call(own, 'f').value).toBe(97);
    const imported = await rewrite(text, { importMemory: true, keepExports: ['f'] });
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 4 });
    expect(call(imported, 'f', [], { 'chautari:host': { memory } }).value).toBe(97);
    expect(() => call(imported, 'f', [], { 'chautari:host': { memory: new WebAssembly.Memory({ initial: 2, maximum: 5 }) } })).toThrow();
    expect(rewriteModule(await parse(text), { ...OPTIONS, memoryPagesMax: 1 })).toMatchObject({
      ok: false,
      error: { code: 'memory-too-large' },
    });
    expect((await rewrite('(module)', { importMemory: true })).memory).toBeUndefined();
    expect((await rewrite('(module (memory 1 2))')).memory).toEqual({ initial: 1, maximum: 2 });
  });

  it('keeps passive segments', async () => {
    const module = await rewrite(`(module (memory 1) (data $d "xyz")
      (func (export "f") (result i32) i32.const 9 i32.const 1 i32.const 2 memory.init $d data.drop $d i32.const 9 i32.load16_u))`);
    expect(call(module, 'f').value).toBe(0x7a79);
  });
});

describe('floats', () => {
  it('have one NaN', async () => {
    const module = await rewrite(`(module
      (func (export "div") (result i64) f64.const 0 f64.const 0 f64.div i64.reinterpret_f64)
      (func (export "small") (result i32) f32.const 0 f32.const 0 f32.div i32.reinterpret_f32)
      (func (export "payload") (result i64) f64.const -nan:0x123 f64.const 1 f64.add i64.reinterpret_f64)
      (func (export "promote") (result i64) f32.const -nan:0x123 f64.promote_f32 i64.reinterpret_f64)
      (func (export "sqrt") (result i64) f64.const -1 f64.sqrt i64.reinterpret_f64)
      (func (export "kept") (result i64) i64.const 0xfff8000000000123 f64.reinterpret_i64 f64.neg f64.neg i64.reinterpret_f64)
      (func (export "number") (result f64) f64.const 2 f64.sqrt))`);
    for (const name of ['div', 'payload', 'promote', 'sqrt']) expect(call(module, name).value).toBe(0x7ff8000000000000n);
    expect(call(module, 'small').value).toBe(0x7fc00000);
    // What only moves bits keeps them.
    expect(BigInt.asUintN(64, call(module, 'kept').value as bigint)).toBe(0xfff8000000000123n);
    expect(call(module, 'number').value).toBe(Math.SQRT2);
  });
});

describe('the rewritten module', () => {
  it('exports what is kept and the counters, and nothing twice', async () => {
    const text = '(module (memory (export "memory") 1) (func (export "a")) (func (export "b")) (global (export "g") i32 (i32.const 1)))';
    const names = ({ bytes }: Rewritten): string[] => WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
    expect(names(await rewrite(text))).toEqual(['memory', 'a', 'b', 'g', 'chautari:fuel', 'chautari:depth']);
    expect(names(await rewrite(text, { keepExports: ['b', 'memory', 'missing'] }))).toEqual([
      'memory',
      'b',
      'chautari:fuel',
      'chautari:depth',
    ]);
  });

  it('has no custom sections, and is the same each time', async () => {
    const text = '(module (@custom "secret" "abc") (func $named (export "f") (local $x i32)))';
    const first = await rewrite(text);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(first.bytes), 'secret')).toEqual([]);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(first.bytes), 'name')).toEqual([]);
    expect(Buffer.from((await rewrite(text)).bytes)).toEqual(Buffer.from(first.bytes));
  });

  it('is that of the shipped cells, whose hosts read their counters', () => {
    for (const name of ['cash', 'wallet']) {
      const core = readFileSync(join(import.meta.dirname, `../../../test/fuzz/corpus/${name}.core.wasm`));
      const result = rewriteModule(core, { ...OPTIONS, importMemory: true, keepExports: ['decide', 'cabi_realloc'] });
      expect(result).toMatchObject({ ok: true, value: { memory: { initial: 1, maximum: 4 } } });
    }
  });

  it('is that of what clang makes', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'rewrite-clang-'));
    try {
      writeFileSync(
        join(folder, 'a.c'),
        `typedef unsigned char u8; typedef struct { double d; int table[50]; } Big;
         static int twice(int x) { return 2 * x; } static int thrice(int x) { return 3 * x; }
         static int (*volatile functions[2])(int) = { twice, thrice };
         __attribute__((export_name("f"))) int f(int n) { Big b = { 0 }; for (int i = 0; i < n; i++) { b.table[i % 50] += functions[i & 1](i); b.d += 0.5; }
           switch (n % 7) { case 0: return b.table[3]; case 1: return (int)b.d; case 2: return b.table[7] + 1; case 4: return f(n - 1); default: return b.table[n % 50]; } }`,
      );
      const output = join(folder, 'a.wasm');
      const clang = findClang();
      if (typeof clang !== 'string') {
        context.skip();
        return;
      }
      execFileSync(clang, ['--target=wasm32', '-O2', '-nostdlib', '-mbulk-memory', '-Wl,--no-entry', '-o', output, join(folder, 'a.c')], {
        stdio: 'pipe',
      });
      const core = new Uint8Array(readFileSync(output));
      const plain = new WebAssembly.Instance(new WebAssembly.Module(core)).exports.f as (n: number) => number;
      const result = rewriteModule(core, OPTIONS);
      if (!result.ok) throw new Error(result.error.detail);
      for (const n of [0, 1, 2, 3, 4, 11, 99, 500]) expect(call(result.value, 'f', [n]).value).toBe(plain(n));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
