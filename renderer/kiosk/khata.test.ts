import { expect, it } from 'vitest';
import { owedOf, splitRepayment } from './owed.ts';
import { newVoucherCode, readVoucherCode } from './voucher-code.ts';

it('what is owed is the limit less what is left of it; a repayment takes no more than that', () => {
  expect(owedOf({ limit: '5000', availableHere: '1800' })).toBe(3_200n);
  expect(owedOf({ limit: '5000', availableHere: '5400' })).toBe(-400n);
  expect(splitRepayment(2_000n, 3_200n)).toEqual({ paid: 2_000n, change: 0n });
  expect(splitRepayment(5_000n, 3_200n)).toEqual({ paid: 3_200n, change: 1_800n });
  expect(splitRepayment(500n, -400n)).toEqual({ paid: 0n, change: 500n });
});

it('a code is twelve characters in groups, and is read however it was typed', () => {
  const code = newVoucherCode((bytes) => bytes.map((_, index) => index * 21));
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  expect(readVoucherCode(code.toLowerCase().replaceAll('-', ' '))).toBe(code);
  expect(readVoucherCode('voucher:7k2m-9qxd-4htp')).toBe('7K2M-9QXD-4HTP');
  expect(readVoucherCode('OOOO-IIII-LLLL')).toBe('0000-1111-1111');
  expect(readVoucherCode('7K2M-9QXD-4HT')).toBeUndefined();
  expect(readVoucherCode('7K2M-9QXD-4HTU')).toBeUndefined();
});
