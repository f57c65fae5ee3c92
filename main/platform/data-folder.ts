/** The folder that holds everything of a process. Made private (0700) on first use; problems are said in words. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExitFault } from './exit.ts';

/** One level after the other: Node's own `recursive` never returns where a parent takes no folders at all, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (fault) {
    // Somebody else may have made it in between.
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  }
}

export function openDataFolder(path: string): string {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw new ExitFault(2, `${folder} is not a folder; name another with --data`);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (fault) {
    if (fault instanceof ExitFault) throw fault;
    const code = (fault as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC') throw new ExitFault(1, `the disk of ${folder} is full; make room and start again`);
    if (code === 'EEXIST' || code === 'ENOTDIR') throw new ExitFault(2, `${folder} is not a folder; name another with --data`);
    throw new ExitFault(1, `${folder} cannot be used (${code}); give this user the right to write there or name another with --data`);
  }
  return folder;
}
