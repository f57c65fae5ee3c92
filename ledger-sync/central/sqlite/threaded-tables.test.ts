import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tablesContract } from '../tables.contract.ts';
import { Box } from '../testing.ts';
import { packBatch, unpackBatch } from './pack.ts';
import { createThreadedTables } from './threaded-tables.ts';

tablesContract('SQLite with a writer thread', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'central-'));
  const tables = createThreadedTables(join(directory, 'central.sqlite'));
  return {
    tables,
    remove: async () => {
      await tables.close();
      rmSync(directory, { recursive: true });
    },
  };
});

test('a batch is unpacked as it was packed', () => {
  const box = new Box('syabru', 4).openAll().pay(40);
  box.add({ ...box.body({}), amount: 2n ** 62n, memo: 'दूध', postings: [] });
  const batch = {
    journal: 1,
    expected: box.headAt(0),
    head: box.head,
    announced: 9,
    receivedAt: 1,
    bytes: 2,
    currency: 'NPR',
    entries: box.entries,
    positions: [
      {
        account: box.entries[0]?.account ?? box.body({}).account,
        currency: 'NPR',
        floor: -(2n ** 60n),
        known: true,
        balance: 2n ** 70n,
        delta: -1n,
        entries: 3,
      },
    ],
    remaining: [],
    breaks: [],
    raw: [],
  };
  const copy = unpackBatch(structuredClone(packBatch(batch)));
  expect({ ...copy, entries: copy.entries.map((entry) => JSON.parse(JSON.stringify(entry, text))) }).toEqual({
    ...batch,
    entries: batch.entries.map((entry) => JSON.parse(JSON.stringify(entry, text))),
  });
  expect(copy.entries[3]?.postings[0]?.amount).toBeTypeOf('bigint');
});

const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);

test('after closing, a write is refused as a storage fault', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'central-'));
  const tables = createThreadedTables(join(directory, 'central.sqlite'));
  await tables.close();
  await expect(tables.saveSetting('a', 'b')).rejects.toMatchObject({ code: 'storage' });
  rmSync(directory, { recursive: true });
});
