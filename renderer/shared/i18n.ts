/**
 * Languages: the chosen one as a signal, and catalogues whose two languages must have the same keys (checked by the compiler).
 * Invariants: a missing parameter shows its name in braces, never "undefined"; plain counts inside words follow the language's digits.
 */
import { effect, signal } from '@preact/signals';
import { keep } from './keep.ts';

export type Language = 'en' | 'ne';
export type Plural = { readonly one: string; readonly other: string };
export type Word = string | Plural;
export type Params = Readonly<Record<string, string | number>>;

const isLanguage = (value: unknown): value is Language => value === 'en' || value === 'ne';

const first = (): Language => {
  const kept = keep.read('language');
  if (isLanguage(kept)) return kept;
  return globalThis.navigator?.language?.startsWith('ne') ? 'ne' : 'en';
};

export const language = signal<Language>(first());

export const setLanguage = (value: Language): void => {
  language.value = value;
  keep.write('language', value);
};

/** Devanagari digits for Latin ones; other characters stay. */
export const inDevanagari = (text: string): string => text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x0966 + Number(digit)));

/** Latin digits for Devanagari ones: for what was typed or pasted. */
export const inLatin = (text: string): string => text.replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x0966));

/** A clock time, a percentage or a count inside words, in the digits of the language. */
export const digits = (text: string | number): string => (language.value === 'ne' ? inDevanagari(String(text)) : String(text));

/** A title that goes on as a sentence, with the full stop of the language. */
export const sentence = (text: string): string => `${text}${language.value === 'ne' ? '।' : '.'}`;

/** A word of a catalogue with its parameters filled in. `count` chooses between one and other. Numbers follow the language's digits. */
export const fill = (word: Word, params: Params = {}): string => {
  const text = typeof word === 'string' ? word : Number(params.count) === 1 ? word.one : word.other;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? digits(value) : value;
  });
};

export type Translate<K extends string> = (key: K, params?: Params) => string;

/** `t` over a catalogue: the Nepali side must hold exactly the keys of the English one. */
export const wordsOf =
  <const E extends Readonly<Record<string, Word>>>(en: E, ne: { readonly [K in keyof E]: Word }): Translate<keyof E & string> =>
  (key, params) => {
    const words: Readonly<Record<string, Word>> = language.value === 'ne' ? ne : en;
    return fill(words[key] ?? key, params);
  };

/** Keeps the page's `lang` attribute right, for readers and for the choice of glyphs. */
export const showLanguage = (): (() => void) =>
  effect(() => {
    document.documentElement.lang = language.value;
  });
