/** Small private files (mode 0600) that are on the disk when a call returns, so that a power cut leaves the old content or the new. */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a private file and syncs it to the disk. A power cut in between leaves it short: for a file that can be made again, or a new name. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    // The mode above is for a file that is made now; one that was there keeps its own.
    fchmodSync(file, 0o600);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts the whole new content in place of the old, or leaves the old. */
export function replaceDurably(path: string, text: string): void {
  const draft = `${path}.tmp`;
  writeDurably(draft, text);
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** A name that was made or replaced in a folder is there after a power cut only once the folder is synced. */
export function syncFolder(directory: string): void {
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
