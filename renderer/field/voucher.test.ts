// Vouchers as hands type them.
import { describe, expect, it } from 'vitest';
import { inGroups, isComplete, readVoucher } from './voucher.ts';

describe('a typed voucher', () => {
  it('is read as it was meant', () => {
    expect(readVoucher('k7qf-2m9d xh4t oil0 1234')).toEqual({ text: 'K7QF2M9DXH4T01101234', strange: 0 });
    expect(inGroups('K7QF2M9DXH4T01101234')).toBe('K7QF-2M9D-XH4T-0110-1234');
    expect(isComplete('K7QF2M9DXH4T01101234')).toBe(true);
  });

  it('is never longer than it can be, and says what it could not read', () => {
    expect(readVoucher('U?')).toEqual({ text: '', strange: 2 });
    expect(readVoucher('0'.repeat(30)).text).toHaveLength(20);
    expect(isComplete('0')).toBe(false);
    expect(inGroups('')).toBe('');
  });
});
