// Every word in both languages: same keys, same parameters, nothing empty, and no programmer's words among them.
import { describe, expect, it } from 'vitest';
import { fieldEnglish, fieldNepali } from '../../renderer/field/words.ts';
import { kioskEnglish, kioskNepali } from '../../renderer/kiosk/words.ts';
import { creditEnglish, creditNepali } from '../../renderer/kiosk/words-credit.ts';
import { fill, inDevanagari, inLatin, type Word } from '../../renderer/shared/i18n.ts';

const forms = (word: Word): readonly string[] => (typeof word === 'string' ? [word] : [word.one, word.other]);
const params = (word: Word): readonly string[] => [...new Set(forms(word).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

describe.each([
  ['kiosk', kioskEnglish as Readonly<Record<string, Word>>, kioskNepali as Readonly<Record<string, Word>>],
  ['credit', creditEnglish as Readonly<Record<string, Word>>, creditNepali as Readonly<Record<string, Word>>],
  ['field', fieldEnglish as Readonly<Record<string, Word>>, fieldNepali as Readonly<Record<string, Word>>],
])('the words of the %s page', (_page, english, nepali) => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(nepali).sort()).toEqual(Object.keys(english).sort());
  });

  it('have the same parameters in both languages, and none is empty', () => {
    for (const [key, word] of Object.entries(english)) {
      expect([key, params(nepali[key] ?? '')]).toEqual([key, params(word)]);
      for (const text of [...forms(word), ...forms(nepali[key] ?? '')]) expect(text.trim(), key).not.toBe('');
    }
  });

  it('are Nepali in Nepali', () => {
    const inBothLanguages = new Set(['other-language', 'title']);
    const latin = Object.entries(nepali).filter(
      ([key, word]) => !inBothLanguages.has(key) && forms(word).some((text) => !/[ऀ-ॿ]/.test(text)),
    );
    expect(latin.filter(([, word]) => forms(word).some((text) => text.replace(/\{\w+\}/g, '').trim() !== ''))).toEqual([]);
  });

  it('say it as a shopkeeper does', () => {
    const bad = /\b(sync\w*|transaction|failed|null|undefined|pending|insufficient|invalid|submit)\b/i;
    for (const [key, word] of Object.entries(english)) for (const text of forms(word)) expect(text, key).not.toMatch(bad);
  });
});

describe('filling in', () => {
  it('chooses the form by the count and leaves an unknown name in sight', () => {
    const word = { one: '{count} item', other: '{count} items' };
    expect(fill(word, { count: 1 })).toBe('1 item');
    expect(fill(word, { count: 0 })).toBe('0 items');
    expect(fill('{name} is saved')).toBe('{name} is saved');
  });

  it('turns digits into the other script and back', () => {
    expect(inDevanagari('14:32')).toBe('१४:३२');
    expect(inLatin('१४:३२')).toBe('14:32');
  });
});
