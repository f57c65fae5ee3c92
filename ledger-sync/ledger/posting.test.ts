import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountId } from './account.ts';
import { MAX_MINOR, MIN_MINOR } from './money.ts';
import { balance, MAX_POSTINGS, negate } from './posting.ts';

const line = fc.record({
  account: fc.constantFrom('wallet:A', 'wallet:B', 'sales:s', 'drawer:s') as fc.Arbitrary<AccountId>,
  amount: fc.bigInt(-5n, 5n),
});

it('I2: what balances sums to zero, line by line, and nothing else does', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const sum = lines.reduce((total, { amount }) => total + amount, 0n);
      const once = new Set(lines.map(({ account }) => account)).size === lines.length;
      const balanced = balance(lines);
      expect(balanced.ok).toBe(sum === 0n && once && lines.every(({ amount }) => amount !== 0n));
      if (balanced.ok) expect(balance(negate(balanced.value))).toMatchObject({ ok: true });
    }),
  );
});

it('the faults are named', () => {
  const wallet = 'wallet:A' as AccountId;
  const sales = 'sales:s' as AccountId;
  const codeOf = (...amounts: [AccountId, bigint][]) => {
    const balanced = balance(amounts.map(([account, amount]) => ({ account, amount })));
    return balanced.ok ? 'ok' : balanced.error.code;
  };
  expect(codeOf([wallet, 1n], [sales, 0n])).toBe('zero-posting');
  expect(codeOf([wallet, 1n], [wallet, -1n])).toBe('account-twice');
  expect(codeOf([wallet, 2n], [sales, -1n])).toBe('not-balanced');
  expect(codeOf([wallet, MAX_MINOR + 1n], [sales, -MAX_MINOR - 1n])).toBe('posting-too-large');
  // Its negative would not fit, so its reversal could not be written.
  expect(codeOf([wallet, MIN_MINOR], [sales, -MIN_MINOR])).toBe('posting-too-large');
  const many = Array.from({ length: MAX_POSTINGS + 1 }, (_, index) => [`wallet:${index}` as AccountId, 1n] as [AccountId, bigint]);
  expect(codeOf(...many)).toBe('too-many-postings');
  expect(codeOf()).toBe('ok');
});
