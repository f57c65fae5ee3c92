/** Finds a rustc that has the standard library for wasm32-unknown-unknown: Debian's before any other, because it is the same everywhere. */
import { execFileSync } from 'node:child_process';
import { findCompiler, type MissingCompiler } from '../find-compiler.ts';

export const RUST_TARGET = 'wasm32-unknown-unknown';
const HINT = 'the Debian packages rustc, libstd-rust-dev-wasm32 and lld';

/** The compiler, or what is missing and how it is had. */
export function findRustc(): string | MissingCompiler {
  const linker = findCompiler('wasm-ld', { variable: 'WASM_LD', hint: HINT });
  if (typeof linker !== 'string') return linker;
  const rustc = findCompiler('rustc', { variable: 'RUSTC', hint: HINT, folders: ['/usr/bin'] });
  if (typeof rustc !== 'string') return rustc;
  try {
    const crate = ['--target', RUST_TARGET, '--crate-type', 'lib', '--emit', 'metadata', '-o', '/dev/null', '-'];
    execFileSync(rustc, crate, { input: '', stdio: 'pipe' });
    return rustc;
  } catch {
    return { missing: `${rustc} cannot compile for ${RUST_TARGET}: install ${HINT}` };
  }
}
