/** A length of time in words, in the language of the page: "2 minutes", "९ दिन". */
import { durationOf } from '../calendar.ts';
import { t } from '../words.ts';

export const durationWords = (milliseconds: number): string => {
  const { unit, count } = durationOf(milliseconds);
  return t(`duration.${unit}`, { count });
};
