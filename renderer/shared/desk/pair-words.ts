/**
 * A page's own words, both languages of a word side by side so that neither can be forgotten: `key: [English, Nepali]`.
 */
import { type Translate, type Word, wordsOf } from '../i18n.ts';

export type Pairs = Readonly<Record<string, readonly [en: Word, ne: Word]>>;

const side = (pairs: Pairs, index: 0 | 1): Record<string, Word> =>
  Object.fromEntries(Object.entries(pairs).map(([key, pair]) => [key, pair[index]]));

export const pairWords = <const P extends Pairs>(pairs: P): Translate<keyof P & string> => {
  const translate = wordsOf(side(pairs, 0), side(pairs, 1));
  return (key, params) => translate(key, params);
};
