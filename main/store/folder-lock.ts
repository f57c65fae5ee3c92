/**
 * One gateway a data folder. The lock is an exclusive transaction on an empty database of its own: the kernel lets go of it when the
 * process ends, however it ends, so no stale lock is ever left behind.
 */
import Database from 'better-sqlite3';
import { StorageFault, sqliteCodeOf, storageFaultOf } from './storage-fault.ts';

export type FolderLock = { release(): void };

export function lockFolder(path: string): FolderLock {
  let connection: Database.Database | undefined;
  try {
    connection = new Database(path, { timeout: 0 });
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (sqliteCodeOf(error)?.startsWith('SQLITE_BUSY')) {
      throw new StorageFault(
        'locked',
        `another gateway runs on this data folder (${path} is held); stop it or name another folder with --data`,
      );
    }
    throw storageFaultOf(error, path);
  }
  const held = connection;
  return { release: () => held.close() };
}
