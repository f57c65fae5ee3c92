/**
 * Puts a prepared cell in its place on disk, whole or not at all: written into a staging folder, synced, renamed. A process that is killed
 * at any step, or a power cut, leaves the version as it was before or as it is after, and at most a staging folder that the next one
 * takes away; where a damaged version or an old preparation makes way, also neither, which is placed again. Callers hold the lock of the root.
 */
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { CELL_FILE, MANIFEST_FILE, PREPARED_FOLDER, readPlainFile, SHARED_FOLDER } from './cell-folder.ts';
import type { CellManifest } from './manifest.ts';
import type { PreparedFiles } from './prepare.ts';

export type PlaceFault = { readonly code: 'not-a-folder' | 'disk-full' | 'disk'; readonly detail: string };

/** One a process: two that build at once do not take each other's away. */
const STAGING = '.staging-';

class PlaceError extends Error {
  readonly fault: PlaceFault;
  constructor(fault: PlaceFault) {
    super(fault.detail);
    this.fault = fault;
  }
}

/** A folder that is really one: through a link a cell would be laid into somebody else's. */
function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first !== undefined) syncFolder(dirname(first));
  if (!lstatSync(path).isDirectory()) throw new PlaceError({ code: 'not-a-folder', detail: `${path} is a link or a file; take it away` });
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  makeFolder(folder);
  const folders = new Set([folder]);
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    makeFolder(dirname(path));
    folders.add(dirname(path));
    writeSynced(path, bytes);
  }
  for (const one of [...folders].toReversed()) syncFolder(one);
}

/** Shared texts first: what names them comes later. */
function writeTexts(root: string, staging: string, texts: ReadonlyMap<string, string>): void {
  const shared = join(root, SHARED_FOLDER);
  makeFolder(shared);
  for (const [digest, text] of texts) {
    const path = join(shared, `${digest}.mjs`);
    const there = readPlainFile(path, Buffer.byteLength(text));
    if (there.ok && Buffer.from(there.value).equals(Buffer.from(text))) continue;
    const draft = join(staging, `${digest}.mjs`);
    writeSynced(draft, Buffer.from(text));
    renameSync(draft, path);
  }
  syncFolder(shared);
}

/** Renames a folder into its place; what was there goes into the staging folder, and with it. */
function swap(from: string, to: string, staging: string): void {
  try {
    renameSync(to, join(staging, 'old'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process put the same there in between.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
  syncFolder(dirname(to));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of processes that are gone. */
function takeAwayLeftovers(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = name.startsWith(STAGING) ? Number.parseInt(name.slice(STAGING.length), 10) : undefined;
    if (pid !== undefined && !(pid > 0 && isAlive(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function inStaging(root: string, work: (staging: string) => void): Result<undefined, PlaceFault> {
  const staging = join(root, `${STAGING}${process.pid}-${threadId}`);
  try {
    makeFolder(root);
    takeAwayLeftovers(root);
    rmSync(staging, { recursive: true, force: true });
    makeFolder(staging);
    work(staging);
    rmSync(staging, { recursive: true, force: true });
    return ok(undefined);
  } catch (error) {
    try {
      rmSync(staging, { recursive: true, force: true });
    } catch {
      // The next one takes it away.
    }
    if (error instanceof PlaceError) return err(error.fault);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return err({ code: 'disk-full', detail: `the disk of ${root} is full: make room; nothing was changed` });
    if (code === undefined) throw error;
    return err({ code: 'disk', detail: `${root} cannot be written (${message}); nothing was changed` });
  }
}

/** Lays a whole version down, in the place of a damaged one where there is one. */
export function placeCell(root: string, manifest: CellManifest, file: Uint8Array, prepared: PreparedFiles): Result<undefined, PlaceFault> {
  return inStaging(root, (staging) => {
    writeTexts(root, staging, prepared.texts);
    const files = new Map<string, Uint8Array>([
      [CELL_FILE, file],
      [MANIFEST_FILE, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`)],
    ]);
    for (const [name, bytes] of prepared.files) files.set(join(PREPARED_FOLDER, name), bytes);
    writeAll(join(staging, 'new'), files);
    makeFolder(join(root, manifest.name));
    syncFolder(root);
    swap(join(staging, 'new'), join(root, manifest.name, manifest.version), staging);
  });
}

/** Prepares an installed version anew; its signed file stays where it is. Without `prepared` for a moment, it is only prepared once more. */
export function placePrepared(root: string, name: string, version: string, prepared: PreparedFiles): Result<undefined, PlaceFault> {
  return inStaging(root, (staging) => {
    writeTexts(root, staging, prepared.texts);
    writeAll(join(staging, 'new'), prepared.files);
    swap(join(staging, 'new'), join(root, name, version, PREPARED_FOLDER), staging);
  });
}

/** Takes a version away, and its name with the last one. */
export function removeCell(root: string, name: string, version: string): Result<undefined, PlaceFault> {
  return inStaging(root, (staging) => {
    renameSync(join(root, name, version), join(staging, 'old'));
    syncFolder(join(root, name));
    if (readdirSync(join(root, name)).length === 0) rmSync(join(root, name), { recursive: true });
  });
}
