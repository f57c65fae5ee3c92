import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

const PARTITION = 'energy/energy:M';

it('ranges rise, and what was taken stays (P12)', () => {
  const db = migratedTo(8);
  const add = db.prepare("INSERT INTO lease VALUES (?, ?, ?, ?, 'line', 0)");
  add.run(1, PARTITION, 2, 22);
  expect(() => add.run(2, PARTITION, 21, 41)).toThrow(/begins where/);
  expect(() => add.run(1, PARTITION, 22, 42)).toThrow(/UNIQUE/);
  expect(() => add.run(2, PARTITION, 22, 22)).toThrow(/CHECK/);
  add.run(2, PARTITION, 22, 42);
  add.run(3, 'energy/energy:N', 2, 22);
  expect(() => db.exec('UPDATE lease SET past = 23')).toThrow(/stays/);
  expect(() => db.exec('DELETE FROM lease')).toThrow(/stays/);
});

it('a count of a leased partition is used once; other state comes and goes', () => {
  const db = migratedTo(8);
  const set = (partition: string, key: string, value: string) =>
    db
      .prepare('INSERT INTO cell_state VALUES (?, ?, ?) ON CONFLICT (partition, key) DO UPDATE SET value = excluded.value')
      .run(partition, key, Buffer.from(value));
  set(PARTITION, 'count', '9');
  set(PARTITION, 'count', '4');
  db.prepare("INSERT INTO lease VALUES (1, ?, 2, 22, 'line', 0)").run(PARTITION);
  set(PARTITION, 'count', '10');
  expect(() => set(PARTITION, 'count', '10')).toThrow(/used once/);
  expect(() => set(PARTITION, 'count', '9')).toThrow(/used once/);
  expect(() => set(PARTITION, 'count', 'none')).toThrow(/used once/);
  expect(() => db.exec('DELETE FROM cell_state')).toThrow(/used once/);
  set(PARTITION, 'chain', '3');
  set(PARTITION, 'chain', '2');
  set('wallet/wallet:W', 'count', '3');
  set('wallet/wallet:W', 'count', '2');
  expect(() => set(PARTITION, 'host.lease', 'line')).toThrow(/not stored/);
});
