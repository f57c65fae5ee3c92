import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leaseTablesContract } from '../lease-tables.contract.ts';
import { type MadeTables, tablesContract } from '../tables.contract.ts';
import { createThreadedTables } from './threaded-tables.ts';

const make = async (): Promise<MadeTables> => {
  const directory = mkdtempSync(join(tmpdir(), 'central-'));
  const tables = createThreadedTables(join(directory, 'central.sqlite'));
  return {
    tables,
    remove: async () => {
      await tables.close();
      rmSync(directory, { recursive: true });
    },
  };
};

tablesContract('SQLite with a writer thread', make);
leaseTablesContract('SQLite with a writer thread', make);

test('after closing, a write is refused as a storage fault', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'central-'));
  const tables = createThreadedTables(join(directory, 'central.sqlite'));
  await tables.close();
  await expect(tables.saveSetting('a', 'b')).rejects.toMatchObject({ code: 'storage' });
  rmSync(directory, { recursive: true });
});
