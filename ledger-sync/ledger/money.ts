/**
 * Money: an amount in minor units (bigint, signed 64-bit) of an ISO 4217 currency.
 * Invariants: no floating point anywhere; every sum is checked against 64 bits; text is a decimal string of minor units.
 */
import { err, ok, type Result } from './result.ts';

declare const currencyBrand: unique symbol;
/** ISO 4217 alphabetic code of a currency that this release knows. */
export type Currency = string & { readonly [currencyBrand]: true };

/** Minor units (paisa for NPR): a bigint within signed 64 bits. */
export type Minor = bigint;

export const MAX_MINOR: Minor = 2n ** 63n - 1n;
export const MIN_MINOR: Minor = -(2n ** 63n);

/** ISO 4217: numeric code and exponent (digits after the point). Source: ISO 4217 list one. */
const CURRENCIES: Readonly<Record<string, { readonly numeric: number; readonly exponent: number }>> = {
  BDT: { numeric: 50, exponent: 2 },
  BTN: { numeric: 64, exponent: 2 },
  EUR: { numeric: 978, exponent: 2 },
  GBP: { numeric: 826, exponent: 2 },
  INR: { numeric: 356, exponent: 2 },
  JPY: { numeric: 392, exponent: 0 },
  KES: { numeric: 404, exponent: 2 },
  KWD: { numeric: 414, exponent: 3 },
  LKR: { numeric: 144, exponent: 2 },
  NPR: { numeric: 524, exponent: 2 },
  PKR: { numeric: 586, exponent: 2 },
  TZS: { numeric: 834, exponent: 2 },
  UGX: { numeric: 800, exponent: 0 },
  USD: { numeric: 840, exponent: 2 },
};

export type MoneyFault =
  | { readonly code: 'unknown-currency'; readonly text: string }
  | { readonly code: 'not-minor-units'; readonly text: string }
  | { readonly code: 'not-positive'; readonly text: string }
  | { readonly code: 'too-large'; readonly text: string };

export function parseCurrency(text: string): Result<Currency, MoneyFault> {
  return Object.hasOwn(CURRENCIES, text) ? ok(text as Currency) : err({ code: 'unknown-currency', text: text.slice(0, 16) });
}

export const knownCurrencies = (): readonly string[] => Object.keys(CURRENCIES);

/** Digits after the point: 2 for NPR. */
export function exponentOf(currency: Currency): number {
  const row = CURRENCIES[currency];
  if (row === undefined) throw new Error(`currency ${currency} was not parsed`);
  return row.exponent;
}

/** A signed amount from its canonical text: `0`, `12500`, `-3`. No plus, no point, no leading zero, no blank. */
export function parseMinor(text: string): Result<Minor, MoneyFault> {
  if (text.length > 40 || !/^(0|-?[1-9][0-9]*)$/.test(text)) return err({ code: 'not-minor-units', text: text.slice(0, 40) });
  const value = BigInt(text);
  return fitsMinor(value) ? ok(value) : err({ code: 'too-large', text });
}

/** An amount that is asked for: more than zero and within 64 bits. */
export function parseAmount(text: string): Result<Minor, MoneyFault> {
  const minor = parseMinor(text);
  if (!minor.ok) return minor;
  return minor.value > 0n ? minor : err({ code: 'not-positive', text });
}

export const fitsMinor = (value: bigint): boolean => value >= MIN_MINOR && value <= MAX_MINOR;

/** The sum, or undefined where it leaves 64 bits. */
export function addMinor(left: Minor, right: Minor): Minor | undefined {
  const sum = left + right;
  return fitsMinor(sum) ? sum : undefined;
}
