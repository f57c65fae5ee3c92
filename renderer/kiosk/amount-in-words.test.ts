// Sums written out in Nepali.
import { describe, expect, it } from 'vitest';
import { amountInWords } from './amount-in-words.ts';

describe('a sum in words', () => {
  it('is what stands on a receipt', () => {
    expect(amountInWords(114500n)).toBe('एक हजार एक सय पैँतालीस रुपैयाँ मात्र');
    expect(amountInWords(0n)).toBe('शून्य रुपैयाँ मात्र');
    expect(amountInWords(12_500_050n)).toBe('एक लाख पच्चीस हजार रुपैयाँ पचास पैसा मात्र');
    expect(amountInWords(9_999n)).toBe('उनान्सय रुपैयाँ उनान्सय पैसा मात्र');
  });

  it('has a word for every number under a hundred, each its own', () => {
    const words = Array.from({ length: 100 }, (_, value) => amountInWords(BigInt(value) * 100n));
    expect(new Set(words).size).toBe(100);
    expect(words.every((word) => !word.includes('undefined'))).toBe(true);
  });
});
