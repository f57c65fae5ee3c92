/**
 * At a start, before anything is served: what another release prepared is prepared again from its signed file. Reading a few small files a
 * version where nothing is to be done; the tools are loaded where something is.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPrepared, readSigned } from './cell-folder.ts';
import { isCellName, isCellVersion } from './manifest.ts';
import { placePrepared } from './place-cell.ts';

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** One line for each version that was prepared, or could not be; a version that cannot is left as it is, and is out. */
export async function prepareAgain(root: string): Promise<string[]> {
  const lines: string[] = [];
  for (const name of foldersIn(root).filter(isCellName)) {
    for (const version of foldersIn(join(root, name)).filter(isCellVersion)) {
      const folder = join(root, name, version);
      if (isPrepared(folder)) continue;
      const file = readSigned(folder, name, version);
      // A broken file is the registry's to report.
      if (!file.ok) continue;
      const { prepareCell } = await import('./prepare.ts');
      const prepared = await prepareCell(file.value);
      const done = prepared.ok ? placePrepared(root, name, version, prepared.value) : prepared;
      lines.push(done.ok ? `prepared ${name} ${version} for this release` : `${name} ${version} cannot be prepared: ${done.error.detail}`);
    }
  }
  return lines;
}
