import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('an effect begins as due, goes its way, and is never another (E1)', () => {
  const db = migratedTo(2);
  db.exec("INSERT INTO payment VALUES ('p.1', zeroblob(32), 'declined', NULL, '{}', 0)");
  const add = (state: string, copy = 0) =>
    db.exec(`INSERT INTO effect (kind, payment, copy, state, at) VALUES ('receipt', 'p.1', ${copy}, '${state}', 0)`);
  expect(() => add('started')).toThrow(/begins as due/);
  add('due');
  expect(() => add('due')).toThrow(/UNIQUE/);
  expect(() => db.exec("UPDATE effect SET state = 'done'")).toThrow(/goes from due/);
  db.exec("UPDATE effect SET state = 'started'; UPDATE effect SET state = 'unsure'");
  expect(() => db.exec("UPDATE effect SET state = 'due'")).toThrow(/goes from due/);
  expect(() => db.exec('UPDATE effect SET copy = 7')).toThrow(/stays what it is/);
  expect(() => db.exec('DELETE FROM effect')).toThrow(/is kept/);
});
