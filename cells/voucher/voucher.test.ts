import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CellDecision, CellFacts, CellHost, CellPayment } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ensureBuilt } from '../sdk/build-cells.ts';

const VOUCHER = 'voucher:7K2M-9QXD-4HTP';
const NOW = 1_716_800_000_000n;
const ISSUE_ID = '0123456789.1';
const SALE_ID = '0123456789.9';

let host: CellHost;
let state: Map<string, Uint8Array>;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
});
beforeEach(() => {
  state = new Map();
});

/** Decides with the state of earlier approvals, and keeps what an approval writes. */
function decide(changes: Partial<CellPayment>, fields: Record<string, string> = {}, available = 0n, left = 0n): CellDecision {
  const facts: CellFacts = {
    ...fakeFacts({ [VOUCHER]: { available }, 'takings:syabru': { available: 2_000n } }, { [SALE_ID]: left }),
    stateGet: (key) => state.get(key),
  };
  const decision = host.decide('voucher', fakePayment({ account: VOUCHER, amount: 1_000n, at: NOW, ...changes }, fields), facts);
  if (decision.outcome === 'approved') for (const { key, value } of decision.stateWrites) if (value !== undefined) state.set(key, value);
  return decision;
}
const issue = (fields: Record<string, string> = {}) => decide({ action: 'issue', id: ISSUE_ID }, fields);
const redeem = (amount: bigint, available: bigint, changes: Partial<CellPayment> = {}) =>
  decide({ id: SALE_ID, amount, ...changes }, {}, available);

const reason = (decision: CellDecision): unknown =>
  decision.outcome === 'declined' ? [decision.decline.tag, decision.decline.detail] : decision;
function told(decision: CellDecision): unknown {
  if (decision.outcome !== 'approved') return decision;
  const { postings, receipt } = decision.approval;
  return [
    postings.map(({ account, amount }) => `${account} ${amount}`),
    Object.fromEntries(receipt.map(({ name, value }) => [name, value])),
  ];
}

describe('an issue', () => {
  it('puts a part of the float onto the code for cash, with its terms', () => {
    const expires = (NOW + 1n).toString();
    expect(told(issue({ 'expires-at': expires, single: 'yes' }))).toEqual([
      ['float:syabru 1000', `${VOUCHER} -1000`, 'drawer:syabru 1000', 'agency:syabru -1000'],
      {
        ...{ account: VOUCHER, amount: '1000', currency: 'NPR', 'balance-here': '1000' },
        ...{ 'expires-at': expires, single: 'yes', 'cash-received': '1000' },
      },
    ]);
    expect(Buffer.from(state.get('terms') ?? []).toString()).toBe(`${ISSUE_ID} ${expires} 1`);
  });

  it('is once a code', () => {
    issue();
    expect(reason(issue())).toEqual(['already-done', ISSUE_ID]);
    state.clear();
    expect(reason(decide({ action: 'issue' }, {}, 5n))).toEqual(['not-allowed', `${VOUCHER} holds value already: make another code`]);
  });

  it('needs terms that read, a float, and a voucher', () => {
    expect(reason(issue({ single: 'perhaps' }))).toEqual(['invalid', 'single must be yes or no']);
    expect(reason(issue({ 'expires-at': 'soon' }))).toMatchObject(['invalid', expect.stringContaining('milliseconds')]);
    expect(reason(issue({ 'expires-at': NOW.toString() }))).toEqual(['invalid', 'the voucher would be expired already']);
    expect(decide({ action: 'issue', amount: 30_001n })).toMatchObject({ decline: { tag: 'not-enough', availableHere: 30_000n } });
    expect(reason(decide({ action: 'issue', account: 'wallet:W-1042' }))).toEqual(['invalid', 'wallet:W-1042 is not a voucher']);
    expect(state.size).toBe(0);
  });
});

describe('a redemption', () => {
  it('pays the shop, in parts', () => {
    issue();
    expect(told(redeem(400n, 1_000n))).toEqual([
      [`${VOUCHER} 400`, 'takings:syabru -400'],
      { account: VOUCHER, amount: '400', currency: 'NPR', 'balance-here': '600', single: 'no', 'paid-to': 'takings:syabru' },
    ]);
    expect(redeem(601n, 600n)).toMatchObject({ decline: { tag: 'not-enough', availableHere: 600n } });
    expect(told(redeem(600n, 600n, { counterparty: 'merchant:tea' }))).toMatchObject([[`${VOUCHER} 600`, 'merchant:tea -600'], {}]);
    expect(reason(redeem(1n, 0n))).toEqual(['already-done', SALE_ID]);
  });

  it('of a single one is the whole, once; what was given back can be redeemed again', () => {
    issue({ single: 'yes' });
    expect(reason(redeem(999n, 1_000n))).toEqual(['not-allowed', `${VOUCHER} is used as a whole: 1000`]);
    expect(redeem(1_000n, 1_000n)).toMatchObject({ outcome: 'approved' });
    expect(reason(redeem(1_000n, 0n))).toEqual(['already-done', SALE_ID]);
    expect(redeem(1_000n, 1_000n)).toMatchObject({ outcome: 'approved' });
  });

  it('of an expired one is not allowed, by the time of the request alone', () => {
    issue({ 'expires-at': (NOW + 10n).toString() });
    expect(reason(redeem(1n, 1_000n, { at: NOW + 10n }))).toEqual(['not-allowed', `${VOUCHER} is expired since ${NOW + 10n}`]);
    expect(redeem(1n, 1_000n, { at: NOW + 9n })).toMatchObject({ outcome: 'approved' });
    expect(redeem(1n, 1_000n, { at: 0n })).toMatchObject({ outcome: 'approved' });
  });

  it('of one that head office opened has no terms', () => {
    expect(told(redeem(5n, 10n))).toMatchObject([[`${VOUCHER} 5`, 'takings:syabru -5'], { 'balance-here': '5' }]);
    state.clear();
    expect(redeem(5n, 0n)).toMatchObject({ decline: { tag: 'not-enough', availableHere: 0n } });
    expect(redeem(5n, 10n, { counterparty: 'drawer:syabru' })).toMatchObject({ decline: { tag: 'invalid' } });
  });
});

describe('a refund', () => {
  const ORIGINAL = { 'original.method': 'voucher', 'original.action': 'sale', 'original.account': VOUCHER };
  const refund = (changes: Partial<CellPayment>, fields: Record<string, string> = {}) =>
    decide({ action: 'refund', refersTo: SALE_ID, account: '', ...changes }, { ...ORIGINAL, ...fields }, 0n, 3_000n);

  it('goes back onto the voucher, expired or not', () => {
    issue({ 'expires-at': (NOW + 10n).toString() });
    expect(told(refund({ amount: 1_000n, at: NOW + 20n }))).toMatchObject([
      ['takings:syabru 1000', `${VOUCHER} -1000`],
      { 'balance-here': '1000', 'paid-from': 'takings:syabru', 'refers-to': SALE_ID, 'refundable-after': '2000' },
    ]);
  });

  it('needs what was paid to be there still, and the voucher that paid', () => {
    expect(refund({ amount: 2_500n })).toMatchObject({ decline: { tag: 'not-enough', availableHere: 2_000n } });
    expect(refund({ account: 'voucher:other' })).toMatchObject({ decline: { tag: 'not-allowed' } });
    expect(refund({}, { 'original.account': 'wallet:W-1042' })).toMatchObject({ decline: { tag: 'invalid' } });
    expect(refund({}, { 'original.counterparty': 'bank:nabil' })).toMatchObject({ decline: { tag: 'invalid' } });
  });
});
