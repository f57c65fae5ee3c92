import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simpleCells } from '../../test/support/store/simple-cells.ts';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import type { CellDecision, CellPayment } from '../cell-host/cell.ts';
import { openReader } from '../store/reader.ts';
import { verifyDatabase } from '../store/verify.ts';
import type { Cells } from './cells.ts';

let store: TestStore;
let decision: CellDecision | undefined;
let asked: CellPayment[];

/** The simple cells, or whatever the test wants the cell to say. */
const cells: Cells = {
  methods: simpleCells.methods,
  decide: (method, request, facts) => {
    asked.push(request);
    return decision ?? simpleCells.decide(method, request, facts);
  },
};
const approve = (...postings: { account: string; amount: bigint }[]): CellDecision => ({
  outcome: 'approved',
  approval: { postings, receipt: [] },
  stateWrites: [],
  outbox: [],
});
const head = () => store.opened.store.head().number;
const take = (counter: number, changes = {}) => store.execute('take-payment', payment(counter, changes));

beforeEach(() => {
  decision = undefined;
  asked = [];
  store = new TestStore(cells);
  store.execute('open-account', opening('wallet:W-1', 1_000n));
  store.execute('open-account', opening('wallet:W-2'));
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

describe('approved', () => {
  it('is in the journal, in the balances and under its id', () => {
    const out = take(1, { method: 'wallet', account: accountId('wallet:W-1'), amount: 300n });
    expect(out).toMatchObject({ ok: true, value: { status: 'approved', repeated: false, entry: { number: 3 }, at: 2_001 } });
    expect(store.opened.store.balance(accountId('wallet:W-1'))).toBe(-700n);
    const reader = openReader(store.path);
    expect(reader.payment(paymentId(1))).toEqual(out.ok ? { ...out.value, repeated: true } : undefined);
    reader.close();
  });

  it('cash without an account is about the drawer, and the cell sees none', () => {
    expect(take(1)).toMatchObject({ ok: true });
    expect(store.opened.store.entryOfPayment(paymentId(1))).toMatchObject({ account: 'drawer:syabru' });
    expect(asked[0]).toMatchObject({ account: '', counterparty: '' });
    expect(asked[0]?.fields).toContainEqual({ name: 'site.takings', value: 'takings:syabru' });
  });

  it('I14: whatever the clock says, nothing stops, and the number is the order', () => {
    for (const [index, at] of [4_000_000_000_000, 0, 2_000, 2 ** 48 - 1, 1].entries()) {
      expect(take(index + 1, { at })).toMatchObject({ ok: true, value: { status: 'approved', at, entry: { number: 3 + index } } });
    }
  });

  it('a refund goes to where its original came from, and the cell is told', () => {
    take(1, { method: 'wallet', account: accountId('wallet:W-1'), amount: 300n });
    expect(take(2, { method: 'wallet', action: 'refund', refersTo: paymentId(1), amount: 100n })).toMatchObject({
      value: { status: 'approved' },
    });
    expect(asked[1]).toMatchObject({ account: 'wallet:W-1', counterparty: '', refersTo: paymentId(1) });
    expect(asked[1]?.fields).toContainEqual({ name: 'original.counterparty', value: 'takings:syabru' });
    expect(store.opened.store.remaining(paymentId(1))).toEqual({ amount: 300n, remaining: 200n, action: 'sale' });
  });

  it('keeps what the cell wrote, in its partition alone', () => {
    decision = {
      outcome: 'approved',
      approval: {
        postings: [
          { account: 'drawer:syabru', amount: 1n },
          { account: 'sales:syabru', amount: -1n },
        ],
        receipt: [],
      },
      stateWrites: [{ key: 'count', value: new Uint8Array([7]) }, { key: 'gone' }],
      outbox: [{ key: 'diff', payload: new Uint8Array([1, 2]) }],
    };
    take(1);
    expect(store.opened.store.cellState('cash/drawer:syabru', 'count')).toEqual(Buffer.from([7]));
    expect(store.opened.store.cellState('cash/wallet:W-1', 'count')).toBeUndefined();
    const reader = openReader(store.path);
    expect(reader.outbox(10)).toEqual([{ key: 'cash/drawer:syabru/diff', payload: Buffer.from([1, 2]) }]);
    reader.close();
  });
});

describe('idempotency (I3, K2)', () => {
  it('the same id and body gets the first answer, whoever asks and whenever', () => {
    const first = take(1);
    const again = take(1, { operator: 'another', at: 9_999 });
    expect(again).toEqual(first.ok ? { ok: true, value: { ...first.value, repeated: true } } : undefined);
    expect(head()).toBe(3);
  });

  it('a decline is recorded and repeated, even when it would be approved now', () => {
    const wallet = { method: 'wallet', account: accountId('wallet:W-2'), amount: 50n };
    const declined = take(1, wallet);
    expect(declined).toMatchObject({ value: { status: 'declined', reason: { code: 'not-enough', availableHere: 0n } } });
    take(2, {
      method: 'wallet',
      action: 'transfer',
      account: accountId('wallet:W-1'),
      counterparty: accountId('wallet:W-2'),
      amount: 500n,
    });
    expect(take(1, wallet)).toEqual(declined.ok ? { ok: true, value: { ...declined.value, repeated: true } } : undefined);
  });

  it.each([
    ['amount', { amount: 101n }],
    ['action', { action: 'refund' }],
    ['method', { method: 'wallet' }],
    ['account', { account: accountId('drawer:syabru') }],
    ['counterparty', { counterparty: accountId('sales:syabru') }],
    ['memo', { memo: 'tea' }],
    ['fields', { fields: { table: '4' } }],
    ['refersTo', { refersTo: paymentId(9) }],
  ])('another %s under the same id is a conflict and changes nothing', (_member, changes) => {
    take(1);
    expect(take(1, changes)).toMatchObject({ ok: false, error: { code: 'id-conflict' } });
    expect(head()).toBe(3);
  });

  it('an id of one command is not another command’s', () => {
    take(1);
    expect(store.execute('reverse-payment', { id: paymentId(1), refersTo: paymentId(1), reason: 'x', operator: 'k', at: 1 })).toMatchObject(
      {
        error: { code: 'id-conflict' },
      },
    );
  });
});

describe('refused: nothing is recorded, so the id is still free', () => {
  it.each([
    ['unknown-method', { method: 'shells' }],
    ['unknown-action', { action: 'barter' }],
    ['unknown-action', { action: 'open' }],
    ['other-currency', { currency: 'EUR' }],
    ['unknown-account', { method: 'wallet', account: accountId('wallet:nobody') }],
    ['unknown-account', { counterparty: accountId('merchant:nobody') }],
    ['unknown-payment', { action: 'refund', refersTo: paymentId(77) }],
  ])('%s', (code, changes) => {
    expect(take(1, changes)).toMatchObject({ ok: false, error: { code } });
    expect(take(1)).toMatchObject({ value: { status: 'approved' } });
  });

  it('everything, once the journal is fenced', () => {
    store.execute('fence', { reason: 'two boxes with one journal', at: 5 });
    expect(take(1)).toMatchObject({ ok: false, error: { code: 'fenced', detail: expect.stringContaining('two boxes') } });
  });
});

describe('declined', () => {
  const wallet = { method: 'wallet', account: accountId('wallet:W-1') };

  it.each([
    ['does not balance', approve({ account: 'drawer:syabru', amount: 5n }, { account: 'sales:syabru', amount: -4n })],
    ['moves nothing', approve()],
    ['names no account', approve({ account: 'nonsense', amount: 5n }, { account: 'sales:syabru', amount: -5n })],
    ['makes value of nothing', approve({ account: 'drawer:syabru', amount: 5n }, { account: 'wallet:W-1', amount: -5n })],
    ['overflows', approve({ account: 'drawer:syabru', amount: 2n ** 63n }, { account: 'sales:syabru', amount: -(2n ** 63n) })],
  ])('a cell’s approval that %s', (_what, says) => {
    decision = says;
    expect(take(1, wallet)).toMatchObject({ value: { status: 'declined', reason: { code: 'not-allowed' } } });
    expect(head()).toBe(2);
  });

  it('a cell’s approval below the floor, with what is available', () => {
    decision = approve({ account: 'wallet:W-1', amount: 1_001n }, { account: 'takings:syabru', amount: -1_001n });
    expect(take(1, wallet)).toMatchObject({ value: { status: 'declined', reason: { code: 'not-enough', availableHere: 1_000n } } });
  });

  it('a cell’s approval with an account that is not known here', () => {
    decision = approve({ account: 'wallet:W-1', amount: 5n }, { account: 'merchant:nobody', amount: -5n });
    expect(take(1, wallet)).toMatchObject({ value: { reason: { code: 'unknown-account' } } });
  });

  it.each([
    ['trap', 'not-allowed'],
    ['limit', 'budget'],
    ['bad-request', 'invalid'],
    ['debit-not-allowed', 'not-allowed'],
  ] as const)('a cell that fails with %s fails alone', (code, expected) => {
    decision = { outcome: 'failed', fault: { code, detail: 'why' } };
    expect(take(1)).toMatchObject({ value: { status: 'declined', reason: { code: expected, detail: expect.stringContaining('why') } } });
    decision = undefined;
    expect(take(2)).toMatchObject({ value: { status: 'approved' } });
  });

  it.each([
    ['by another method', { method: 'cash' }, 'not-allowed'],
    ['to another account', { account: accountId('wallet:W-2') }, 'invalid'],
    ['by another payee', { counterparty: accountId('wallet:W-2') }, 'invalid'],
    ['that is no refund', { action: 'sale' }, 'invalid'],
  ])('giving back a payment %s', (_how, changes, code) => {
    take(1, wallet);
    const refund = { method: 'wallet', action: 'refund', refersTo: paymentId(1), ...changes };
    expect(take(2, refund)).toMatchObject({ value: { status: 'declined', reason: { code } } });
  });

  it('fields that only the gateway fills in', () => {
    expect(take(1, { fields: { 'site.takings': 'wallet:W-1' } })).toMatchObject({ value: { reason: { code: 'invalid' } } });
    expect(asked).toEqual([]);
  });
});
