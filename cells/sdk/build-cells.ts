/**
 * Builds every cell of a folder of cells: sources to component by its language, signed, prepared, and laid down as a box finds it. The
 * output depends on the inputs and the author's key alone, byte for byte; a cell whose inputs did not change is left as it is. A finished
 * cell takes its place by renaming, so nobody ever sees half of one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';
import { readCellFile, signCell } from '../../main/cell-host/cell-file.ts';
import { type CellManifest, parseManifest } from '../../main/cell-host/manifest.ts';
import { placeCell } from '../../main/cell-host/place-cell.ts';
import { prepareCell } from '../../main/cell-host/prepare.ts';
import { preparerDigest } from '../../main/cell-host/preparer.ts';
import { TRUSTED_FILE, trustedText } from '../../main/cell-host/trusted-keys.ts';
import { ensureKeyFile } from './author-key.ts';
import { builderOf, findBuilder, readSources } from './builders.ts';

const CELLS = join(import.meta.dirname, '..');
const DIST = join(dirname(CELLS), 'dist');
const STAMPS = '.stamps';

/** `missing`: what this machine lacks to build it; it was left out. */
export type CellBuild = { name: string; fresh: boolean; bytes: number; missing?: string };

export type BuildOptions = {
  /** The folder of cells; this repository's own where it is not said. */
  readonly cells?: string;
  readonly signer?: Signer;
};

export function sha256(bytes: Uint8Array | string): string {
  return sha256Hex(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
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
function toolchainDigest(signer: Signer): string {
  const hash = createHash('sha256').update(`${packageVersion('assemblyscript')} ${packageVersion('componentize-qjs')} ${preparerDigest()}`);
  const sdk = filesUnder(join(CELLS, 'sdk')).filter((file) => !file.endsWith('.test.ts'));
  for (const file of sdk) hash.update(`\0${file}\0`).update(readFileSync(join(CELLS, 'sdk', file)));
  for (const file of ['manifest.ts', 'cell-file.ts', 'place-cell.ts']) hash.update(readFileSync(join(CELLS, '../main/cell-host', file)));
  return hash.update(signer.publicKey).digest('hex');
}

/** The author's manifest, which must be that of its folder where `name` says its name. */
export function readManifest(folder: string, name?: string): CellManifest {
  const manifest = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  if (!manifest.ok) throw new Error(`${join(folder, 'manifest.json')}: ${manifest.error.detail}`);
  if (name !== undefined && manifest.value.name !== name)
    throw new Error(`the cell in the folder ${name} calls itself ${manifest.value.name}: make them the same`);
  return manifest.value;
}

/** From a folder of sources to the bytes of a component, not signed yet. */
export async function buildComponent(folder: string, manifest: CellManifest): Promise<Uint8Array> {
  const builder = builderOf(folder);
  return builder.build(manifest, readSources(folder, builder), readFileSync(join(CELLS, 'wit/cell.wit'), 'utf8'));
}

/** Signs, prepares and lays down one cell. Throws with the words of whatever refuses it; the code is the error's. */
export async function layCell(root: string, manifest: CellManifest, component: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const signed = signCell(component, manifest, signer);
  if (!signed.ok) throw refused(signed.error);
  const file = readCellFile(signed.value);
  if (!file.ok) throw refused(file.error);
  const prepared = await prepareCell(file.value);
  if (!prepared.ok) throw refused(prepared.error);
  const placed = placeCell(root, manifest, signed.value, prepared.value);
  if (!placed.ok) throw refused(placed.error);
  return signed.value;
}

function refused({ code, detail }: { readonly code: string; readonly detail: string }): Error {
  return Object.assign(new Error(detail), { code });
}

/** Says whose cells these are. Cells of a folder without it are not trusted by any box. */
export function trustAuthor(root: string, name: string, signer: Signer): void {
  mkdirSync(root, { recursive: true });
  const text = trustedText([{ name, key: Buffer.from(signer.publicKey).toString('hex') }]);
  const path = join(root, TRUSTED_FILE);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

const placeOf = (output: string, { name, version }: CellManifest): string => join(output, name, version, 'cell.wasm');

function isFresh(output: string, manifest: CellManifest, stamp: string): boolean {
  const file = join(output, STAMPS, manifest.name);
  return existsSync(placeOf(output, manifest)) && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

async function buildCell(folder: string, name: string, output: string, signer: Signer, toolchain: string): Promise<CellBuild> {
  const manifest = readManifest(folder, name);
  const builder = builderOf(folder);
  const missing = builder.missing();
  if (missing !== undefined) return { name, fresh: false, bytes: 0, missing };
  const stamp = sha256(JSON.stringify([toolchain, manifest, builder.language, [...readSources(folder, builder)]]));
  if (isFresh(output, manifest, stamp)) return { name, fresh: true, bytes: readFileSync(placeOf(output, manifest)).length };

  const file = await layCell(output, manifest, await buildComponent(folder, manifest), signer);
  mkdirSync(join(output, STAMPS), { recursive: true });
  writeFileSync(join(output, STAMPS, name), stamp);
  return { name, fresh: false, bytes: file.length };
}

/** Cells and versions that are no more. */
function takeAwayOthers(output: string, wanted: ReadonlyMap<string, string>): void {
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const version = wanted.get(entry.name);
    if (version === undefined) rmSync(join(output, entry.name), { recursive: true, force: true });
    else
      for (const other of readdirSync(join(output, entry.name)))
        if (other !== version) rmSync(join(output, entry.name, other), { recursive: true, force: true });
  }
}

/** Builds all cells of a folder into `output`, which then holds them and no others. */
export async function buildCells(output: string, options: BuildOptions = {}): Promise<CellBuild[]> {
  const { cells = CELLS, signer = ensureKeyFile(join(DIST, 'author/key.pem')) } = options;
  const names = readdirSync(cells)
    .filter((name) => existsSync(join(cells, name, 'manifest.json')) && findBuilder(join(cells, name)) !== undefined)
    .toSorted();
  trustAuthor(output, 'release', signer);
  const toolchain = toolchainDigest(signer);
  const builds: CellBuild[] = [];
  const wanted = new Map<string, string>();
  for (const name of names) {
    const build = await buildCell(join(cells, name), name, output, signer, toolchain);
    if (build.missing === undefined) wanted.set(name, readManifest(join(cells, name), name).version);
    builds.push(build);
  }
  takeAwayOthers(output, wanted);
  return builds;
}

/** The folder of this repository's built cells, built now unless it is up to date. */
export async function ensureBuilt(): Promise<string> {
  const output = join(DIST, 'cells');
  await buildCells(output);
  return output;
}
