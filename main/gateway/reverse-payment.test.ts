import { afterEach, beforeEach, expect, it } from 'vitest';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { verifyDatabase } from '../store/verify.ts';

let store: TestStore;
const reverse = (counter: number, of: number, reason = 'a mistake') =>
  store.execute('reverse-payment', { id: paymentId(counter), refersTo: paymentId(of), reason, operator: 'k', at: 5_000 });

beforeEach(() => {
  store = new TestStore();
  store.execute('open-account', opening('wallet:W-1', 1_000n));
  store.execute('take-payment', payment(1, { method: 'wallet', account: accountId('wallet:W-1'), amount: 400n }));
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

it('posts the lines the other way round, in a new entry that names the old one', () => {
  expect(reverse(2, 1)).toMatchObject({ value: { status: 'approved', entry: { number: 3 } } });
  expect(store.opened.store.entryOfPayment(paymentId(2))).toMatchObject({ action: 'reversal', refersTo: paymentId(1), memo: 'a mistake' });
  expect(store.opened.store.balance(accountId('wallet:W-1'))).toBe(-1_000n);
});

it('is done once: the same id gets the same answer, another id is declined', () => {
  reverse(2, 1);
  expect(reverse(2, 1)).toMatchObject({ value: { status: 'approved', repeated: true } });
  expect(reverse(2, 1, 'another reason')).toMatchObject({ error: { code: 'id-conflict' } });
  expect(reverse(3, 1)).toMatchObject({ value: { status: 'declined', reason: { code: 'already-done' } } });
});

it('needs the whole of the payment, and the payee to have it', () => {
  store.execute('take-payment', payment(2, { method: 'wallet', action: 'refund', refersTo: paymentId(1), amount: 1n }));
  expect(reverse(3, 1)).toMatchObject({ value: { status: 'declined', reason: { code: 'not-allowed', availableHere: 399n } } });
});

it('a reversal, a refund and an opening cannot be reversed', () => {
  reverse(2, 1);
  expect(reverse(3, 2)).toMatchObject({ value: { status: 'declined', reason: { code: 'not-allowed' } } });
  const opened = store.execute('reverse-payment', {
    id: paymentId(4),
    refersTo: opening('wallet:W-1').id,
    reason: 'x',
    operator: 'k',
    at: 1,
  });
  expect(opened).toMatchObject({ value: { status: 'declined', reason: { code: 'not-allowed' } } });
});

it('a payment that is not here, or was declined, is not known', () => {
  expect(reverse(2, 99)).toMatchObject({ error: { code: 'unknown-payment' } });
  store.execute('take-payment', payment(5, { method: 'wallet', account: accountId('wallet:W-1'), amount: 9_999n }));
  expect(reverse(6, 5)).toMatchObject({ error: { code: 'unknown-payment' } });
});
