/** What both replays need of a data folder: its journal, read only, and the cells of the release and of the box. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CellRoots } from '../cell-host/registry.ts';
import { ExitFault } from '../platform/exit.ts';
import { JOURNAL_FILE } from '../store/database.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { exitFaultOf, StorageFault, sqliteCodeOf, storageFaultOf } from '../store/storage-fault.ts';

const SHIPPED = fileURLToPath(new URL('../../dist/cells', import.meta.url));

export const rootsOf = (dataDirectory: string, shipped: string = SHIPPED): CellRoots => ({
  shipped,
  installed: join(dataDirectory, 'cells'),
});

/** Whatever is wrong with the database is an ExitFault: 3 where it is damaged, 2 where there is none. */
export function readingJournal<T>(dataDirectory: string, read: (reader: Reader) => T): T {
  const path = join(dataDirectory, JOURNAL_FILE);
  if (!existsSync(path)) throw new ExitFault(2, `${dataDirectory} holds no journal; name a gateway's data folder with --data`);
  let reader: Reader | undefined;
  try {
    reader = openReader(path);
    return read(reader);
  } catch (error) {
    if (error instanceof ExitFault) throw error;
    if (!(error instanceof StorageFault) && sqliteCodeOf(error) === undefined) throw error;
    throw exitFaultOf(storageFaultOf(error, path));
  } finally {
    reader?.close();
  }
}
