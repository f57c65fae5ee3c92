/**
 * Installs a signed cell on a box: nothing of it is laid down before its signature, its author, its name and its version are in order, and
 * nothing is put into use that answers yesterday's requests otherwise, unless somebody says so.
 */
import { join } from 'node:path';
import { canonicalJson } from '../cell-host/canonical-json.ts';
import type { CellFile } from '../cell-host/cell-file.ts';
import { readCellFolder, readSigned, SharedTexts } from '../cell-host/cell-folder.ts';
import { LIMITS } from '../cell-host/limits.ts';
import { compareVersions } from '../cell-host/manifest.ts';
import { placeCell, placePrepared, removeCell } from '../cell-host/place-cell.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { readTrusted } from '../cell-host/trusted-keys.ts';
import { calledAs } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { type CellBox, chosenIn } from './cell-box.ts';
import { type CellReplay, replayCell } from './replay-cell.ts';
import { readingJournal } from './replay-journal.ts';

export type InstallOptions = {
  /** The name belongs to another author's cell: take it over. */
  readonly takeOver: boolean;
  /** The version is older than the one in use. */
  readonly older: boolean;
};

function trustedKeys({ roots }: CellBox): ReadonlySet<string> {
  const keys = [roots.shipped, roots.installed].flatMap((root) => {
    const list = readTrusted(root);
    if (!list.ok) throw new ExitFault(3, list.error.detail);
    return list.value.map(({ key }) => key);
  });
  return new Set(keys);
}

/** With the command as the program was called: whoever comes by npx has no `chautari` on the path. */
export function notTrusted(key: string, data: string): string {
  return `this box does not trust the author ${key}; if you do: ${calledAs()} cell trust ${key} --data ${data} --name NAME`;
}

function refuseUntrusted(box: CellBox, trusted: ReadonlySet<string>, { key }: CellFile): void {
  if (trusted.has(key)) return;
  throw new ExitFault(1, notTrusted(key, box.data));
}

/** A name belongs to the trusted authors of the versions that are here, those whose prepared files are damaged or old among them. */
function refuseOtherAuthor(
  { roots }: CellBox,
  registry: CellRegistry,
  trusted: ReadonlySet<string>,
  { manifest, key }: CellFile,
  takeOver: boolean,
): void {
  const keys = registry.versions(manifest.name).flatMap(({ name, version, origin }) => {
    const signed = readSigned(join(roots[origin], name, version), name, version);
    return signed.ok && trusted.has(signed.value.key) ? [signed.value.key] : [];
  });
  if (keys.length === 0 || keys.includes(key) || takeOver) return;
  throw new ExitFault(1, `${manifest.name} is another author's cell (${keys.at(-1)}); with --take-over this one replaces it`);
}

/** An old version with a good signature is how a mended fault comes back. */
function refuseOlder(box: CellBox, registry: CellRegistry, { manifest }: CellFile, older: boolean): void {
  const { name, version } = manifest;
  const inUse = chosenIn(box).get(name)?.version ?? registry.standard(name)?.manifest.version;
  if (older || inUse === undefined || compareVersions(version, inUse) >= 0) return;
  throw new ExitFault(1, `${name} ${version} is older than ${inUse}, which is in use; with --older it is installed all the same`);
}

function isSame(folder: string, { manifest, digest }: CellFile): boolean | undefined {
  const there = readSigned(folder, manifest.name, manifest.version);
  if (!there.ok) return undefined;
  return there.value.digest === digest && canonicalJson(there.value.manifest) === canonicalJson(manifest);
}

/** Whether it is here already; a version that is another cell is refused, a damaged one is laid down anew. */
function isHere(box: CellBox, file: CellFile): boolean {
  const { name, version } = file.manifest;
  const places = [box.roots.shipped, box.roots.installed].map((root) => isSame(join(root, name, version), file));
  if (places.includes(false)) throw new ExitFault(1, `another cell is installed as ${name} ${version}: the author must raise the version`);
  return places.includes(true);
}

/** Whether all that it runs by is there as this release prepared it. */
function isWhole(folder: string, root: string, { manifest }: CellFile): boolean {
  return readCellFolder(folder, manifest.name, manifest.version, () => true, new SharedTexts(root)).ok;
}

async function place(box: CellBox, bytes: Uint8Array, file: CellFile): Promise<boolean> {
  const { installed } = box.roots;
  const { name, version } = file.manifest;
  const here = isHere(box, file);
  const inInstalled = isSame(join(installed, name, version), file) === true;
  if (here && (!inInstalled || isWhole(join(installed, name, version), installed, file))) return false;
  const { prepareCell } = await import('../cell-host/prepare.ts');
  const prepared = await prepareCell(file);
  if (!prepared.ok) throw new ExitFault(1, `${prepared.error.detail} (${prepared.error.code})`);
  const placed = inInstalled
    ? placePrepared(installed, name, version, prepared.value)
    : placeCell(installed, file.manifest, bytes, prepared.value);
  if (!placed.ok) throw new ExitFault(1, placed.error.detail);
  return true;
}

/** Lays the cell down, not yet in use. False where it was there. */
export async function layDown(box: CellBox, bytes: Uint8Array, file: CellFile, options: InstallOptions): Promise<boolean> {
  const { name } = file.manifest;
  const trusted = trustedKeys(box);
  refuseUntrusted(box, trusted, file);
  const registry = new CellRegistry(box.roots);
  refuseOtherAuthor(box, registry, trusted, file, options.takeOver);
  refuseOlder(box, registry, file, options.older);
  const names = registry.names();
  if (!names.includes(name) && names.length >= LIMITS.cellsMax) {
    throw new ExitFault(1, `there are ${LIMITS.cellsMax} cells on this box already`);
  }
  return place(box, bytes, file);
}

/** What it would have answered; undefined where there is nothing to compare it with. */
export function compared(box: CellBox, file: CellFile, since: number): CellReplay | undefined {
  if (!box.hasJournal) return undefined;
  const candidate = new CellRegistry(box.roots).find(file.manifest.name, file.manifest.version);
  if (!candidate.ok) throw new ExitFault(1, candidate.error.detail);
  const replay = readingJournal(box.data, (reader) => replayCell(reader, candidate.value, since));
  return replay.ok ? replay.value : undefined;
}

/** Installed versions beyond the limit go, the oldest first; the one in use and the one before it stay. */
export function prune(box: CellBox, name: string): string[] {
  const registry = new CellRegistry(box.roots);
  const chosen = chosenIn(box).get(name);
  const installed = registry.versions(name).filter(({ origin }) => origin === 'installed');
  const spare = installed.filter(({ version }) => version !== chosen?.version && version !== chosen?.from).slice(0, -1);
  const gone = spare.slice(0, Math.max(0, installed.length - LIMITS.versionsMax)).map(({ version }) => version);
  return gone.filter((version) => removeCell(box.roots.installed, name, version).ok);
}
