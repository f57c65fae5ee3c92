// Amounts in digits and in words: the lakh and the crore, both languages, the ends of the range.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountInWords, figures, nepaliDigits, numberInWords } from './words.ts';

const NPR = { code: 'NPR', decimals: 2 };

describe('figures', () => {
  it.each([
    [0n, '0.00', '०.००'],
    [5n, '0.05', '०.०५'],
    [114_500n, '1,145.00', '१,१४५.००'],
    [12_500_000n, '1,25,000.00', '१,२५,०००.००'],
    [1_234_567_899n, '1,23,45,678.99', '१,२३,४५,६७८.९९'],
    [-35_550n, '−355.50', '−३५५.५०'],
  ])('%s paisa', (minor, en, ne) => {
    expect(figures(minor, NPR, 'en')).toBe(en);
    expect(figures(minor, NPR, 'ne')).toBe(ne);
  });

  it('groups without a point where a currency has no minor unit', () => {
    expect(figures(123_456n, { code: 'JPY', decimals: 0 }, 'en')).toBe('1,23,456');
  });

  it('loses no digit of any signed 64-bit amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (minor) => {
        const text = figures(minor, NPR, 'en');
        expect(BigInt(text.replace('−', '-').replaceAll(/[,.]/g, ''))).toBe(minor);
        expect(text).toMatch(/^−?\d{1,2}(,\d\d)*,\d{3}\.\d\d$|^−?\d{1,3}\.\d\d$/);
        expect(figures(minor, NPR, 'ne')).toBe(nepaliDigits(text));
      }),
    );
  });
});

describe('words', () => {
  it.each([
    [0n, 'शून्य रुपैयाँ मात्र।', 'Zero rupees only'],
    [100n, 'एक रुपैयाँ मात्र।', 'One rupee only'],
    [114_500n, 'एक हजार एक सय पैंतालीस रुपैयाँ मात्र।', 'One thousand one hundred forty-five rupees only'],
    [150n, 'एक रुपैयाँ पचास पैसा मात्र।', 'One rupee and fifty paisa only'],
    [10_000_000n, 'एक लाख रुपैयाँ मात्र।', 'One lakh rupees only'],
    [
      1_234_567_899n,
      'एक करोड तेइस लाख पैंतालीस हजार छ सय अठहत्तर रुपैयाँ उनान्सय पैसा मात्र।',
      'One crore twenty-three lakh forty-five thousand six hundred seventy-eight rupees and ninety-nine paisa only',
    ],
    [100_000_000_000n, 'एक अर्ब रुपैयाँ मात्र।', 'One hundred crore rupees only'],
  ])('%s paisa', (minor, ne, en) => {
    expect(amountInWords(minor, NPR, 'ne')).toBe(ne);
    expect(amountInWords(minor, NPR, 'en')).toBe(en);
  });

  it('has a word of its own for each number below a hundred', () => {
    for (const language of ['en', 'ne'] as const) {
      const words = Array.from({ length: 100 }, (_, value) => numberInWords(BigInt(value), language));
      expect(new Set(words).size).toBe(100);
      expect(words.every((word) => word !== '' && !word.includes('undefined'))).toBe(true);
    }
  });

  it('says different numbers differently, up to the largest amount', () => {
    const whole = fc.bigInt({ min: 0n, max: 2n ** 63n / 100n });
    fc.assert(
      fc.property(whole, whole, fc.constantFrom('en', 'ne'), (one, other, language) => {
        fc.pre(one !== other);
        expect(numberInWords(one, language)).not.toBe(numberInWords(other, language));
      }),
    );
  });

  it('is silent about currencies whose words it does not know', () => {
    expect(amountInWords(100n, { code: 'USD', decimals: 2 }, 'en')).toBeUndefined();
  });
});
