import { beforeAll, describe, expect, it } from 'vitest';
import type { CellDecision, CellHost, CellPayment } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ensureBuilt } from '../sdk/build-cells.ts';

const KHATA = 'khata:K-1';
const SALE_ID = '0123456789.9';
/** Of a limit of 50.00, 20.00 are owed. */
const OWES = { [KHATA]: { available: 3_000n, limit: 5_000n } };

let host: CellHost;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
});

type Facts = Parameters<typeof fakeFacts>;
function decide(changes: Partial<CellPayment>, fields: Record<string, string> = {}, ...facts: Facts): CellDecision {
  return host.decide('khata', fakePayment({ account: KHATA, amount: 1_000n, ...changes }, fields), fakeFacts(facts[0] ?? OWES, facts[1]));
}

const declined = (tag: string, detail: string, availableHere?: bigint): unknown => ({
  outcome: 'declined',
  decline: availableHere === undefined ? { tag, detail } : { tag, detail, availableHere },
});

function told(decision: CellDecision): unknown {
  if (decision.outcome !== 'approved') return decision;
  const { postings, receipt } = decision.approval;
  return [
    postings.map(({ account, amount }) => `${account} ${amount}`),
    Object.fromEntries(receipt.map(({ name, value }) => [name, value])),
  ];
}

it.each(['sale', 'repayment'])('%s needs a khata that is known, open and of its currency, and nobody else', (action) => {
  expect(decide({ action, account: '' })).toEqual(declined('invalid', 'the khata is missing: name an account'));
  expect(decide({ action, account: 'wallet:W-1042' })).toEqual(declined('invalid', 'wallet:W-1042 is not a khata'));
  expect(decide({ action, account: 'khata:none' })).toEqual(declined('unknown-account', 'khata:none'));
  expect(decide({ action }, {}, { [KHATA]: { available: 0n, open: false } })).toEqual(
    declined('not-allowed', 'the khata khata:K-1 is closed'),
  );
  expect(decide({ action, counterparty: 'merchant:tea' })).toMatchObject({ outcome: 'declined', decline: { tag: 'invalid' } });
  expect(decide({ action, amount: 2n ** 63n })).toMatchObject({ outcome: 'declined', decline: { tag: 'invalid' } });
});

describe('a sale on credit', () => {
  it('is written down, up to the limit', () => {
    expect(told(decide({ amount: 3_000n }))).toEqual([
      ['khata:K-1 3000', 'sales:syabru -3000'],
      { account: KHATA, amount: '3000', currency: 'NPR', 'owed-after': '5000', limit: '5000', 'credit-left': '0' },
    ]);
    expect(decide({ amount: 3_001n })).toMatchObject({ decline: { tag: 'not-enough', availableHere: 3_000n } });
  });

  it('uses up first what was paid ahead', () => {
    const ahead = { [KHATA]: { available: 7_000n, limit: 5_000n } };
    expect(told(decide({ amount: 500n }, {}, ahead))).toEqual([
      ['khata:K-1 500', 'sales:syabru -500'],
      expect.objectContaining({ 'owed-after': '0', 'paid-ahead': '1500', 'credit-left': '6500' }),
    ]);
  });
});

describe('a repayment', () => {
  it('goes into the drawer, with the change that is handed out', () => {
    expect(told(decide({ action: 'repayment', amount: 2_000n }, { tendered: '5000' }))).toEqual([
      ['drawer:syabru 2000', 'khata:K-1 -2000'],
      {
        ...{ account: KHATA, amount: '2000', currency: 'NPR', 'owed-after': '0', limit: '5000', 'credit-left': '5000' },
        ...{ tendered: '5000', change: '3000' },
      },
    ]);
  });

  it('is never more than is owed', () => {
    expect(decide({ action: 'repayment', amount: 2_001n })).toEqual(
      declined('not-allowed', 'only 2000 is owed on khata:K-1: give the rest back as change'),
    );
    expect(decide({ action: 'repayment', amount: 1n }, {}, { [KHATA]: { available: 5_000n, limit: 5_000n } })).toEqual(
      declined('not-allowed', 'nothing is owed on khata:K-1'),
    );
    expect(decide({ action: 'repayment', amount: 10n }, { tendered: '9' })).toEqual(
      declined('invalid', 'less was tendered than the amount'),
    );
    expect(decide({ action: 'repayment', amount: 10n }, { tendered: 'x' })).toMatchObject({ decline: { tag: 'invalid' } });
  });
});

describe('a refund', () => {
  const ORIGINAL = { 'original.method': 'khata', 'original.action': 'sale', 'original.account': KHATA };
  const refund = (changes: Partial<CellPayment>, fields: Record<string, string> = {}, accounts: Facts[0] = OWES) =>
    decide({ action: 'refund', refersTo: SALE_ID, account: '', ...changes }, { ...ORIGINAL, ...fields }, accounts, { [SALE_ID]: 2_500n });

  it('is struck off what is owed; beyond it the shop owes', () => {
    expect(told(refund({ amount: 2_500n }))).toEqual([
      ['sales:syabru 2500', 'khata:K-1 -2500'],
      {
        ...{
          account: KHATA,
          amount: '2500',
          currency: 'NPR',
          'owed-after': '0',
          limit: '5000',
          'credit-left': '5500',
          'paid-ahead': '500',
        },
        ...{ 'refers-to': SALE_ID, 'refundable-after': '0' },
      },
    ]);
  });

  it('goes to the khata of the sale, up to what is left of it', () => {
    expect(refund({ amount: 2_501n })).toMatchObject({ decline: { tag: 'not-allowed' } });
    expect(refund({ account: 'khata:K-2' })).toMatchObject({ decline: { tag: 'not-allowed' } });
    expect(refund({}, { 'original.method': 'cash' })).toMatchObject({ decline: { tag: 'not-allowed' } });
    expect(refund({}, {}, { [KHATA]: undefined })).toEqual(declined('unknown-account', KHATA));
  });
});
