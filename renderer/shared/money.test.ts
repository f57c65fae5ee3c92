// Amounts as people read and type them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountParts, amountText, formatCount, parseAmount, plainAmount } from './money.ts';

describe('an amount', () => {
  it('groups by lakh in both languages, with the currency before it', () => {
    expect(amountText('12500000', 'en', { currency: 'NPR' })).toBe('Rs 1,25,000.00');
    expect(amountText('12500000', 'ne', { currency: 'NPR' })).toBe('रु १,२५,०००.००');
    expect(formatCount(2140, 'ne')).toBe('२,१४०');
  });

  it('has a real minus, a plus where asked, and keeps its paisa', () => {
    expect(amountText(-21050n, 'en')).toBe('\u2212210.50');
    expect(amountText(100n, 'en', { sign: 'plus' })).toBe('+1.00');
    expect(amountText(0n, 'en', { sign: 'plus' })).toBe('0.00');
    expect(amountParts(5n, 'en').fraction).toBe('.05');
  });

  it('drops zeros only where it may', () => {
    expect(amountText(11000n, 'en', { show: 'whole' })).toBe('110');
    expect(amountText(11050n, 'en', { show: 'whole' })).toBe('110.50');
    expect(amountText(11000n, 'en')).toBe('110.00');
  });

  it('is exact where a float is not', () => {
    expect(amountText('9223372036854775807', 'en')).toBe('92,23,37,20,36,85,47,758.07');
  });

  it('is read as it was typed, in either script', () => {
    expect(parseAmount('1,145.5', 'NPR')).toBe(114550n);
    expect(parseAmount('१२०', 'NPR')).toBe(12000n);
    expect(parseAmount('110', 'JPY')).toBe(110n);
    for (const wrong of ['', '.', '-5', '1.234', '1e5', 'abc', '9'.repeat(16)]) expect(parseAmount(wrong, 'NPR')).toBeUndefined();
  });

  it('comes back from a field as it went in', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), fc.constantFrom('NPR', 'JPY', 'KWD'), (minor, currency) => {
        if (minor.toString().length > 15) return;
        expect(parseAmount(plainAmount(minor, currency), currency)).toBe(minor);
      }),
    );
  });
});
