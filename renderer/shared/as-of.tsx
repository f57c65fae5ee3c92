/** From when a figure is: "now" is said of this box only, all else has its time; older than today has its day. */
import { type Instant, isSameDay, shortDayText, timeText } from './calendar.ts';
import { language } from './i18n.ts';
import { Icon } from './icon.tsx';
import { t } from './words.ts';

export type AsOfProps = {
  readonly at?: Instant | 'now';
  readonly short?: boolean;
  /** Head office's figures: sure up to this entry. */
  readonly sureUntil?: number;
  readonly today?: Instant;
};

const words = ({ at = 'now', short = false, sureUntil, today = Date.now() }: AsOfProps): string => {
  if (sureUntil !== undefined) return t('sure-until', { number: `#${sureUntil}` });
  if (at === 'now') return t(short ? 'now' : 'now-this-box');
  const time = timeText(at, language.value);
  return isSameDay(at, today) ? t('as-of', { time }) : t('as-of-day', { day: shortDayText(at, language.value), time });
};

export const AsOf = (props: AsOfProps) => (
  <span class="asof">
    <Icon name="clock" />
    <span>{words(props)}</span>
  </span>
);
