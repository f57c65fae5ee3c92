import { expect, it } from 'vitest';
import type { AccountId } from '../../../ledger-sync/ledger/account.ts';
import type { HistoryRow } from '../../store/reader.ts';
import { receiptOf } from './receipt-of-payment.ts';

it('of energy says how much was bought, and carries the token for the meter', () => {
  const entry = {
    method: 'energy',
    action: 'sale',
    account: 'energy:M-204' as AccountId,
    amount: 7_500n,
    currency: 'NPR',
    hash: 'a'.repeat(64),
  };
  const receipt = [
    { name: 'token', value: '177 073 015' },
    { name: 'units', value: '5' },
    { name: 'unit', value: 'day' },
  ];
  const row = { entry: { ...entry, at: 1_716_800_000_000 }, receipt } as unknown as HistoryRow;
  expect(receiptOf(row, { site: 'Syabru', copy: 0, language: 'both', seal: 'kept' })).toMatchObject({
    lines: [{ name: { en: 'Electricity, days', ne: 'बिजुली, दिन' }, quantity: '5', amountMinor: '7500' }],
    tender: 'cash',
    token: { meter: 'M-204', groups: '177 073 015' },
  });
});
