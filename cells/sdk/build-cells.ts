/**
 * Builds every folder of `cells/` that has a manifest: AssemblyScript to core module to component to jco's output, each beside its
 * manifest with digests. The output depends on the inputs alone, byte for byte; a cell whose inputs did not change is left as it is.
 * A finished cell takes its place by renaming, so nobody ever sees half of one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuiltManifest, type CellManifest, isPaymentManifest, parseManifest } from '../../main/cell-host/manifest.ts';
import { compileCell } from './compile.ts';
import { makeComponent, type TranspiledCell, transpileCell } from './component.ts';
import { resolveWorld } from './wit/resolve.ts';

const CELLS = join(import.meta.dirname, '..');
const STAMP = 'inputs.sha256';

export type CellBuild = { name: string; fresh: boolean; componentBytes: number };

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function filesUnder(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
    );
}

function packageVersion(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(CELLS, '../node_modules', name, 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}

/** Everything but the cell itself that its output depends on. */
function toolchainDigest(): string {
  const hash = createHash('sha256').update(`${packageVersion('assemblyscript')} ${packageVersion('@bytecodealliance/jco-transpile')}`);
  const sdk = filesUnder(join(CELLS, 'sdk')).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  for (const file of sdk) hash.update(`\0${file}\0`).update(readFileSync(join(CELLS, 'sdk', file)));
  hash.update(readFileSync(join(CELLS, '../main/cell-host/manifest.ts')));
  return hash.update(readFileSync(join(CELLS, 'wit/cell.wit'))).digest('hex');
}

function readSources(folder: string): Map<string, string> {
  const assembly = join(folder, 'assembly');
  return new Map(
    filesUnder(assembly)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file, readFileSync(join(assembly, file), 'utf8')]),
  );
}

/** The author's manifest, which must be that of its folder. */
export function readManifest(folder: string, name: string): CellManifest {
  const manifest = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  if (!manifest.ok) throw new Error(`${join(folder, 'manifest.json')}: ${manifest.error.detail}`);
  if (manifest.value.name !== name)
    throw new Error(`the cell in the folder ${name} calls itself ${manifest.value.name}: make them the same`);
  return manifest.value;
}

/** Lays a built cell into `folder`: component, transpiled files, manifest with digests. */
export function writeCell(folder: string, manifest: CellManifest, component: Uint8Array, transpiled: TranspiledCell): BuiltManifest {
  const file = `${manifest.name}.component.wasm`;
  const files: Record<string, string> = {};
  mkdirSync(join(folder, 'transpiled'), { recursive: true });
  for (const [name, contents] of [...transpiled.files].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    writeFileSync(join(folder, 'transpiled', name), contents);
    files[name] = sha256(contents);
  }
  writeFileSync(join(folder, file), component);
  if (!isPaymentManifest(manifest)) throw new Error('not a payment cell');
  const built: BuiltManifest = {
    ...manifest,
    component: { file, sha256: sha256(component), bytes: component.length },
    transpiled: { entry: transpiled.entry, files },
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(built, undefined, 2)}\n`);
  return built;
}

/** From sources to the bytes of a component. */
export async function buildComponent(manifest: CellManifest, sources: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const wit = readFileSync(join(CELLS, 'wit/cell.wit'), 'utf8');
  const core = await compileCell(manifest.name, sources, resolveWorld(wit, manifest.world), manifest.budget.memoryPages);
  return makeComponent(core, wit, manifest.world);
}

function isFresh(target: string, stamp: string): boolean {
  const file = join(target, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

async function buildCell(name: string, output: string, toolchain: string): Promise<CellBuild> {
  const folder = join(CELLS, name);
  const manifest = readManifest(folder, name);
  const sources = readSources(folder);
  const stamp = sha256(JSON.stringify([toolchain, manifest, [...sources]]));
  const target = join(output, name);
  const componentPath = join(target, `${name}.component.wasm`);
  if (isFresh(target, stamp)) return { name, fresh: true, componentBytes: readFileSync(componentPath).length };

  const component = await buildComponent(manifest, sources);
  const transpiled = await transpileCell(component, manifest);
  const staging = join(output, `.${name}.${process.pid}`);
  rmSync(staging, { recursive: true, force: true });
  writeCell(staging, manifest, component, transpiled);
  writeFileSync(join(staging, STAMP), stamp);
  place(staging, target, stamp);
  return { name, fresh: false, componentBytes: component.length };
}

/** Puts a finished cell in the place of the old one, unless another process did the same first. */
function place(staging: string, target: string, stamp: string): void {
  try {
    if (!isFresh(target, stamp)) {
      rmSync(target, { recursive: true, force: true });
      renameSync(staging, target);
    }
  } catch (error) {
    if (!isFresh(target, stamp)) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Builds all cells into `output`; folders of cells that are no more are taken away. */
export async function buildCells(output: string): Promise<CellBuild[]> {
  mkdirSync(output, { recursive: true });
  const names = readdirSync(CELLS)
    .filter((name) => existsSync(join(CELLS, name, 'manifest.json')))
    .toSorted();
  for (const entry of readdirSync(output)) {
    if (!entry.startsWith('.') && !names.includes(entry)) rmSync(join(output, entry), { recursive: true, force: true });
  }
  const toolchain = toolchainDigest();
  const builds: CellBuild[] = [];
  for (const name of names) builds.push(await buildCell(name, output, toolchain));
  return builds;
}

/** The folder of this repository's built cells, built now unless it is up to date. */
export async function ensureBuilt(): Promise<string> {
  const output = join(dirname(CELLS), 'dist/cells');
  await buildCells(output);
  return output;
}
