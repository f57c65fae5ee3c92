/**
 * A cell made ready to be tried: built where a folder with sources is given, taken as it is where a signed file is. It goes the whole way
 * that an installed cell goes (signed, prepared, laid down, verified, loaded), in a folder that is gone afterwards.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builderOf, readSources } from '../../cells/sdk/builders.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import type { World } from '../../cells/sdk/wit/types.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { type CellFile, readCellFile, signCell } from '../cell-host/cell-file.ts';
import { readCellFolder, SharedTexts } from '../cell-host/cell-folder.ts';
import type { CellManifest } from '../cell-host/manifest.ts';
import { placeCell } from '../cell-host/place-cell.ts';
import { prepareCell } from '../cell-host/prepare.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import { CONTRACT_WIT } from '../cell-host/preparer.ts';
import { ExitFault } from '../platform/exit.ts';
import { readFolderManifest } from './cell-files.ts';

export type TrialCell = {
  readonly prepared: PreparedCell;
  readonly manifest: CellManifest;
  readonly world: World;
  readonly component: Uint8Array;
  /** Takes the prepared files away. */
  readonly close: () => void;
};

function wit(): string {
  return readFileSync(CONTRACT_WIT, 'utf8');
}

async function built(folder: string): Promise<{ manifest: CellManifest; component: Uint8Array }> {
  const manifest = readFolderManifest(folder);
  const builder = builderOf(folder);
  const missing = builder.missing();
  if (missing !== undefined) throw new ExitFault(1, missing);
  return { manifest, component: await builder.build(manifest, readSources(folder, builder), wit()) };
}

/** Signed for this trial alone, by a key that nobody else has and that is forgotten. */
function signedForTrial(manifest: CellManifest, component: Uint8Array): Uint8Array {
  const signed = signCell(component, manifest, signerFromPem(generateKey()));
  if (!signed.ok) throw new ExitFault(1, signed.error.detail);
  return signed.value;
}

function fileOf(bytes: Uint8Array, path: string): CellFile {
  const file = readCellFile(bytes);
  if (!file.ok) throw new ExitFault(1, `${path}: ${file.error.detail}`);
  return file.value;
}

/** `path`: the folder of a cell, or a signed file. Throws what the compiler, the preparation or the manifest's reader says. */
export async function openTrialCell(path: string): Promise<TrialCell> {
  if (!existsSync(path)) throw new ExitFault(2, `there is no ${path}: name a cell's folder or a signed file`);
  const source = statSync(path).isDirectory() ? await built(path) : undefined;
  const bytes = source === undefined ? new Uint8Array(readFileSync(path)) : signedForTrial(source.manifest, source.component);
  const file = fileOf(bytes, path);
  const { manifest } = file;
  const files = await prepareCell(file);
  if (!files.ok) throw new ExitFault(1, files.error.detail);
  const root = mkdtempSync(join(tmpdir(), 'chautari-trial-'));
  const close = () => rmSync(root, { recursive: true, force: true });
  try {
    const placed = placeCell(root, manifest, bytes, files.value);
    if (!placed.ok) throw new ExitFault(1, placed.error.detail);
    const prepared = readCellFolder(
      join(root, manifest.name, manifest.version),
      manifest.name,
      manifest.version,
      () => true,
      new SharedTexts(root),
    );
    if (!prepared.ok) throw new ExitFault(1, prepared.error.detail);
    return { prepared: prepared.value, manifest, world: resolveWorld(wit(), manifest.world), component: file.component, close };
  } catch (error) {
    close();
    throw error;
  }
}
