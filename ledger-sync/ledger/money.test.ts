import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMinor, fitsMinor, MAX_MINOR, MIN_MINOR, parseAmount, parseCurrency, parseMinor } from './money.ts';

it('reads what it writes, and nothing else that says the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: MIN_MINOR, max: MAX_MINOR }), (value) => {
      expect(parseMinor(value.toString())).toEqual({ ok: true, value });
      if (value > 0n) expect(parseAmount(value.toString())).toEqual({ ok: true, value });
    }),
  );
});

it.each(['', ' 1', '1 ', '+1', '01', '-0', '1.0', '1e3', '0x1', '１', '1,000', '१२', 'NaN', '9'.repeat(400)])('%j is no amount', (text) => {
  expect(parseMinor(text).ok).toBe(false);
});

it.each([
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['-9223372036854775808', true],
  ['-9223372036854775809', false],
])('%s within 64 bits: %s', (text, fits) => {
  expect(parseMinor(text).ok).toBe(fits);
});

it('what is asked for is more than zero', () => {
  expect(parseAmount('0')).toMatchObject({ error: { code: 'not-positive' } });
  expect(parseAmount('-5')).toMatchObject({ error: { code: 'not-positive' } });
});

it('a sum never leaves 64 bits unseen', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: MIN_MINOR, max: MAX_MINOR }), fc.bigInt({ min: MIN_MINOR, max: MAX_MINOR }), (left, right) => {
      expect(addMinor(left, right)).toBe(fitsMinor(left + right) ? left + right : undefined);
    }),
  );
});

it('currencies are those of ISO 4217 that are known', () => {
  expect(parseCurrency('NPR')).toMatchObject({ ok: true });
  for (const text of ['npr', 'XXX', '', 'constructor', '__proto__']) expect(parseCurrency(text).ok).toBe(false);
});
