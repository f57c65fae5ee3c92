import { expect, it } from 'vitest';
import { body } from '../../../test/support/ledger/arbitrary.ts';
import type { HistoryRow } from '../../store/reader.ts';
import { receiptOf } from './receipt-of-payment.ts';

const facts = { site: 'Syabru Besi', copy: 0, language: 'both', seal: 'kept' } as const;
const receipt = (method: string, action: string, account: string, lines: Record<string, string>) =>
  receiptOf(
    {
      entry: { ...body({ method, action, amount: 500n }), account, gateway: 'syabru', number: 7, hash: '5c1e08b4a97d00' },
      receipt: Object.entries(lines).map(([name, value]) => ({ name, value })),
      remaining: 0n,
      prints: 0,
    } as unknown as HistoryRow,
    facts,
  );

it('of a khata says what is owed and what may still be taken', () => {
  const lines = { 'owed-after': '1500', limit: '5000', 'credit-left': '3500' };
  expect(receipt('khata', 'sale', 'khata:K-1', lines)).toMatchObject({
    ...{ action: 'sale', tender: 'khata', payerAccount: 'K-1', owedMinor: '1500', creditLeftMinor: '3500' },
  });
  expect(receipt('khata', 'repayment', 'khata:K-1', { ...lines, tendered: '1000', change: '500' })).toMatchObject({
    ...{ action: 'repayment', tender: 'cash', receivedMinor: '1000', changeMinor: '500' },
    lines: [{ name: { en: 'Khata paid back', ne: 'उधारो चुक्ता' } }],
  });
});

it('of a voucher says its code, what is left on it, and until when it pays', () => {
  // Midnight in Kathmandu: the day before is the last one.
  const expires = Date.UTC(2026, 4, 22) - 345 * 60_000;
  expect(
    receipt('voucher', 'issue', 'voucher:7K2M', { 'balance-here': '500', 'expires-at': String(expires), single: 'yes' }),
  ).toMatchObject({
    ...{ action: 'issue', tender: 'cash', voucher: { code: '7K2M', leftMinor: '500', single: true, lastDay: '2026-05-21' } },
  });
  const paid = receipt('voucher', 'sale', 'voucher:7K2M', { 'balance-here': '100', single: 'no' });
  expect(paid).toMatchObject({ tender: 'voucher', voucher: { leftMinor: '100', single: false } });
  expect(paid).not.toHaveProperty('payerAccount');
  expect(receipt('voucher', 'reversal', 'voucher:7K2M', {})).not.toHaveProperty('voucher');
});
