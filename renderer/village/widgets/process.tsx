/** One process: what it is, since when it runs, how often it was killed, how far its journal came; Open and kill -9. */
import type { ComponentChildren } from 'preact';
import type { VillageProcess } from '../../../main/village/schemas.ts';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import type { IconName } from '../../shared/icon-paths.ts';
import { formatCount } from '../../shared/money.ts';
import { Seal } from '../../shared/seal.tsx';
import { kill } from '../state.ts';
import { v } from '../words.ts';

const icons: Readonly<Record<VillageProcess['kind'], IconName>> = { central: 'server', broker: 'satellite', gateway: 'store' };
const stateIcons: Readonly<Record<VillageProcess['state'], IconName>> = { running: 'check', starting: 'refresh', stopped: 'x' };

/** ":7070" of an address. */
const portOf = (url: string | undefined): string | undefined => /:(\d+)(?:\/|$)/.exec(url ?? '')?.[1];

const metaOf = (process: VillageProcess): string => {
  const port = portOf(process.url);
  // Who killed it does not matter: one that came back had been away.
  const kills = Math.max(process.kills, process.restarts);
  const n = formatCount(kills, language.value);
  return [
    ...(process.pid === undefined ? [] : [`pid ${process.pid}`]),
    ...(port === undefined ? [] : [`:${port}`]),
    kills === 0 ? v('killed.never') : v('killed', { count: kills, n }),
    ...(process.kind === 'broker' ? [v('broker.note')] : []),
  ].join(' · ');
};

const Journal = ({ process }: { readonly process: VillageProcess }) => {
  const pending = process.pending ?? Math.max(0, (process.head ?? 0) - (process.watermark ?? 0));
  return (
    <>
      <dl class="proc__d">
        <div>
          <dt>{v('head')}</dt>
          <dd class="idn">#{process.head ?? 0}</dd>
        </div>
        <div>
          <dt>{v('office-has')}</dt>
          <dd class="idn">#{process.watermark ?? 0}</dd>
        </div>
      </dl>
      <p class="proc__w">
        {pending > 0 ? (
          <Seal state="kept" word={v('waiting', { n: formatCount(pending, language.value) })} />
        ) : (
          <Seal state="settled" word={v('settled')} />
        )}
      </p>
    </>
  );
};

type ProcessProps = { readonly process: VillageProcess; readonly nowMs: number; readonly extra?: ComponentChildren };

export const Process = ({ process, nowMs, extra }: ProcessProps) => {
  const name = process.name[language.value];
  const isRunning = process.state === 'running';
  const isGateway = process.kind === 'gateway';
  return (
    <article class={`proc proc--${process.kind}`} aria-label={name}>
      <div class="proc__h">
        <Icon name={icons[process.kind]} />
        <h3>{name}</h3>
        <span class={`proc__st proc__st--${process.state}`}>
          <Icon name={stateIcons[process.state]} />
          {v(`state.${process.state}`, { when: durationWords(Math.max(1000, nowMs - Date.parse(process.since))) })}
        </span>
      </div>
      <p class="proc__m">{metaOf(process)}</p>
      {isGateway ? <Journal process={process} /> : null}
      {extra}
      <div class="proc__a">
        {process.openUrl === undefined ? null : (
          <a
            class={isGateway ? 'obtn obtn--p' : 'obtn'}
            href={isRunning ? process.openUrl : undefined}
            aria-disabled={isRunning ? undefined : true}
            target="_blank"
            rel="noreferrer"
          >
            <Icon name={isGateway ? 'basket' : 'office'} />
            {v(isGateway ? 'open.kiosk' : 'open.office')}
            <span class="vh">
              {' '}
              {isGateway ? name : ''} ({v('new-window')})
            </span>
          </a>
        )}
        <button type="button" class="obtn obtn--kill" aria-disabled={!isRunning} onClick={() => isRunning && void kill(process.id)}>
          <Icon name="zap" />
          <span>
            <code>kill -9</code>
            <span class="vh"> {name}</span>
          </span>
        </button>
      </div>
    </article>
  );
};
