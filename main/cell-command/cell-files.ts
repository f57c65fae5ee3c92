/** Files that the commands of cells are given: read with a bound, and said in words where they are not what they should be. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CellFile, componentOf, readCellFile } from '../cell-host/cell-file.ts';
import { LIMITS } from '../cell-host/limits.ts';
import { type CellManifest, parseManifest } from '../cell-host/manifest.ts';
import { calledAs } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';

export function readBytes(path: string, bytesMax: number = LIMITS.componentBytesMax): Uint8Array {
  let size: number;
  try {
    const facts = statSync(path);
    if (facts.isDirectory())
      throw new ExitFault(2, `${path} is a folder: name the signed file ("chautari cell build ${path}" makes it and says where it is)`);
    if (!facts.isFile()) throw new ExitFault(2, `${path} is not a file`);
    size = facts.size;
  } catch (error) {
    if (error instanceof ExitFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new ExitFault(2, code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`);
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

/** The manifest that its author keeps in a cell's folder. */
export function readFolderManifest(folder: string): CellManifest {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new ExitFault(2, `${folder} is no cell: there is no ${path} ("${calledAs()} cell new NAME" makes one)`);
  return readManifestFile(path);
}

export function readManifestFile(path: string): CellManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(readBytes(path, LIMITS.manifestBytesMax)).toString('utf8'));
  } catch (error) {
    if (error instanceof ExitFault) throw error;
    throw new ExitFault(1, `${path} is not JSON: ${(error as Error).message}`);
  }
  const manifest = parseManifest(json);
  if (!manifest.ok) throw new ExitFault(1, `${path}: ${manifest.error.detail}`);
  return manifest.value;
}
