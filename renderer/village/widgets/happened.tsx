/** What just happened, the newest first. */
import type { VillageLogItem } from '../../../main/village/schemas.ts';
import { digits, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import type { IconName } from '../../shared/icon-paths.ts';
import { v } from '../words.ts';

const icons: Readonly<Record<VillageLogItem['icon'], IconName>> = {
  link: 'satellite',
  kill: 'zap',
  rain: 'droplet',
  sale: 'store',
  back: 'refresh',
};
const KATHMANDU_MS = 345 * 60_000;

/** With seconds: many things happen in a minute here. */
const clockText = (at: string): string => digits(new Date(Date.parse(at) + KATHMANDU_MS).toISOString().slice(11, 19));

export const Happened = ({ log }: { readonly log: readonly VillageLogItem[] }) => (
  <section class="card vlog" aria-labelledby="log-title">
    <h2 id="log-title">{v('log.title')}</h2>
    {log.length === 0 ? <p class="vlog__none">{v('log.empty')}</p> : null}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must be able to scroll it */}
    <ol class="log" tabIndex={0} aria-label={v('log.label')}>
      {[...log]
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
        .map(({ at, icon, text }, index) => (
          <li key={`${at} ${text.en} ${index}`}>
            <span class="n">{clockText(at)}</span>
            <Icon name={icons[icon] ?? 'info'} />
            <span>{text[language.value]}</span>
          </li>
        ))}
    </ol>
  </section>
);
