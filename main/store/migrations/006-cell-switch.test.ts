import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('the last switch of a cell is what is in use, and the history only appends', () => {
  const db = migratedTo(6);
  const add = db.prepare("INSERT INTO cell_switch VALUES ((SELECT coalesce(max(number), 0) + 1 FROM cell_switch), ?, ?, ?, ?, 'maya', 0)");
  const digest = 'a'.repeat(64);
  add.run('wallet', null, '0.1.0', digest);
  add.run('wallet', '0.1.0', '0.2.0', digest);
  add.run('cash', null, '0.1.0', digest);
  expect(db.prepare('SELECT name, version, from_version FROM cell_active ORDER BY name').all()).toEqual([
    { name: 'cash', version: '0.1.0', from_version: null },
    { name: 'wallet', version: '0.2.0', from_version: '0.1.0' },
  ]);
  expect(() => db.exec("UPDATE cell_switch SET version = '0.9.0'")).toThrow(/only append/);
  expect(() => db.exec('DELETE FROM cell_switch')).toThrow(/only append/);
  expect(() => db.exec(`INSERT INTO cell_switch VALUES (1, 'wallet', NULL, '0.1.0', '${digest}', 'maya', 0)`)).toThrow(/only append/);
  expect(() => add.run('wallet', null, '0.1.0', 'short')).toThrow(/CHECK/);
  expect(() => add.run('', null, '0.1.0', digest)).toThrow(/CHECK/);
});
