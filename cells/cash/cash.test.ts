import { beforeAll, describe, expect, it } from 'vitest';
import type { CellDecision, CellHost, CellPayment } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ensureBuilt } from '../sdk/build-cells.ts';

const S64_MAX = 2n ** 63n - 1n;
const U64_MAX = 2n ** 64n - 1n;
const ORIGINAL = { 'original.method': 'cash', 'original.action': 'sale', 'original.account': '', 'original.counterparty': '' };

let host: CellHost;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
});

type Facts = Parameters<typeof fakeFacts>;

function sell(changes: Partial<CellPayment>, fields: Record<string, string> = {}, ...facts: Facts): CellDecision {
  return host.decide('cash', fakePayment({ action: 'sale', ...changes }, fields), fakeFacts(...facts));
}

function refund(changes: Partial<CellPayment>, fields: Record<string, string> = ORIGINAL, ...facts: Facts): CellDecision {
  const left = facts[1] ?? { '0123456789.9': 12_500n };
  return host.decide('cash', fakePayment({ action: 'refund', refersTo: '0123456789.9', ...changes }, fields), fakeFacts(facts[0], left));
}

function lines(...pairs: [string, string][]): { name: string; value: string }[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

function declined(tag: string, detail: string): unknown {
  return { outcome: 'declined', decline: { tag, detail } };
}

describe('a cash sale', () => {
  it('moves the amount from sales to the drawer', () => {
    expect(sell({})).toEqual({
      outcome: 'approved',
      approval: {
        postings: [
          { account: 'drawer:syabru', amount: 12_500n },
          { account: 'sales:syabru', amount: -12_500n },
        ],
        receipt: lines(['amount', '12500'], ['currency', 'NPR']),
      },
      stateWrites: [],
      outbox: [],
    });
  });

  it('gives change', () => {
    const change = (tendered: string) => {
      const decision = sell({}, { tendered });
      return decision.outcome === 'approved' ? decision.approval.receipt.slice(2) : decision;
    };
    expect(change('20000')).toEqual(lines(['tendered', '20000'], ['change', '7500']));
    expect(change('12500')).toEqual(lines(['tendered', '12500'], ['change', '0']));
    expect(change(S64_MAX.toString())).toEqual(lines(['tendered', S64_MAX.toString()], ['change', (S64_MAX - 12_500n).toString()]));
  });

  it.each(['', '1.5', '-20000', '20 000', '9223372036854775808', '99999999999999999999', '१२५००', '0x5000'])(
    'declines tendered %j',
    (tendered) => {
      expect(sell({}, { tendered })).toEqual(declined('invalid', 'tendered must be an amount in minor units, digits only'));
    },
  );

  it('declines what is not a cash sale of this site', () => {
    expect(sell({}, { tendered: '12499' })).toEqual(declined('invalid', 'less was tendered than the amount'));
    expect(sell({ account: 'drawer:syabru' }).outcome).toBe('approved');
    expect(sell({ account: 'wallet:W-1042' })).toEqual(declined('invalid', 'cash is kept in drawer:syabru: leave the account out'));
    expect(sell({ currency: 'EUR' })).toEqual(declined('invalid', 'the drawer drawer:syabru is kept in NPR, not in EUR'));
  });

  it('declines accounts that are not there, closed or of another currency', () => {
    expect(sell({}, {}, { 'drawer:syabru': undefined })).toEqual(declined('unknown-account', 'drawer:syabru'));
    expect(sell({}, {}, { 'sales:syabru': undefined })).toEqual(declined('unknown-account', 'sales:syabru'));
    expect(sell({}, {}, { 'drawer:syabru': { open: false } })).toEqual(declined('not-allowed', 'the drawer drawer:syabru is closed'));
    expect(sell({}, {}, { 'sales:syabru': { currency: 'EUR' } })).toEqual(
      declined('invalid', 'the sales account sales:syabru is kept in EUR, not in NPR'),
    );
    const payment = { ...fakePayment({}), fields: [] };
    expect(host.decide('cash', payment, fakeFacts())).toEqual(declined('invalid', 'the drawer is missing: name an account'));
  });

  it('holds at the ends of 64 bits', () => {
    expect(sell({ amount: 1n }).outcome).toBe('approved');
    expect(sell({ amount: S64_MAX }).outcome).toBe('approved');
    const tooMuch = declined('invalid', 'the amount does not fit into 64 bits: ask for less');
    expect(sell({ amount: S64_MAX + 1n })).toEqual(tooMuch);
    expect(sell({ amount: U64_MAX })).toEqual(tooMuch);
  });
});

describe('a cash refund', () => {
  it('gives cash back and says what is left', () => {
    expect(refund({ amount: 2_500n })).toMatchObject({
      outcome: 'approved',
      approval: {
        postings: [
          { account: 'sales:syabru', amount: 2_500n },
          { account: 'drawer:syabru', amount: -2_500n },
        ],
        receipt: lines(['amount', '2500'], ['currency', 'NPR'], ['refers-to', '0123456789.9'], ['refundable-after', '10000']),
      },
    });
    expect(refund({ amount: 12_500n }).outcome).toBe('approved');
  });

  it('declines what was not a cash sale here, or more than is left of it', () => {
    expect(refund({ refersTo: undefined })).toEqual(declined('invalid', 'refers-to is missing: name the payment to refund'));
    expect(refund({ refersTo: '' })).toEqual(declined('invalid', 'refers-to is missing: name the payment to refund'));
    expect(refund({}, {})).toEqual(declined('invalid', 'the payment 0123456789.9 is not known here'));
    const notCash = declined('not-allowed', 'the payment 0123456789.9 is not a cash sale');
    expect(refund({}, { ...ORIGINAL, 'original.method': 'wallet' })).toEqual(notCash);
    expect(refund({}, { ...ORIGINAL, 'original.action': 'refund' })).toEqual(notCash);
    expect(refund({ amount: 12_501n })).toEqual(declined('not-allowed', 'only 12500 of the payment 0123456789.9 can still be refunded'));
    expect(refund({}, ORIGINAL, {}, {})).toEqual(declined('not-allowed', 'only 0 of the payment 0123456789.9 can still be refunded'));
    expect(refund({ amount: U64_MAX }, ORIGINAL, {}, { '0123456789.9': U64_MAX })).toMatchObject({ decline: { tag: 'invalid' } });
  });
});
