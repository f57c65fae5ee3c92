// The words of a key: enough of them, each its own, and always the same.
import { describe, expect, it } from 'vitest';
import { keyWordList, keyWords } from './key-words.ts';

describe('the words of a key', () => {
  it('are 256 different short words', () => {
    const list = keyWordList();
    expect(list).toHaveLength(256);
    expect(new Set(list).size).toBe(256);
    expect(list.every((word) => /^[a-z]{3,6}$/.test(word))).toBe(true);
  });

  it('stay the same for a fingerprint', () => {
    expect(keyWords(`0001ff${'10'.repeat(29)}`)).toEqual([
      keyWordList()[0],
      keyWordList()[1],
      keyWordList()[255],
      ...Array(3).fill(keyWordList()[16]),
    ]);
    expect(keyWords('no')).toEqual([]);
  });
});
