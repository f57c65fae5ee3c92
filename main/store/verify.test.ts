import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { verifyDatabase } from './verify.ts';
import { verifyFolder } from './verify-folder.ts';

let store: TestStore;
const wallet = { method: 'wallet', account: accountId('wallet:W') };

beforeEach(() => {
  store = new TestStore();
  store.execute('open-account', opening('wallet:W', 1_000n));
  for (let counter = 1; counter <= 9; counter++) store.execute('take-payment', payment(counter, counter % 3 === 0 ? wallet : {}));
  store.execute('take-payment', payment(10, { method: 'wallet', action: 'refund', refersTo: paymentId(3), amount: 40n }));
  store.execute('take-payment', payment(11, { ...wallet, amount: 99_999n }));
});
afterEach(() => store.remove());

/** Somebody with a database tool: triggers off, no checks, no foreign keys. */
function tamper(sql: string): void {
  store.group.close();
  const db = new Database(store.path);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all() as string[];
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  db.close();
}

it('says what adds up', () => {
  expect(verifyDatabase(store.path)).toMatchObject({
    ok: true,
    value: { name: { gateway: 'syabru' }, head: { number: 11 }, accounts: 6, payments: 12, received: 0 },
  });
  const lines: string[] = [];
  expect(
    verifyFolder(
      store.folder,
      (line) => lines.push(line),
      () => {},
    ),
  ).toBe(0);
  expect(lines[0]).toContain('11 entries');
});

describe('names the first fault', () => {
  it.each([
    ['chain', 4, 'an amount', 'UPDATE entry SET amount = amount + 1 WHERE number = 4'],
    ['chain', 4, 'a memo', "UPDATE entry SET memo = 'x' WHERE number = 4"],
    ['chain', 4, 'a time', 'UPDATE entry SET at = at + 1 WHERE number = 4'],
    ['chain', 4, 'a hash', 'UPDATE entry SET hash = zeroblob(32) WHERE number = 4'],
    ['chain', 4, 'lines that still balance', 'UPDATE posting SET amount = amount * 2 WHERE entry = 4'],
    ['chain', 5, 'an entry taken out', 'DELETE FROM posting WHERE entry = 4; DELETE FROM entry WHERE number = 4'],
    ['postings', 4, 'a line taken out', 'DELETE FROM posting WHERE entry = 4 AND line = 0'],
    ['postings', 99, 'a line without an entry', "INSERT INTO posting VALUES (99, 0, 'wallet:W', 1)"],
    [
      'payment',
      undefined,
      'the last entries taken out',
      "DELETE FROM posting WHERE entry = 11; DELETE FROM entry WHERE number = 11; DELETE FROM remaining; UPDATE balance SET amount = amount + 40 WHERE account = 'wallet:W'; UPDATE balance SET amount = amount - 40 WHERE account = 'takings:syabru'",
    ],
    ['payment', 4, 'an answer taken out', "DELETE FROM payment WHERE id = '0123456789.3'"],
    ['balance', undefined, 'a balance', "UPDATE balance SET amount = amount - 1 WHERE account = 'wallet:W'"],
    ['balance', undefined, 'a balance taken out', "DELETE FROM balance WHERE account = 'wallet:W'"],
    ['floor', undefined, 'a bound lifted', "UPDATE balance SET ceiling = NULL WHERE account = 'wallet:W'"],
    ['accounts', undefined, 'an account out of nothing', "INSERT INTO account VALUES ('wallet:X', 'NPR', 0, 1, NULL)"],
    ['accounts', undefined, 'an account taken out', "DELETE FROM account WHERE id = 'wallet:W'"],
    ['remaining', undefined, 'what remains of a payment', 'UPDATE remaining SET remaining = 99'],
    ['remaining', undefined, 'what remains, made whole', 'DELETE FROM remaining'],
    ['watermark', undefined, 'a watermark past the head', 'UPDATE watermark SET received = 50'],
    ['watermark', 3, 'a watermark of another entry', 'UPDATE watermark SET received = 3'],
    ['name', undefined, 'the name', 'DELETE FROM journal'],
    ['chain', 1, 'the epoch', "UPDATE journal SET epoch = 'fedcba9876543210'"],
  ])('%s (entry %s): %s', (code, number, _what, sql) => {
    tamper(sql);
    expect(verifyDatabase(store.path)).toMatchObject({ ok: false, error: { code, ...(number === undefined ? {} : { number }) } });
    const lines: string[] = [];
    expect(
      verifyFolder(
        store.folder,
        () => {},
        (line) => lines.push(line),
      ),
    ).toBe(3);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(code);
  });
});

it('a wallet that was overdrawn by a gateway that does not check is found at that entry (I6)', () => {
  const { store: tables } = store.opened;
  const overdraw = { ...payment(20, { ...wallet, amount: 5_000n }) };
  store.opened.connection.pragma('ignore_check_constraints = ON');
  store.opened.connection.transaction(() => {
    const entry = tables.post({
      method: 'wallet',
      action: 'sale',
      paymentId: overdraw.id,
      account: accountId('wallet:W'),
      amount: 5_000n,
      currency: overdraw.currency,
      postings: [
        { account: accountId('wallet:W'), amount: 5_000n },
        { account: accountId('takings:syabru'), amount: -5_000n },
      ] as never,
      operator: 'k',
      at: 1,
    });
    tables.recordApproval(entry, '0'.repeat(64), []);
  })();
  expect(verifyDatabase(store.path)).toMatchObject({ ok: false, error: { code: 'floor', number: 12 } });
});

it('no database: wrong use, not damage', () => {
  expect(
    verifyFolder(
      '/nonexistent',
      () => {},
      () => {},
    ),
  ).toBe(2);
});
