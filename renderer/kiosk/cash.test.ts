// Likely notes and change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeNotes, likelyCash } from './cash.ts';

describe('notes', () => {
  it('offers what a customer likely hands over', () => {
    expect(likelyCash(114500n)).toEqual([115000n, 120000n, 150000n, 200000n]);
    expect(likelyCash(5500n)).toEqual([6000n, 10000n, 50000n, 100000n]);
  });

  it('offers only more than is due', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), (due) => {
        const sums = likelyCash(due);
        expect(sums.length).toBeLessThanOrEqual(4);
        expect(sums.every((sum) => sum > due)).toBe(true);
      }),
    );
  });

  it('counts the change out to its last rupee', () => {
    expect(changeNotes(35500n).map(({ rupees, count }) => `${count}x${rupees}`)).toEqual(['3x100', '1x50', '1x5']);
    fc.assert(
      fc.property(fc.bigInt({ min: -5n, max: 10n ** 9n }), (change) => {
        const sum = changeNotes(change).reduce((total, { rupees, count }) => total + rupees * count * 100n, 0n);
        expect(sum).toBe(change > 0n ? (change / 100n) * 100n : 0n);
      }),
    );
  });
});
