/** The folder that holds everything of a process. Made private (0700) on first use; problems are said in words. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitFault } from './exit.ts';

export function openDataFolder(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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
