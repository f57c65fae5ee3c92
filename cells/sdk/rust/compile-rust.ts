/**
 * Compiles a cell's Rust to a core module, by the rustc that find-rustc.ts finds. No crate is fetched; there is no Cargo.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CellCompileError, type CellSources } from '../cell-compile-error.ts';
import type { World } from '../wit/types.ts';
import { findRustc, RUST_TARGET } from './find-rustc.ts';
import { generateRust } from './generate-rust.ts';

const STACK_BYTES = 32 * 1024;
const PAGE_BYTES = 65_536;

/** `sources`: the files of the cell's `src` folder by name (`cell.rs` and its modules). */
export function compileRust(name: string, sources: CellSources, world: World, memoryPagesMax: number): Uint8Array {
  const rustc = findRustc();
  if (typeof rustc !== 'string') throw new CellCompileError(name, rustc.missing);
  const folder = mkdtempSync(join(tmpdir(), 'cell-rust-'));
  try {
    writeFileSync(join(folder, 'lib.rs'), generateRust(world));
    for (const [file, text] of sources) {
      mkdirSync(dirname(join(folder, 'src', file)), { recursive: true });
      writeFileSync(join(folder, 'src', file), text);
    }
    const link = [`-zstack-size=${STACK_BYTES}`, '--stack-first', `--max-memory=${memoryPagesMax * PAGE_BYTES}`];
    const codegen = ['panic=abort', 'opt-level=s', 'lto=fat', 'codegen-units=1', 'strip=symbols', 'linker=wasm-ld'];
    const flags = [...codegen, ...link.map((flag) => `link-arg=${flag}`)].flatMap((flag) => ['-C', flag]);
    const args = ['--edition', '2021', '--crate-name', 'cell', '--crate-type', 'cdylib', '--target', RUST_TARGET, ...flags];
    execFileSync(rustc, [...args, '--remap-path-prefix', `${folder}=.`, 'lib.rs', '-o', 'cell.wasm'], { cwd: folder, stdio: 'pipe' });
    return new Uint8Array(readFileSync(join(folder, 'cell.wasm')));
  } catch (error) {
    const { stderr } = error as { stderr?: unknown };
    if (!Buffer.isBuffer(stderr)) throw error;
    throw new CellCompileError(name, stderr.toString('utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
