/**
 * The languages that a cell may be written in, by the file that its folder has: how its sources become a component. A compiler that npm
 * does not bring may be missing; whoever builds asks first and says so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellManifest } from '../../main/cell-host/manifest.ts';
import { findClang } from './c/find-clang.ts';
import { CellCompileError, type CellSources } from './cell-compile-error.ts';
import type { StringEncoding } from './component.ts';
import type { CellLanguage } from './languages.ts';
import { findRustc } from './rust/find-rustc.ts';
import { resolveWorld } from './wit/resolve.ts';
import type { World } from './wit/types.ts';

export type CellBuilder = {
  readonly language: CellLanguage;
  /** The folder of the sources, and the file in it that every cell of the language has. */
  readonly folder: string;
  readonly entry: string;
  readonly sources: RegExp;
  /** What this machine lacks, and how it is had. */
  readonly missing: () => string | undefined;
  readonly build: (manifest: CellManifest, sources: CellSources, wit: string) => Promise<Uint8Array>;
};

type Compile = (name: string, sources: CellSources, world: World, memoryPagesMax: number) => Promise<Uint8Array> | Uint8Array;

/** Compilers are for authors: a box that was installed without them says so. */
async function tool<T>(name: string, load: () => Promise<T>): Promise<T> {
  return load().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CellCompileError(name, 'the tools for authors are not installed here: build it in a checkout, and bring the signed file');
  });
}

/** From a core module, which `load` compiles to, to a component. */
function coreBuilder(encoding: StringEncoding, load: () => Promise<Compile>): CellBuilder['build'] {
  return async ({ name, world, budget, grants }, sources, wit) => {
    const compile = await tool(name, load);
    const { makeComponent } = await tool(name, () => import('./component.ts'));
    const core = await compile(name, sources, resolveWorld(wit, world), budget.memoryPages);
    return makeComponent(core, widened(wit, world, grants.imports, sources.get('wasi.wit')), world, encoding);
  };
}

function lacks(found: string | { readonly missing: string }): string | undefined {
  return typeof found === 'string' ? undefined : found.missing;
}

/** The contract with a world that also imports what a cell declares itself of WASI, in `wasi.wit` beside its sources. */
function widened(wit: string, world: string, granted: readonly string[], more: string | undefined): string {
  if (more === undefined) return wit;
  const imports = granted.filter((name) => name.startsWith('wasi:')).map((name) => `  import ${name};\n`);
  return wit.replace(`world ${world} {\n`, `world ${world} {\n${imports.join('')}`) + more;
}

const BUILDERS: readonly CellBuilder[] = [
  {
    language: 'assemblyscript',
    folder: 'assembly',
    entry: 'cell.ts',
    sources: /\.ts$/,
    missing: () => undefined,
    build: coreBuilder('utf16', async () => (await import('./compile.ts')).compileCell),
  },
  {
    language: 'c',
    folder: 'src',
    entry: 'cell.c',
    sources: /\.([ch]|wit)$/,
    missing: () => lacks(findClang()),
    build: coreBuilder('utf8', async () => (await import('./c/compile-c.ts')).compileC),
  },
  {
    language: 'javascript',
    folder: 'src',
    entry: 'cell.js',
    sources: /\.js$/,
    missing: () => undefined,
    build: async ({ name, world }, sources, wit) => (await import('./js/compile-js.ts')).compileJs(name, sources, wit, world),
  },
  {
    language: 'rust',
    folder: 'src',
    entry: 'cell.rs',
    sources: /\.rs$/,
    missing: () => lacks(findRustc()),
    build: coreBuilder('utf8', async () => (await import('./rust/compile-rust.ts')).compileRust),
  },
];

/** The builder for a cell's folder; undefined where it has no source that this release knows. */
export function findBuilder(folder: string): CellBuilder | undefined {
  return BUILDERS.find((builder) => existsSync(join(folder, builder.folder, builder.entry)));
}

/** The same, or an error that names what may lie there. */
export function builderOf(folder: string): CellBuilder {
  const found = findBuilder(folder);
  if (found !== undefined) return found;
  const entries = BUILDERS.map((builder) => `${builder.folder}/${builder.entry}`).join(', ');
  throw new CellCompileError(folder, `it has none of ${entries}`);
}

/** The sources of a cell, by their path under its folder of sources. */
export function readSources(folder: string, builder: CellBuilder): Map<string, string> {
  const root = join(folder, builder.folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && builder.sources.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return new Map(files.toSorted().map((file) => [file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')]));
}
