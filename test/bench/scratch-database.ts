/** A plain SQLite with the durability that the store has: the floor that benches compare with. */
import Database from 'better-sqlite3';

export function openScratch(path: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): Database.Database {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  return database;
}
