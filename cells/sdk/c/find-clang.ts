/** Finds the compiler and the linker for cells in C. */
import { findCompiler, type MissingCompiler } from '../find-compiler.ts';

/** The compiler of this machine, or what is missing and how it is had. */
export function findClang(): string | MissingCompiler {
  const linker = findCompiler('wasm-ld', { variable: 'WASM_LD', hint: 'the Debian package lld' });
  return typeof linker === 'string' ? findCompiler('clang', { variable: 'CLANG', hint: 'the Debian package clang' }) : linker;
}
