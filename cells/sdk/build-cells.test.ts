import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, describe, expect, it } from 'vitest';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { readCellFile } from '../../main/cell-host/cell-file.ts';
import { type CellManifest, parseManifest } from '../../main/cell-host/manifest.ts';
import { buildCells, buildComponent, layCell, readManifest, sha256 } from './build-cells.ts';

const author = signerFromPem(generateKey());
const scratch = mkdtempSync(join(tmpdir(), 'cells-build-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
  return new Map(files.toSorted().map((file) => [file, sha256(readFileSync(join(folder, file)))]));
}

function walletManifest() {
  const parsed = parseManifest(JSON.parse(readFileSync(join(import.meta.dirname, '../wallet/manifest.json'), 'utf8')));
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

describe('buildCells', () => {
  it('gives the same bytes twice, builds nothing that is fresh, and takes away what is no cell any more', async () => {
    const cells = join(scratch, 'cells');
    for (const name of ['cash', 'wallet']) cpSync(join(import.meta.dirname, '..', name), join(cells, name), { recursive: true });
    const options = { cells, signer: author };
    const first = join(scratch, 'first');
    const second = join(scratch, 'second');
    mkdirSync(join(second, 'stranger'), { recursive: true });
    mkdirSync(join(second, 'cash/0.0.1'), { recursive: true });
    const built = await buildCells(first, options);
    expect(built.map(({ name }) => name)).toEqual(['cash', 'wallet']);
    expect(built.every(({ fresh, missing }) => !fresh || missing !== undefined)).toBe(true);
    await buildCells(second, options);
    expect(contents(first)).toEqual(contents(second));
    expect((await buildCells(first, options)).every(({ fresh, missing }) => fresh || missing !== undefined)).toBe(true);

    writeFileSync(join(first, '.stamps/cash'), 'old');
    rmSync(join(first, 'cash/0.1.0/prepared'), { recursive: true });
    expect((await buildCells(first, options)).filter(({ fresh }) => !fresh).map(({ name }) => name)).toEqual(['cash']);
    expect(contents(first)).toEqual(contents(second));
  }, 180_000);

  it('ships one signed file a cell, and the list of who signed', () => {
    const bytes = readFileSync(join(scratch, 'first/wallet/0.1.0/cell.wasm'));
    const file = readCellFile(bytes);
    if (!file.ok) throw new Error(file.error.detail);
    expect(bytes.length).toBeLessThan(32 * 1024);
    expect(file.value.manifest).toEqual(walletManifest());
    expect(JSON.parse(readFileSync(join(scratch, 'first/trusted.json'), 'utf8'))).toEqual({
      keys: [{ name: 'release', key: file.value.key }],
    });
  });
});

/** A folder of a cell in AssemblyScript. */
function folderOf(name: string, source: string, manifest: CellManifest = walletManifest()): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'assembly'), { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'assembly/cell.ts'), source);
  return folder;
}

it('builds the cell that the guide shows', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/cells.md'), 'utf8');
  const source = /```ts\n(import \{ accounts[\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const component = await buildComponent(folderOf('guide', source), walletManifest());
  await layCell(join(scratch, 'guide-cells'), walletManifest(), component, author);
});

describe('a cell that cannot be built', () => {
  it('is told what the compiler says', async () => {
    const folder = folderOf('broken', 'export function decide(): nonsense { return 1; }');
    await expect(buildComponent(folder, walletManifest())).rejects.toThrow(/the cell wallet does not compile:[\s\S]*in cell\.ts\(1,/);
  });

  it('is refused under another folder name, or without decide', async () => {
    const folder = join(scratch, 'other');
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(walletManifest()));
    expect(() => readManifest(folder, 'other')).toThrow('the cell in the folder other calls itself wallet');
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(() => readManifest(folder, 'other')).toThrow('manifest.name is missing');
    const wit = 'package a:b@0.1.0;\nworld w { export run: func() -> u32; }';
    const core = await parse('(module (memory (export "memory") 1) (func (export "run") (result i32) i32.const 1))');
    const component = await componentNew(await componentEmbed({ binary: core, witSource: wit, world: 'w' }), []);
    await expect(layCell(join(scratch, 'refused'), walletManifest(), component, author)).rejects.toMatchObject({ code: 'wrong-world' });
  });

  it('is refused where it asks for WASI', async () => {
    const wit = `package a:b@0.1.0;
world w { import wasi:random/random@0.2.0; export decide: func() -> u64; }
package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }`;
    const core = await parse(`(module (import "wasi:random/random@0.2.0" "get-random-u64" (func $r (result i64)))
      (memory (export "memory") 1) (func (export "decide") (result i64) call $r))`);
    const component = await componentNew(await componentEmbed({ binary: core, witSource: wit, world: 'w' }), []);
    await expect(layCell(join(scratch, 'refused'), walletManifest(), component, author)).rejects.toMatchObject({
      code: 'import-not-granted',
      message: expect.stringContaining('wasi:random/random@0.2.0'),
    });
  });
});
