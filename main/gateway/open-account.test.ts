import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import { accountId, opening, TestStore } from '../../test/support/store/test-store.ts';
import { openReader } from '../store/reader.ts';
import { verifyDatabase } from '../store/verify.ts';

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

it('opens with what it holds, and with a name', () => {
  expect(store.execute('open-account', opening('wallet:W-1', 700n, { name: 'पासाङ' }))).toEqual({
    ok: true,
    value: { number: 1, repeated: false },
  });
  const reader = openReader(store.path);
  expect(reader.account(accountId('wallet:W-1'))).toMatchObject({ balance: -700n, floor: 0n, open: true, name: 'पासाङ' });
  expect(reader.accounts({ kind: 'wallet', query: 'साङ', limit: 5 })).toHaveLength(1);
  expect(reader.account(accountId('opening:syabru'))).toMatchObject({ balance: 700n });
  reader.close();
});

it('opens with nothing by an entry without postings', () => {
  expect(store.execute('open-account', opening('bank:nabil'))).toMatchObject({ value: { number: 1 } });
  expect(store.opened.store.entryOfPayment(opening('bank:nabil').id)).toMatchObject({ postings: [], amount: 0n });
});

it('the same again is the same answer; another body or another id is a fault', () => {
  store.execute('open-account', opening('wallet:W-1', 700n));
  expect(store.execute('open-account', opening('wallet:W-1', 700n))).toEqual({ ok: true, value: { number: 1, repeated: true } });
  expect(store.execute('open-account', opening('wallet:W-1', 701n))).toMatchObject({ error: { code: 'id-conflict' } });
  expect(store.execute('open-account', { ...opening('wallet:W-1', 700n), id: opening('x:y').id })).toMatchObject({
    error: { code: 'already-open' },
  });
});

it.each([
  ['already-open', 'drawer:syabru', 0n],
  ['bad-opening', 'drawer:gatlang', 0n],
  ['bad-opening', 'float:gatlang', 0n],
  ['bad-opening', 'transit:x', 0n],
  ['bad-opening', 'bank:nabil', 5n],
  ['bad-opening', 'wallet:W-9', -5n],
])('%s: %s with %s', (code, account, amount) => {
  expect(store.execute('open-account', opening(account, amount))).toMatchObject({ ok: false, error: { code } });
  expect(store.opened.store.head().number).toBe(0);
});

it('in another currency: refused', () => {
  expect(store.execute('open-account', opening('wallet:W-1', 0n, { currency: 'EUR' as Currency }))).toMatchObject({
    error: { code: 'other-currency' },
  });
});

it('this site’s float, once', () => {
  expect(store.execute('open-account', opening('float:syabru', 500n))).toMatchObject({ ok: true });
  expect(store.execute('name-account', { account: accountId('float:syabru'), name: 'Float' })).toMatchObject({ ok: true });
  expect(store.execute('name-account', { account: accountId('wallet:none'), name: 'x' })).toMatchObject({
    error: { code: 'unknown-account' },
  });
});
