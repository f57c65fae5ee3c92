/**
 * At a start, before anything is served: what another release prepared is prepared again from its signed file. One small file a version is
 * read where nothing is to be done. Where something is, it happens in a thread of its own, and after a component that breaks jco's tools
 * the rest happens in another one: the tools cannot be used again in the thread in which they broke.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
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

/** Prepares from the first on; resolves with how many were dealt with. */
function inThread(list: readonly Unprepared[], lines: string[]): Promise<number> {
  return new Promise((resolve) => {
    let done = 0;
    const worker = new Worker(new URL('./prepare-again-worker.ts', import.meta.url), { workerData: list });
    worker.on('message', ({ line }: PreparedLine) => {
      done += 1;
      if (line !== undefined) lines.push(line);
    });
    worker.on('error', (error) => {
      const { name, version } = list[done] ?? { name: '', version: '' };
      done += 1;
      lines.push(`${name} ${version} cannot be prepared: ${String(error)}`);
    });
    worker.on('exit', () => resolve(done));
  });
}

/** One line for each version that was prepared, or could not be; a version that cannot is left as it is, and is out. */
export async function prepareAgain(root: string): Promise<string[]> {
  const lines: string[] = [];
  let rest = unprepared(root);
  while (rest.length > 0) rest = rest.slice(Math.max(1, await inThread(rest, lines)));
  return lines;
}
