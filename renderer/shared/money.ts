/**
 * Amounts on the way to the eye: minor units as bigint or decimal text in, words and digits out.
 * Invariants: no amount passes through a float; grouping is by lakh in both languages; a minus is a real minus.
 */
import { inDevanagari, inLatin, type Language } from './i18n.ts';

export type Minor = bigint | string;
export type AmountStyle = {
  readonly currency?: string | undefined;
  /** `whole` drops the fraction where it is zero: for tiles, never for totals. */
  readonly show?: 'always' | 'whole' | undefined;
  readonly sign?: 'auto' | 'plus' | undefined;
};
export type AmountParts = {
  readonly sign: string;
  readonly currency: string;
  readonly whole: string;
  readonly fraction: string;
  readonly full: string;
};

const MINUS = '\u2212';
const decimalsByCurrency: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  IDR: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  TND: 3,
  UGX: 0,
  VND: 0,
};

export const toMinor = (value: Minor): bigint => (typeof value === 'bigint' ? value : BigInt(value));

export const decimalsOf = (currency: string | undefined): number => (currency === undefined ? 2 : (decimalsByCurrency[currency] ?? 2));

/** The currency's sign as a shopkeeper writes it. */
export const currencySign = (currency: string, language: Language): string => {
  if (currency === 'NPR') return language === 'ne' ? 'रु' : 'Rs';
  return currency;
};

const grouping: Readonly<Record<Language, Intl.NumberFormat>> = {
  en: new Intl.NumberFormat('en-IN'),
  ne: new Intl.NumberFormat('hi-IN-u-nu-deva'),
};

export const formatCount = (value: number | bigint, language: Language): string => grouping[language].format(value);

export const amountParts = (value: Minor, language: Language, style: AmountStyle = {}): AmountParts => {
  const minor = toMinor(value);
  const decimals = decimalsOf(style.currency);
  const scale = 10n ** BigInt(decimals);
  const size = minor < 0n ? -minor : minor;
  const whole = grouping[language].format(size / scale);
  const rest = size % scale;
  const shown = decimals > 0 && (style.show !== 'whole' || rest !== 0n);
  const digits = rest.toString().padStart(decimals, '0');
  const fraction = shown ? `.${language === 'ne' ? inDevanagari(digits) : digits}` : '';
  const sign = minor < 0n ? MINUS : style.sign === 'plus' && minor > 0n ? '+' : '';
  const currency = style.currency === undefined ? '' : currencySign(style.currency, language);
  return { sign, currency, whole, fraction, full: `${sign}${currency === '' ? '' : `${currency} `}${whole}${fraction}` };
};

/** The whole figure as one text: "Rs 1,145.00". */
export const amountText = (value: Minor, language: Language, style: AmountStyle = {}): string => amountParts(value, language, style).full;

/** An amount that a person typed ("1,145.50", "१२०"), in minor units; undefined when it is not one. */
export const parseAmount = (typed: string, currency: string): bigint | undefined => {
  const text = inLatin(typed).replace(/[\s,\u2009]/g, '');
  const decimals = decimalsOf(currency);
  const match = /^([0-9]{1,15})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) return undefined;
  return BigInt((match[1] ?? '') + fraction.padEnd(decimals, '0'));
};

/** The amount in plain Latin figures without grouping, as an input field shows it: "110" or "110.50". */
export const plainAmount = (value: Minor, currency: string): string => {
  const decimals = decimalsOf(currency);
  const text = toMinor(value)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = decimals === 0 ? text : text.slice(0, -decimals);
  const fraction = decimals === 0 ? '' : text.slice(-decimals);
  return /^0*$/.test(fraction) ? whole : `${whole}.${fraction}`;
};
