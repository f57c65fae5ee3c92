/** Files that the commands of cells are given: read with a bound, and said in words where they are not what they should be. */
import { readFileSync, statSync } from 'node:fs';
import { type CellFile, componentOf, readCellFile } from '../cell-host/cell-file.ts';
import { LIMITS } from '../cell-host/limits.ts';
import { type CellManifest, parseManifest } from '../cell-host/manifest.ts';
import { ExitFault } from '../platform/exit.ts';
import { parseJson } from '../platform/json.ts';

export function readBytes(path: string, bytesMax: number = LIMITS.componentBytesMax): Uint8Array {
  let size: number;
  try {
    const facts = statSync(path);
    if (!facts.isFile()) throw new ExitFault(2, `${path} is not a file`);
    size = facts.size;
  } catch (error) {
    if (error instanceof ExitFault) throw error;
    throw new ExitFault(2, `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (size > bytesMax) throw new ExitFault(1, `${path} is larger than ${bytesMax} bytes`);
  return readFileSync(path);
}

/** A signed cell; whatever it is not is the fault's text. */
export function readSignedFile(path: string): { readonly bytes: Uint8Array; readonly file: CellFile } {
  const bytes = readBytes(path);
  const file = readCellFile(bytes);
  if (!file.ok) throw new ExitFault(1, `${path}: ${file.error.detail} (${file.error.code})`);
  return { bytes, file: file.value };
}

export function readComponent(path: string): Uint8Array {
  const component = componentOf(readBytes(path));
  if (!component.ok) throw new ExitFault(1, `${path}: ${component.error.detail} (${component.error.code})`);
  return component.value;
}

export function readManifestFile(path: string): CellManifest {
  const manifest = parseManifest(parseJson(Buffer.from(readBytes(path, LIMITS.manifestBytesMax)).toString('utf8')));
  if (!manifest.ok) throw new ExitFault(1, `${path}: ${manifest.error.detail}`);
  return manifest.value;
}
