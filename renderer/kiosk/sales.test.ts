// The history's order and its seals.
import { describe, expect, it } from 'vitest';
import type { HistoryItemBody } from '../shared/api-types.ts';
import { mergeItems, sealOf } from './sales.ts';

const item = (number: number, refundable = '100'): HistoryItemBody => ({
  id: `k.${number}`,
  entry: { gateway: 'syabru', epoch: '0'.repeat(16), number, hash: '0'.repeat(64) },
  method: 'cash',
  action: 'sale',
  account: 'drawer:syabru',
  amount: '100',
  currency: 'NPR',
  at: '2026-05-22T08:47:00.000Z',
  seal: 'kept',
  refundable,
  receipt: [],
  prints: 1,
});

describe('the history', () => {
  it('holds an entry once, newest first, by its latest word', () => {
    const merged = mergeItems([item(3), item(1)], [item(2), item(3, '0')]);
    expect(merged.map(({ entry, refundable }) => [entry.number, refundable])).toEqual([
      [3, '0'],
      [2, '100'],
      [1, '100'],
    ]);
  });

  it('never takes a seal back', () => {
    expect(sealOf(5, 'kept', { sent: 5, settled: 4 })).toBe('sent');
    expect(sealOf(5, 'settled', { sent: 0, settled: 0 })).toBe('settled');
    expect(sealOf(5, 'sent', { sent: 9, settled: 5 })).toBe('settled');
  });
});
