/**
 * Days and times as they are said in Nepal: Bikram Sambat first, ISO beside it, the clock of Kathmandu (UTC+05:45, no summer time).
 * Invariants: pure; ISO dates stay in Latin digits; a date outside the calendar's tables shows as ISO alone.
 */
import bikramSambat from 'bikram-sambat';
import { inDevanagari, type Language } from './i18n.ts';

export type Instant = string | number | Date;
export type LocalTime = { readonly isoDate: string; readonly time: string; readonly weekday: number };

const KATHMANDU_MINUTES = 345;
const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  en: ['Baishakh', 'Jestha', 'Asar', 'Shrawan', 'Bhadra', 'Ashwin', 'Kartik', 'Mangsir', 'Poush', 'Magh', 'Falgun', 'Chaitra'],
  ne: ['बैशाख', 'जेठ', 'असार', 'साउन', 'भदौ', 'असोज', 'कात्तिक', 'मंसिर', 'पुस', 'माघ', 'फागुन', 'चैत'],
};
const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  ne: ['आइत', 'सोम', 'मंगल', 'बुध', 'बिही', 'शुक्र', 'शनि'],
};

const millisecondsOf = (at: Instant): number => (typeof at === 'number' ? at : new Date(at).getTime());

/** Date and clock in Kathmandu; undefined for what is not a time. */
export const localTime = (at: Instant): LocalTime | undefined => {
  const shifted = new Date(millisecondsOf(at) + KATHMANDU_MINUTES * 60_000);
  if (Number.isNaN(shifted.getTime())) return undefined;
  const iso = shifted.toISOString();
  return { isoDate: iso.slice(0, 10), time: iso.slice(11, 16), weekday: shifted.getUTCDay() };
};

const inDigits = (text: string, language: Language): string => (language === 'ne' ? inDevanagari(text) : text);

/** "14:32", in the language's digits. */
export const timeText = (at: Instant, language: Language): string => inDigits(localTime(at)?.time ?? '--:--', language);

/** "2026-05-22", always Latin. */
export const isoDay = (at: Instant): string => localTime(at)?.isoDate ?? '';

/** "Fri 8 Jestha 2083" or "शुक्र, ८ जेठ २०८३". */
export const dayText = (at: Instant, language: Language): string => {
  const local = localTime(at);
  if (local === undefined) return '';
  try {
    const { year, month, day } = bikramSambat.toBik(local.isoDate);
    const name = MONTHS[language][month - 1] ?? '';
    const weekday = WEEKDAYS[language][local.weekday] ?? '';
    return `${weekday}${language === 'ne' ? ',' : ''} ${inDigits(String(day), language)} ${name} ${inDigits(String(year), language)}`;
  } catch {
    return local.isoDate;
  }
};

/** "2083-02-08" in the language's digits: for narrow tables. */
export const shortDayText = (at: Instant, language: Language): string => {
  const local = localTime(at);
  if (local === undefined) return '';
  try {
    const { year, month, day } = bikramSambat.toBik(local.isoDate);
    return inDigits(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`, language);
  } catch {
    return local.isoDate;
  }
};

export const isSameDay = (one: Instant, other: Instant): boolean => isoDay(one) === isoDay(other) && isoDay(one) !== '';

export type Duration = { readonly unit: 'seconds' | 'minutes' | 'hours' | 'days'; readonly count: number };

/** A length of time in its largest fitting unit, as it is said: 2 minutes, 9 days. */
export const durationOf = (milliseconds: number): Duration => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60) };
  if (seconds < 48 * 3600) return { unit: 'hours', count: Math.floor(seconds / 3600) };
  return { unit: 'days', count: Math.floor(seconds / 86_400) };
};
