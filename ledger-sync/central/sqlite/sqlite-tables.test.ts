import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaseTablesContract } from '../lease-tables.contract.ts';
import { type MadeTables, tablesContract } from '../tables.contract.ts';
import { openDatabase } from './open.ts';
import { createSqliteTables } from './sqlite-tables.ts';

const make = async (): Promise<MadeTables> => {
  const directory = mkdtempSync(join(tmpdir(), 'central-'));
  const tables = createSqliteTables(openDatabase(join(directory, 'central.sqlite')));
  return {
    tables,
    remove: async () => {
      await tables.close();
      rmSync(directory, { recursive: true });
    },
  };
};

tablesContract('SQLite', make);
leaseTablesContract('SQLite', make);
