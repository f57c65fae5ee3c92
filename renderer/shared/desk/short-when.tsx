/** A moment in a narrow table: the clock today, "05-21 17:40" on another day of this year, the whole date before that. */
import { type Instant, isoDay, isSameDay, timeText } from '../calendar.ts';
import { language } from '../i18n.ts';

export const shortWhen = (at: Instant, today: Instant, of: 'en' | 'ne'): string => {
  const time = timeText(at, of);
  if (isSameDay(at, today)) return time;
  const day = isoDay(at);
  return `${day.slice(0, 4) === isoDay(today).slice(0, 4) ? day.slice(5) : day} ${time}`;
};

export const ShortWhen = ({ at, today = Date.now() }: { readonly at: Instant; readonly today?: Instant }) => (
  <time class="n" dateTime={new Date(at).toISOString()}>
    {shortWhen(at, today, language.value)}
  </time>
);
