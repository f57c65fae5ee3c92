// What stands on the paper of shop credit and of a voucher, row by row.
import { expect, it } from 'vitest';
import type { Receipt } from '../ports/receipt.ts';
import { receiptRows } from './layout.ts';
import { sampleSale } from './sample-receipts.ts';

const pairs = (changes: Partial<Receipt>): string[] =>
  receiptRows({ ...sampleSale('en'), ...changes }).flatMap((row) => (row.kind === 'pair' ? [`${row.left}: ${row.right}`] : []));

it('a khata’s says what is owed after it, and what may still be taken', () => {
  const rows = pairs({ tender: 'khata', payerAccount: 'K-7', owedMinor: '150000', creditLeftMinor: '350000' });
  expect(rows).toEqual(expect.arrayContaining(['Customer: K-7', 'Owed now: 1,500.00', 'Can still take: 3,500.00']));
  expect(rows.some((row) => row.startsWith('On khata: '))).toBe(true);
});

it('a voucher’s has its code as large as the total, and how it is used', () => {
  const voucher = { code: '7K2M-9QXD-4HTP', leftMinor: '50000', lastDay: '2026-05-21', single: true };
  const receipt: Receipt = { ...sampleSale('en'), action: 'issue', tender: 'cash', voucher };
  expect(receiptRows(receipt)).toContainEqual({ kind: 'text', text: voucher.code, align: 'center', size: 'large', isBold: true });
  expect(pairs(receipt)).toEqual(expect.arrayContaining(['Left on it: 500.00', 'Pays until: 2026-05-21']));
  expect(receiptRows(receipt).some((row) => row.kind === 'text' && row.text === 'Used once, as a whole')).toBe(true);
  expect(
    receiptRows({ ...receipt, voucher: { ...voucher, single: false } }).some((row) => row.kind === 'text' && /once/.test(row.text)),
  ).toBe(false);
});
