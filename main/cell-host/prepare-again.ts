/**
 * At a start, before anything is served: what another release prepared is prepared again from its signed file. One small file a version is
 * read where nothing is to be done. Where something is, it happens in a thread of its own, and after a component that breaks jco's tools
 * the rest happens in another one: the tools cannot be used again in the thread in which they broke. The till opens after it, so a
 * version that takes too long is left out.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Timers } from '../platform/timers.ts';
import { isPrepared } from './cell-folder.ts';
import { isCellName, isCellVersion } from './manifest.ts';

export type Unprepared = { readonly root: string; readonly name: string; readonly version: string };
/** What became of one, in words; after `broken` the thread ends. */
export type PreparedLine = { readonly line: string | undefined; readonly broken: boolean };

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function unprepared(root: string): Unprepared[] {
  return foldersIn(root)
    .filter(isCellName)
    .flatMap((name) =>
      foldersIn(join(root, name))
        .filter((version) => isCellVersion(version) && !isPrepared(join(root, name, version)))
        .map((version) => ({ root, name, version })),
    );
}

/** A whole language's engine takes half a minute on a slow box. */
const VERSION_LIMIT_MS = 180_000;

/** Prepares from the first on; resolves with how many were dealt with. */
function inThread(list: readonly Unprepared[], lines: string[], timers: Timers): Promise<number> {
  return new Promise((resolve) => {
    let done = 0;
    let isEnded = false;
    const worker = new Worker(new URL('./prepare-again-worker.ts', import.meta.url), { workerData: list });
    const failed = (why: string): void => {
      const { name, version } = list[done] ?? { name: '', version: '' };
      done += 1;
      lines.push(`${name} ${version} cannot be prepared: ${why}`);
    };
    const limit = (): (() => void) =>
      timers.setTimer(VERSION_LIMIT_MS, () => {
        isEnded = true;
        failed(`it takes longer than ${VERSION_LIMIT_MS / 1_000} s; install it again, or start the gateway again`);
        void worker.terminate();
      });
    let cancel = limit();
    worker.on('message', ({ line }: PreparedLine) => {
      if (isEnded) return;
      done += 1;
      if (line !== undefined) lines.push(line);
      cancel();
      cancel = limit();
    });
    worker.on('error', (error) => failed(String(error)));
    worker.on('exit', () => {
      cancel();
      resolve(done);
    });
  });
}

/** One line for each version that was prepared, or could not be; a version that cannot is left as it is, and is out. */
export async function prepareAgain(root: string, timers: Timers): Promise<string[]> {
  const lines: string[] = [];
  let rest = unprepared(root);
  while (rest.length > 0) rest = rest.slice(Math.max(1, await inThread(rest, lines, timers)));
  return lines;
}
