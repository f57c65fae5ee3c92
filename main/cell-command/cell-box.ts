/** A box as the commands of cells see it: its two roots of cells, its journal's choices, and a lock so that one command changes them at a time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CellRoots } from '../cell-host/registry.ts';
import type { CellInUse } from '../gateway/book.ts';
import { openDataFolder } from '../platform/data-folder.ts';
import { ExitFault } from '../platform/exit.ts';
import { refuseOtherThanGateways } from '../platform/gateway-folder.ts';
import { JOURNAL_FILE } from '../store/database.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { StorageFault } from '../store/storage-fault.ts';
import { readingJournal, rootsOf } from './replay-journal.ts';

export type CellBox = { readonly data: string; readonly roots: CellRoots & { readonly installed: string }; readonly hasJournal: boolean };

export function openCellBox(folder: string, shipped: string | undefined): CellBox {
  refuseOtherThanGateways(folder);
  const data = openDataFolder(folder);
  const roots = { ...rootsOf(data, shipped), installed: join(data, 'cells') };
  if (!existsSync(roots.shipped))
    throw new ExitFault(1, `there are no cells in ${roots.shipped}: run "npm run build", or name them with --cells`);
  return { data, roots, hasJournal: existsSync(join(data, JOURNAL_FILE)) };
}

export function chosenIn(box: CellBox): ReadonlyMap<string, CellInUse> {
  return box.hasJournal ? readingJournal(box.data, (reader) => reader.chosenCells()) : new Map();
}

/** Runs `work` while no other command changes the cells of this box. */
export async function whileLocked<T>(box: CellBox, work: () => Promise<T>): Promise<T> {
  let lock: FolderLock;
  try {
    lock = lockFolder(join(box.data, 'cells.lock'));
  } catch (error) {
    if (error instanceof StorageFault && error.code === 'locked')
      throw new ExitFault(1, 'another command changes the cells of this box; wait for it');
    throw error instanceof StorageFault ? new ExitFault(1, error.message) : error;
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
