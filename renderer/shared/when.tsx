/** A moment: the clock, the Bikram Sambat day with its ISO date, or both. */
import { dayText, type Instant, isoDay, timeText } from './calendar.ts';
import { language } from './i18n.ts';

export const When = ({ at, style = 'time' }: { readonly at: Instant; readonly style?: 'time' | 'day' | 'both' }) => (
  <time dateTime={new Date(at).toISOString()}>
    {style === 'day' ? null : timeText(at, language.value)}
    {style === 'both' ? ' · ' : null}
    {style === 'time' ? null : (
      <>
        {dayText(at, language.value)} <span class="iso">{isoDay(at)}</span>
      </>
    )}
  </time>
);
