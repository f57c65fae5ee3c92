/** What becomes of a component before it may run, and which components never do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { componentEmbed, componentNew, parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import { describe, expect, it } from 'vitest';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { type CellFile, readCellFile, signCell } from './cell-file.ts';
import type { CellManifest } from './manifest.ts';
import { type PreparedFiles, prepareCell } from './prepare.ts';

const WIT = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');
const author = new TestAuthor();

async function cash(changes: Partial<CellManifest> = {}): Promise<CellFile> {
  const file = readCellFile(await author.file('cash', changes));
  if (!file.ok) throw new Error(file.error.detail);
  return file.value;
}

/** A component in the place of the cash cell's. */
async function refusal(component: Uint8Array, changes: Partial<CellManifest> = {}): Promise<string> {
  const { manifest } = await cash(changes);
  const signed = signCell(component, manifest, author.signer);
  const file = signed.ok ? readCellFile(signed.value) : signed;
  if (!file.ok) return file.error.code;
  const prepared = await prepareCell(file.value);
  return prepared.ok ? 'prepared' : `${prepared.error.code}: ${prepared.error.detail}`;
}

async function prepared(file: CellFile): Promise<PreparedFiles> {
  const made = await prepareCell(file);
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}

async function component(text: string, wit: string, world: string, stringEncoding: 'utf8' | 'utf16' = 'utf8'): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ binary: await parse(text), witSource: wit, world, stringEncoding }), []);
}

const CONTRACT_IMPORTS = ['accounts', 'state', 'outbox'].map((name) => `chautari:cell/${name}@0.1.0`);

const DECIDE = `(module (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
  (func (export "decide") (param i32) (result i32) unreachable))`;

