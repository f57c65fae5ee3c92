// Finds the programs that some suites need besides Node. A suite whose program is missing is skipped with one line that says so;
// with CHAUTARI_TEST_REQUIRE=all it fails instead, so that a build server cannot pass by leaving things out.
// CHAUTARI_TEST_MAY_LACK names tools (comma-separated) that may be missing even then.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findRustc } from '../../cells/sdk/rust/find-rustc.ts';

const tools = {
  mosquitto: { variable: 'MOSQUITTO', names: ['mosquitto'], hint: 'the Debian package mosquitto' },
  chromium: {
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    hint: 'the Debian package chromium',
  },
  clang: { variable: 'CLANG', names: ['clang'], hint: 'the Debian package clang' },
  'wasm-ld': { variable: 'WASM_LD', names: ['wasm-ld'], hint: 'the Debian package lld' },
  'rustc-wasm32': { variable: undefined, names: [], hint: 'the Debian packages rustc and libstd-rust-dev-wasm32' },
  electron: { variable: undefined, names: [], hint: 'CHAUTARI_ELECTRON=<folder of an Electron>, or "npx install-electron"' },
  hledger: { variable: 'HLEDGER', names: ['hledger'], hint: 'the Debian package hledger' },
  socat: { variable: 'SOCAT', names: ['socat'], hint: 'the Debian package socat' },
  xvfb: { variable: undefined, names: ['Xvfb'], hint: 'the Debian package xvfb' },
} as const;

export type Tool = keyof typeof tools;

// Where Debian keeps servers, which an ordinary user's PATH leaves out.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'];

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const findElectron = (): string | undefined => {
  const folder = process.env.CHAUTARI_ELECTRON ?? join(import.meta.dirname, '../../node_modules/electron/dist');
  const path = join(folder, 'electron');
  return existsSync(path) ? path : undefined;
};

/** A compiler of Rust that has the standard library for WebAssembly. */
const findRust = (): string | undefined => {
  const found = findRustc();
  return typeof found === 'string' ? found : undefined;
};

/** The path of a program, or undefined; says nothing. */
export const findTool = (tool: Tool): string | undefined => {
  if (tool === 'electron') return findElectron();
  if (tool === 'rustc-wasm32') return findRust();
  const { variable, names } = tools[tool];
  const given = variable === undefined ? undefined : process.env[variable];
  if (given !== undefined) return isRunnable(given) ? given : undefined;
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      if (folder !== '' && isRunnable(path)) return path;
    }
  }
  return undefined;
};

/** The path of a program, or undefined after saying what is missing: `describe.skipIf(path === undefined)`. */
export const requireTool = (tool: Tool): string | undefined => {
  const path = findTool(tool);
  if (path !== undefined) return path;
  const line = `needs ${tool} (${tools[tool].hint})`;
  const mayLack = (process.env.CHAUTARI_TEST_MAY_LACK ?? '').split(',');
  if (process.env.CHAUTARI_TEST_REQUIRE === 'all' && !mayLack.includes(tool)) throw new Error(`this suite ${line}`);
  process.stderr.write(`skipped: this suite ${line}\n`);
  return undefined;
};

/** The paths of several programs, or undefined when one of them is missing. */
export const requireTools = <const T extends Tool>(...needed: readonly T[]): Record<T, string> | undefined => {
  const paths: Partial<Record<T, string>> = {};
  for (const tool of needed) {
    const path = requireTool(tool);
    if (path === undefined) return undefined;
    paths[tool] = path;
  }
  return paths as Record<T, string>;
};
