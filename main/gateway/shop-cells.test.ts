/** Khata and vouchers as the shipped cells decide them, in a real database: what one payment leaves behind for the next. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { loadCells } from '../cell-host/load-cells.ts';
import { verifyDatabase } from '../store/verify.ts';
import type { Cells } from './cells.ts';
import type { TakePayment } from './commands.ts';

const KHATA = accountId('khata:K-1');
const CODE = accountId('voucher:7K2M-9QXD-4HTP');

let cells: Cells;
let store: TestStore;
let counter: number;
beforeAll(async () => {
  cells = loadCells(await ensureBuilt());
});
beforeEach(() => {
  counter = 0;
  store = new TestStore(cells);
  expect(store.execute('open-account', opening('khata:K-1', 0n, { limit: 500n }))).toMatchObject({ ok: true });
  expect(store.execute('open-account', opening('float:syabru', 10_000n))).toMatchObject({ ok: true });
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

const take = (method: string, action: string, account: typeof KHATA | undefined, amount: bigint, changes: Partial<TakePayment> = {}) => {
  counter += 1;
  return store.execute(
    'take-payment',
    payment(counter, { method, action, amount, ...(account === undefined ? {} : { account }), ...changes }),
  );
};
const approved = { ok: true, value: { status: 'approved' } };
const declinedAs = (code: string, more: object = {}) => ({ ok: true, value: { status: 'declined', reason: { code, ...more } } });
const balance = (id: string) => store.opened.store.balance(accountId(id));
const head = () => store.opened.store.head().number;

describe('khata', () => {
  it('is written down to the limit, paid back, refunded, reversed', () => {
    expect(take('khata', 'sale', KHATA, 500n)).toMatchObject(approved);
    expect(take('khata', 'sale', KHATA, 1n)).toMatchObject(declinedAs('not-enough', { availableHere: 0n }));
    expect(take('khata', 'repayment', KHATA, 501n)).toMatchObject(declinedAs('not-allowed'));
    expect(take('khata', 'repayment', KHATA, 300n)).toMatchObject(approved);
    expect(balance('drawer:syabru')).toBe(300n);
    const refund = take('khata', 'refund', undefined, 500n, { refersTo: paymentId(1) });
    expect(refund).toMatchObject({ ok: true, value: { receipt: expect.arrayContaining([{ name: 'paid-ahead', value: '300' }]) } });
    expect(balance('khata:K-1')).toBe(-300n);
    expect(take('khata', 'sale', KHATA, 800n)).toMatchObject(approved);
    const undone = { id: paymentId(99), refersTo: paymentId(4), reason: 'mistake', operator: 'k', at: 9_000 };
    expect(store.execute('reverse-payment', undone)).toMatchObject(declinedAs('not-enough'));
    expect(balance('khata:K-1')).toBe(500n);
  });

  it('with a higher limit more, with a lower one less', () => {
    const limit = (value: bigint) => store.execute('set-limit', { account: KHATA, limit: value, operator: 'k', at: 5 });
    expect(take('khata', 'sale', KHATA, 501n)).toMatchObject(declinedAs('not-enough', { availableHere: 500n }));
    expect(limit(800n)).toMatchObject({ ok: true });
    expect(take('khata', 'sale', KHATA, 501n)).toMatchObject(approved);
    expect(limit(500n)).toMatchObject({ ok: false, error: { code: 'bad-limit', detail: expect.stringContaining('501') } });
    expect(limit(501n)).toMatchObject({ ok: true });
    expect(take('khata', 'sale', KHATA, 1n)).toMatchObject(declinedAs('not-enough', { availableHere: 0n }));
  });

  it('is not known, or is one of another site: nothing is kept', () => {
    const before = head();
    expect(take('khata', 'sale', accountId('khata:none'), 1n)).toMatchObject({ ok: false, error: { code: 'unknown-account' } });
    expect(take('khata', 'limit-raise', KHATA, 1n)).toMatchObject({ ok: false, error: { code: 'unknown-action' } });
    expect(head()).toBe(before);
  });
});

describe('voucher', () => {
  const issue = (fields: Record<string, string> = {}, amount = 700n) => take('voucher', 'issue', CODE, amount, { fields });

  it('is opened by its issue, in the same transaction, before the payment', () => {
    const before = head();
    expect(issue()).toMatchObject({ ok: true, value: { status: 'approved', entry: { number: before + 2 } } });
    expect(store.opened.store.account(CODE)).toMatchObject({ floor: 0n, open: true });
    expect(balance(CODE)).toBe(-700n);
    expect(balance('float:syabru')).toBe(-9_300n);
    expect(store.execute('open-account', opening(CODE))).toMatchObject({ error: { code: 'already-open' } });
  });

  it('is not opened by an issue that is declined, nor by anything else', () => {
    const before = head();
    expect(issue({}, 10_001n)).toMatchObject(declinedAs('not-enough', { availableHere: 10_000n }));
    expect(store.opened.store.account(CODE)).toBeUndefined();
    expect(take('voucher', 'sale', CODE, 1n)).toMatchObject({ ok: false, error: { code: 'unknown-account' } });
    expect(take('voucher', 'issue', accountId('wallet:new'), 1n)).toMatchObject({ ok: false, error: { code: 'unknown-account' } });
    expect(head()).toBe(before);
    expect(issue()).toMatchObject(approved);
  });

  it('is issued once, and redeemed once where it is single', () => {
    issue({ single: 'yes' });
    expect(issue({ single: 'yes' })).toMatchObject(declinedAs('already-done', { detail: paymentId(1) }));
    expect(take('voucher', 'sale', CODE, 600n)).toMatchObject(declinedAs('not-allowed'));
    expect(take('voucher', 'sale', CODE, 700n)).toMatchObject(approved);
    expect(take('voucher', 'sale', CODE, 700n)).toMatchObject(declinedAs('already-done', { detail: paymentId(4) }));
    store.restart();
    expect(take('voucher', 'sale', CODE, 700n)).toMatchObject(declinedAs('already-done', { detail: paymentId(4) }));
    expect(take('voucher', 'refund', undefined, 700n, { refersTo: paymentId(4) })).toMatchObject(approved);
    expect(take('voucher', 'sale', CODE, 700n)).toMatchObject(approved);
    expect(balance('takings:syabru')).toBe(-700n);
  });

  it('whose issue was reversed is empty, and its code is used up', () => {
    issue();
    const undo = { id: paymentId(99), refersTo: paymentId(1), reason: 'mistake', operator: 'k', at: 9_000 };
    expect(store.execute('reverse-payment', undo)).toMatchObject(approved);
    expect(take('voucher', 'sale', CODE, 1n)).toMatchObject(declinedAs('not-enough', { availableHere: 0n }));
    expect(issue()).toMatchObject(declinedAs('already-done'));
  });

  it('expires by the time of the request', () => {
    issue({ 'expires-at': '5000' });
    expect(take('voucher', 'sale', CODE, 1n, { at: 5_000 })).toMatchObject(declinedAs('not-allowed'));
    expect(take('voucher', 'sale', CODE, 1n, { at: 4_999 })).toMatchObject(approved);
  });
});
