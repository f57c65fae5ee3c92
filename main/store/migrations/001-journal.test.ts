import type Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

let db: Database.Database;
const run = (sql: string) => () => db.transaction(() => db.exec(sql))();
const entry = (number: number, id = `p.${number}`): string =>
  `INSERT INTO entry VALUES (${number}, zeroblob(32), 'cash', 'sale', '${id}', NULL, 'drawer:s', 5, 'NPR', 'k', NULL, 0);`;
const answer = (number: number, id = `p.${number}`): string =>
  `INSERT INTO payment VALUES ('${id}', zeroblob(32), 'approved', ${number}, '[]', 0);`;
const lines = (number: number): string =>
  `INSERT INTO posting VALUES (${number}, 0, 'drawer:s', 5); INSERT INTO posting VALUES (${number}, 1, 'wallet:w', -5);`;

beforeEach(() => {
  db = migratedTo(1);
  db.exec(`
    INSERT INTO journal (one, gateway, epoch, currency) VALUES (1, 'syabru', '0123456789abcdef', 'NPR');
    INSERT INTO account VALUES ('drawer:s', 'NPR', 0, 1, NULL), ('wallet:w', 'NPR', 0, 1, NULL);
    INSERT INTO balance VALUES ('drawer:s', 0, NULL, 0), ('wallet:w', 0, 0, 0);
    INSERT INTO watermark VALUES (1, 0, zeroblob(32), 0, 0);`);
  run(entry(1) + lines(1) + answer(1))();
});

it('takes an entry with its lines and its answer', () => {
  expect(run(entry(2) + lines(2) + answer(2))).not.toThrow();
});

it.each([
  ['an entry is changed', 'UPDATE entry SET amount = 6', /only append/],
  ['an entry is deleted', 'DELETE FROM entry', /only append/],
  ['a posting is changed', 'UPDATE posting SET amount = 6', /only append/],
  ['a posting is deleted', 'DELETE FROM posting', /only append/],
  ['an entry is replaced', entry(1).replace('INSERT', 'INSERT OR REPLACE'), /without gaps/],
  ['a number is left out', entry(3) + answer(3), /without gaps/],
  ['a line is added to an older entry', `${entry(2)}${answer(2)}INSERT INTO posting VALUES (1, 2, 'drawer:s', 1);`, /being written/],
  ['an entry has no answer', entry(2), /FOREIGN KEY/],
  ['one id is in two entries', entry(2, 'p.1'), /UNIQUE/],
  ['an answer names another’s entry', `${entry(2)}${answer(1, 'p.2')}`, /its own entry/],
  ['an answer is changed', "UPDATE payment SET answer = ''", /as it was given/],
  ['an answer is deleted', 'DELETE FROM payment', /as it was given/],
  ['a decline names an entry', "INSERT INTO payment VALUES ('x', zeroblob(32), 'declined', 1, '{}', 0)", /its own entry|CHECK/],
  ['a wallet falls below its floor', "UPDATE balance SET amount = 1 WHERE account = 'wallet:w'", /CHECK/],
  ['a line moves nothing', `${entry(2)}INSERT INTO posting VALUES (2, 0, 'drawer:s', 0);`, /CHECK/],
  ['an account is not known', `${entry(2)}INSERT INTO posting VALUES (2, 0, 'wallet:nobody', 1);`, /FOREIGN KEY/],
  ['an amount is text', "UPDATE balance SET amount = 'much'", /cannot store TEXT/],
  ['a journal is renamed', "UPDATE journal SET gateway = 'other'", /keeps its name/],
  ['there are two journals', "INSERT INTO journal (one, gateway, epoch, currency) VALUES (2, 'gg', '0123456789abcdef', 'NPR')", /CHECK/],
  [
    'a fence is lifted',
    "UPDATE journal SET fenced = 'x', fenced_at = 1; UPDATE journal SET fenced = NULL, fenced_at = NULL",
    /stays fenced/,
  ],
  ['a watermark falls', 'UPDATE watermark SET received = 1; UPDATE watermark SET received = 0', /never falls/],
  ['more is archived than received', 'UPDATE watermark SET archived = 1', /CHECK/],
  ['more is given back than there was', "INSERT INTO remaining VALUES ('p.1', -1)", /CHECK/],
])('is impossible: %s', (_what, sql, why) => {
  expect(run(sql)).toThrow(why);
});
