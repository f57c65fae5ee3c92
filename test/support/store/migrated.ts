/** A database in memory, brought up to one step: for the tests of that step. */
import Database from 'better-sqlite3';
import { migrate } from '../../../main/store/database.ts';
import { migrations } from '../../../main/store/migrations/all.ts';

export function migratedTo(number: number): Database.Database {
  const connection = new Database(':memory:');
  connection.pragma('foreign_keys = ON');
  migrate(connection, migrations.slice(0, number - 1));
  migrate(connection, migrations.slice(0, number));
  return connection;
}
