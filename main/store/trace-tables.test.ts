import { afterEach, beforeEach, expect, it } from 'vitest';
import { simpleCells } from '../../test/support/store/simple-cells.ts';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import type { CellReads } from '../cell-host/cell.ts';
import type { Cells } from '../gateway/cells.ts';
import { openReader, type Reader } from './reader.ts';
import { TRACES_KEPT } from './trace-tables.ts';
import { verifyDatabase } from './verify.ts';

const reads: CellReads = {
  accounts: [{ id: 'wallet:W', found: { kind: 'wallet', currency: 'NPR', limit: '0', open: true }, available: '500' }],
  refundable: [],
  state: [{ key: 'visits', value: null }],
};
const traced: Cells = {
  methods: simpleCells.methods,
  decide: (method, request, facts) => {
    const trace = { cell: { name: method, version: '0.1.0', digest: 'd'.repeat(64) }, fuel: 42, reads };
    return { ...simpleCells.decide(method, request, facts), trace };
  },
};

let store: TestStore;
let readers: Reader[];

const reader = (): Reader => {
  const opened = openReader(store.path);
  readers.push(opened);
  return opened;
};

beforeEach(() => {
  store = new TestStore(traced);
  readers = [];
});
afterEach(() => {
  for (const one of readers) one.close();
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

it('keeps how a payment was decided, approved or declined', () => {
  store.execute('open-account', opening('wallet:W', 500n));
  const wallet = { method: 'wallet', account: accountId('wallet:W') };
  store.run(['take-payment', payment(1, wallet)], ['take-payment', payment(2, { ...wallet, amount: 900n, fields: { note: 'x' } })]);
  const traces = reader().traces;
  expect(traces.of(paymentId(1))).toMatchObject({ cell: { name: 'wallet', version: '0.1.0' }, fuel: 42, reads, request: { amount: 100n } });
  expect(traces.of(paymentId(2))).toMatchObject({
    request: { amount: 900n, fields: expect.arrayContaining([{ name: 'note', value: 'x' }]) },
  });
  expect(traces.of('open-wallet:W')).toBeUndefined();
  expect(traces.since('wallet', 2_000, 10).map(({ request }) => request.id)).toEqual([paymentId(1), paymentId(2)]);
  expect(traces.since('wallet', 2_002, 10)).toHaveLength(1);
  expect(traces.since('wallet', 0, 1).map(({ request }) => request.id)).toEqual([paymentId(2)]);
  expect(traces.since('cash', 0, 10)).toEqual([]);
});

it('an approval that the ledger refused keeps the hash of what the cell answered', () => {
  store.execute('open-account', opening('wallet:W', 500n));
  // One account twice: the cell of these tests does not look, the gateway does.
  store.execute(
    'take-payment',
    payment(1, { method: 'wallet', action: 'transfer', account: accountId('wallet:W'), counterparty: accountId('wallet:W') }),
  );
  const outcome = reader().payment(paymentId(1));
  expect(outcome).toMatchObject({ status: 'declined' });
  expect(reader().traces.of(paymentId(1))?.answer).toMatch(/^[0-9a-f]{32}$/);
});

it('a payment that was rolled back leaves none, and the next one names its cell all the same', () => {
  const { recordApproval } = store.opened.store;
  Object.assign(store.opened.store, {
    recordApproval: () => {
      throw new Error('torn');
    },
  });
  expect(store.execute('take-payment', payment(1))).toMatchObject({ error: { code: 'storage' } });
  Object.assign(store.opened.store, { recordApproval });
  store.execute('take-payment', payment(2));
  expect(reader().traces.of(paymentId(1))).toBeUndefined();
  expect(reader().traces.of(paymentId(2))).toMatchObject({ cell: { name: 'cash' } });
});

it('one component under two names is two cells', () => {
  store.execute('open-account', opening('wallet:W', 500n));
  store.execute('take-payment', payment(1));
  store.execute('take-payment', payment(2, { method: 'wallet', account: accountId('wallet:W') }));
  const traces = reader().traces;
  expect([1, 2].map((counter) => traces.of(paymentId(counter))?.cell.name)).toEqual(['cash', 'wallet']);
});

it('is bounded: the oldest go, and their payments stay', () => {
  store.execute('take-payment', payment(1));
  // As if very many had come since; the next number is one at which the oldest are looked for.
  const last = Math.ceil((TRACES_KEPT + 2) / 64) * 64 - 1;
  store.opened.connection.exec(`INSERT INTO trace (number, payment, cell, fuel, at, body) VALUES (${last}, 'p', 1, 0, 0, '[]')`);
  store.restart();
  store.execute('take-payment', payment(2));
  expect(reader().traces.of(paymentId(1))).toBeUndefined();
  expect(reader().traces.of(paymentId(2))).toBeDefined();
  expect(reader().payment(paymentId(1))).toMatchObject({ status: 'approved' });
});