describe('preparation', () => {
  it('of a fast cell gives a metered core module and glue, the same each time', async () => {
    const made = await prepared(await cash());
    expect([...made.files.keys()].toSorted()).toEqual([
      'core.wasm',
      'jco/cell.core.wasm',
      'jco/cell.core2.wasm',
      'jco/cell.core3.wasm',
      'prepared.json',
    ]);
    expect(made.texts.size).toBe(2);
    const again = await prepared(await cash());
    expect(again.record).toEqual(made.record);
    const module = new WebAssembly.Module(Buffer.from(made.files.get('core.wasm') ?? []));
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['decide', 'chautari:fuel', 'chautari:depth']),
    );
    expect(WebAssembly.Module.imports(module)).toContainEqual({ module: 'chautari:host', name: 'memory', kind: 'memory' });
  });

  it('of a slow cell meters every module and makes no glue', async () => {
    const made = await prepared(await cash({ class: 'slow' }));
    expect(made.record.fast).toBeUndefined();
    expect(made.texts.size).toBe(1);
    expect(Object.values(made.record.jco.modules).every(({ metered }) => metered !== undefined)).toBe(true);
  });

  it.each(['utf8', 'utf16'] as const)('takes strings in %s', async (encoding) => {
    expect(await refusal(await component(DECIDE, WIT, 'payment-cell', encoding))).toBe('prepared');
  });

  it('refuses a component of another world', async () => {
    const other = 'package a:b@0.1.0;\nworld w { export decide: func(at: u64) -> u32; }';
    const text = '(module (memory (export "memory") 1) (func (export "decide") (param i64) (result i32) i32.const 1))';
    expect(await refusal(await component(text, other, 'w'))).toContain(
      'wrong-world: the cell cash is not of the world payment-cell: it does not export decide',
    );
    const decision = '(module (memory (export "memory") 1) (func (export "run") (result i32) i32.const 1))';
    expect(await refusal(await component(decision, 'package a:b@0.1.0;\nworld w { export run: func() -> u32; }', 'w'))).toContain(
      'wrong-world',
    );
  });

  it('refuses the contract’s names with other types behind them', async () => {
    const wit = WIT.replace('record posting {', 'record posting {\n    memo: string,');
    expect(wit).not.toBe(WIT);
    expect(await refusal(await component(DECIDE, wit, 'payment-cell'))).toContain(
      'wrong-world: the cell cash is not of the world payment-cell: its types',
    );
  });

  it('refuses what the manifest does not grant, and what is no component', async () => {
    const calling = `(module (import "chautari:cell/state@0.1.0" "delete" (func $delete (param i32 i32))) (memory (export "memory") 1)
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
      (func (export "decide") (param i32) (result i32) (call $delete (i32.const 0) (i32.const 1)) unreachable))`;
    const component_ = await component(calling, WIT, 'payment-cell');
    expect(await refusal(component_)).toContain('import-not-granted: the cell cash imports chautari:cell/state@0.1.0');
    const grants = { imports: ['chautari:cell/state@0.1.0'], accounts: ['drawer' as const, 'sales' as const] };
    expect(await refusal(component_, { grants })).toBe('prepared');
    expect(await refusal(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 1, 3, 1, 2, 3))).toContain('not-a-component');
  });

  it('refuses the class fast for a component in another wrapping: it says more than its core module', async () => {
    const text = await print((await cash()).component);
    // The same core module, its answer lifted in another encoding than its imports: what jco runs is not what glue would.
    const mixed = text.replace(/(canon lift [^\n]*?)string-encoding=utf16/, '$1string-encoding=utf8');
    expect(mixed).not.toBe(text);
    expect(await refusal(await parse(mixed))).toBe(
      'not-fast: the cell cash is not one core module in the standard wrapping: declare "class": "slow"',
    );
    expect(await refusal(await parse(mixed), { class: 'slow' })).toBe('prepared');
    // The same component written down anew is the same, whatever its custom sections.
    expect(await refusal(await parse(text))).toBe('prepared');
  });

  it('refuses a component whose names would be code in jco’s text', async () => {
    const text = await print(await component(DECIDE, WIT, 'payment-cell'));
    const evil = "decide'],escaped=process.exit(),rest=['";
    const named = text
      .replace('(export "decide" (func', `(export "${evil}" (func`)
      .replace(/(alias core export \S+) "decide"/, `$1 "${evil}"`);
    expect(named.split(evil)).toHaveLength(3);
    const granted = { grants: { imports: [], accounts: ['drawer' as const, 'sales' as const] } };
    for (const kind of ['slow', 'fast'] as const) {
      expect(await refusal(await parse(named), { ...granted, class: kind })).toMatch(/^not-(metered|fast): /);
    }
    expect(await refusal(await parse(text), { ...granted, class: 'slow' })).toBe('prepared');
  });

  it.each<[string, string]>([
    ['a task', '(core func $late (canon task.cancel))'],
    ['a set of what is waited for', '(core func $late (canon waitable-set.new))'],
    ['a yield', '(core func $late (canon thread.yield))'],
    ['a stream', '(type $s (stream u8)) (core func $late (canon stream.new $s))'],
    ['a component within', '(component (core func $late (canon backpressure.inc)))'],
    [
      'an async lift',
      '(component (core module $m (func (export "f"))) (core instance $i (instantiate $m)) (func (canon lift (core func $i "f") async)))',
    ],
  ])('refuses what would go on after the answer: %s', async (_what, late) => {
    const text = await print(await component(DECIDE, WIT, 'payment-cell'));
    const bytes = await parse(text.replace(/\)\s*$/, `${late})`));
    expect(await refusal(bytes, { class: 'slow', grants: { imports: [], accounts: ['drawer', 'sales'] } })).toMatch(/^not-synchronous: /);
  });

  it('refuses what the host would not load: many modules, types within types', async () => {
    const slow = { class: 'slow' as const, grants: { imports: [], accounts: ['drawer' as const, 'sales' as const] } };
    const text = await print(await component(DECIDE, WIT, 'payment-cell'));
    const modules = Array.from(
      { length: 70 },
      (_, index) => `(core module $m${index} (func (export "f${index}"))) (core instance (instantiate $m${index}))`,
    );
    expect(await refusal(await parse(text.replace(/\)\s*$/, `${modules.join('\n')})`)), slow)).toMatch(
      /^too-large: .*more than 64 modules/,
    );

    const records = Array.from({ length: 15 }, (_, at) => {
      const inner = at === 0 ? 'u8' : `r${at - 1}`;
      return `record r${at} { a: ${inner}, b: ${inner} }`;
    });
    const wit =
      WIT.replace('world payment-cell {', 'world payment-cell {\n  export a:b/bomb@0.1.0;') +
      `\npackage a:b@0.1.0 { interface bomb { ${records.join(' ')} f: func() -> r14; } }`;
    const bomb = await componentNew(await componentEmbed({ dummy: true, witSource: wit, world: 'payment-cell' }), []);
    expect(bomb.length).toBeLessThan(8_000);
    expect(await refusal(bomb, { ...slow, grants: { ...slow.grants, imports: CONTRACT_IMPORTS } })).toMatch(/^too-large: .*types/);
  });

  it('refuses a core module that cannot be metered', async () => {
    const grown = DECIDE.replace('(memory (export "memory") 1)', '(memory (export "memory") 40)');
    expect(await refusal(await component(grown, WIT, 'payment-cell'))).toContain('not-metered');
  });
});
