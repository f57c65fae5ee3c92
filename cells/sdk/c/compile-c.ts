/**
 * Compiles a cell's C to a core module, by the clang and wasm-ld that are found on this machine: freestanding, no library, no thread, no
 * file. The generated header and the SDK's own sources lie beside the cell's in a folder that is gone afterwards.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CellCompileError, type CellSources } from '../cell-compile-error.ts';
import type { World } from '../wit/types.ts';
import { findClang } from './find-clang.ts';
import { generateC } from './generate-c.ts';

const INCLUDE = join(import.meta.dirname, 'include');
const STACK_BYTES = 16 * 1024;
const PAGE_BYTES = 65_536;

function objectOf(source: string): string {
  return `${source.replaceAll('/', '-')}.o`;
}

/** `sources`: the files of the cell's `src` folder by name (`cell.c`, `rules.h`, ...). */
export function compileC(name: string, sources: CellSources, world: World, memoryPagesMax: number): Uint8Array {
  const clang = findClang();
  if (typeof clang !== 'string') throw new CellCompileError(name, clang.missing);
  const folder = mkdtempSync(join(tmpdir(), 'cell-c-'));
  try {
    const generated = generateC(world);
    cpSync(INCLUDE, join(folder, 'sdk'), { recursive: true });
    writeFileSync(join(folder, 'sdk/chautari/cell.h'), generated.header);
    writeFileSync(join(folder, 'sdk/cell-glue.c'), generated.glue);
    for (const [file, text] of sources) {
      mkdirSync(dirname(join(folder, 'src', file)), { recursive: true });
      writeFileSync(join(folder, 'src', file), text);
    }
    const sdk = readdirSync(join(folder, 'sdk')).filter(
      (file) => file.endsWith('.c') && (file !== 'payment.c' || world.name === 'payment-cell'),
    );
    const units = [
      ...sdk.map((file) => `sdk/${file}`),
      ...[...sources.keys()].filter((file) => file.endsWith('.c')).map((file) => `src/${file}`),
    ];
    // Relative paths throughout, so that the bytes say nothing of the folder. MVP instructions: what every runtime has.
    const flags = [
      '--target=wasm32-unknown-unknown',
      '-mcpu=mvp',
      '-std=c11',
      '-O2',
      '-ffreestanding',
      '-fvisibility=hidden',
      '-Isdk',
      '-Wall',
    ];
    const run = (args: readonly string[]) =>
      execFileSync(clang, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
    for (const unit of units) run([...flags, '-c', unit, '-o', objectOf(unit)]);
    const link = [
      '--no-entry',
      '--stack-first',
      '--strip-all',
      '--export-dynamic',
      `-z,stack-size=${STACK_BYTES}`,
      `--max-memory=${memoryPagesMax * PAGE_BYTES}`,
    ];
    run([...flags.slice(0, 2), '-nostdlib', ...link.map((flag) => `-Wl,${flag}`), ...units.map(objectOf), '-o', 'cell.wasm']);
    return new Uint8Array(readFileSync(join(folder, 'cell.wasm')));
  } catch (error) {
    const { stderr } = error as { stderr?: unknown };
    if (typeof stderr !== 'string') throw error;
    throw new CellCompileError(name, stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
