/** Today: what is sure, what is on its way, who must act. Every figure that can still grow says so. */
import { useEffect, useState } from 'preact/hooks';
import type { CentreEntriesBody, CentreEntryBody, CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount, Count } from '../../shared/amount.tsx';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { ShortWhen, shortWhen } from '../../shared/desk/short-when.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { formatCount } from '../../shared/money.ts';
import { Note } from '../../shared/note.tsx';
import { hashOf } from '../../shared/router.ts';
import { Seal } from '../../shared/seal.tsx';
import { EmptyState, Skeleton } from '../../shared/states.tsx';
import { ask, entryTick, gateways, now, openBreaks, siteOf, status } from '../centre.ts';
import { hoursOf, startOfDay, today } from '../hours.ts';
import { BarChart } from '../widgets/bar-chart.tsx';
import { breakIcon } from '../widgets/break-words.ts';
import { GatewayState, WayCount } from '../widgets/gateway-state.tsx';
import { Kpi } from '../widgets/kpi.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';

const PAGE = 500;
const MAX_ENTRIES = 3000;
const MAX_TODO = 5;

type Drawn = { readonly day: string; readonly entries: readonly CentreEntryBody[]; readonly isWhole: boolean };

/** The day's entries, newest first, up to a limit; when some came, only what is newer is read. */
const useDay = (day: string): Drawn | undefined => {
  const [drawn, setDrawn] = useState<Drawn>();
  const tick = entryTick.value;
  useEffect(() => {
    let isCurrent = true;
    const read = async (): Promise<void> => {
      const known = drawn?.day === day ? drawn.entries : [];
      const top = known[0]?.sequence ?? -1;
      const fresh: CentreEntryBody[] = [];
      let after: number | undefined;
      let isWhole = false;
      while (fresh.length < MAX_ENTRIES) {
        const cursor = after === undefined ? '' : `&after=${after}`;
        const answer = await ask<CentreEntriesBody>(`/v1/entries?from=${startOfDay(day)}&limit=${PAGE}${cursor}`);
        if (!answer.ok || !isCurrent) return;
        const newer = answer.value.entries.filter(({ sequence }) => sequence > top);
        fresh.push(...newer);
        after = answer.value.next;
        isWhole = after === undefined || newer.length < answer.value.entries.length;
        if (isWhole) break;
      }
      const entries = isWhole ? [...fresh, ...known] : fresh;
      setDrawn({
        day,
        entries: entries.slice(0, MAX_ENTRIES),
        isWhole: isWhole && entries.length <= MAX_ENTRIES && (known.length === 0 || drawn?.isWhole === true),
      });
    };
    void read();
    return () => {
      isCurrent = false;
    };
  }, [day, tick]);
  return drawn?.day === day ? drawn : undefined;
};

const Kpis = ({ boxes }: { readonly boxes: readonly CentreGatewayBody[] }) => {
  const centre = status.value;
  if (centre === undefined) return <Skeleton rows={3} />;
  const onWay = boxes.reduce((sum, { lag }) => sum + lag, 0);
  const silent = boxes.filter(({ state }) => state === 'silent');
  const canGrow = onWay > 0 || silent.length > 0;
  const late = boxes
    .filter(({ lag, lastContact }) => lag > 0 && lastContact !== undefined)
    .map(({ lastContact }) => lastContact as string)
    .sort()[0];
  const n = (count: number): string => formatCount(count, language.value);
  return (
    <section class="kpis" aria-label={m('today.in-short')}>
      <Kpi
        isWide
        title={m('today.settled')}
        value={<Amount value={centre.settledToday.amount} currency="NPR" size="display" />}
        seal={
          <>
            <Seal state="settled" word={t('water.sure')} />
            <span>{m('today.entries', { count: centre.settledToday.entries, n: n(centre.settledToday.entries) })}</span>
          </>
        }
        note={m(canGrow ? 'today.grow' : 'today.all-here')}
      />
      <Kpi
        title={m('today.way')}
        value={
          <>
            <Count value={onWay} />
            {silent.length > 0 ? <small class="inl"> {t('at-least')}</small> : null}
          </>
        }
        note={late === undefined ? m('today.way.none') : m('today.way.note', { time: shortWhen(late, now.value, language.value) })}
      />
      <Kpi title={m('today.held')} value={<Count value={centre.entries} />} note={m('today.held.note', { n: n(centre.gateways) })} />
      <Kpi
        title={m('today.person')}
        value={<Count value={centre.openBreaks + silent.length} />}
        note={m('today.person.note', { breaks: n(centre.openBreaks), silent: n(silent.length) })}
      />
    </section>
  );
};

const Todo = ({ boxes }: { readonly boxes: readonly CentreGatewayBody[] }) => {
  const silent = boxes.filter(({ state }) => state === 'silent');
  const refused = boxes.filter((box) => box.refused > 0);
  const all = (status.value?.openBreaks ?? openBreaks.value.length) + silent.length + refused.length;
  const items = [
    ...openBreaks.value.map((found) => ({
      key: `b${found.id}`,
      href: hashOf('breaks', String(found.id)),
      icon: breakIcon(found.kind),
      tone: 'wrong',
      text: `${siteOf(found.gateway)}: ${m(`break.${found.kind}`)}`,
      note: `#${found.number} · ${found.rule} · ${durationWords(now.value - Date.parse(found.at))}`,
    })),
    ...silent.map((box) => ({
      key: `s${box.gateway}`,
      href: hashOf('gateways', box.gateway),
      icon: 'moon' as const,
      tone: 'calm',
      text: m('todo.silent', { shop: box.site }),
      note: m('todo.silent.note'),
    })),
    ...refused.map((box) => ({
      key: `r${box.gateway}`,
      href: hashOf('gateways', box.gateway),
      icon: 'lock' as const,
      tone: 'care',
      text: m('todo.refused', { shop: box.site, n: formatCount(box.refused, language.value) }),
      note: m('gw.refused.title'),
    })),
  ].slice(0, MAX_TODO);
  return (
    <section class="card" aria-labelledby="h-todo">
      <div class="card__h">
        <h2 id="h-todo">{m('today.person')}</h2>
        <span class="grow" />
        {all > items.length ? (
          <a class="alllink" href={hashOf('breaks')}>
            {m('todo.all', { n: formatCount(all, language.value) })}
          </a>
        ) : null}
      </div>
      {items.length === 0 ? <EmptyState text={m('todo.none')} /> : null}
      <ul class="todo">
        {items.map(({ key, href, icon, tone, text, note }) => (
          <li key={key}>
            <a href={href}>
              <span class={`todo__i todo__i--${tone}`}>
                <Icon name={icon} />
              </span>
              <span>
                {text}
                <small>{note}</small>
              </span>
              <Icon name="chevron-right" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Shops = ({ boxes }: { readonly boxes: readonly CentreGatewayBody[] }) => (
  <section class="card card--full" aria-labelledby="h-shops">
    <div class="card__h">
      <h2 id="h-shops">{m('by-shop')}</h2>
    </div>
    {boxes.length === 0 ? (
      <EmptyState text={m('gw.empty')} />
    ) : (
      <div class="scroller">
        <table class="ot">
          <thead>
            <tr>
              <th scope="col">{t('col.shop')}</th>
              <th scope="col">{t('col.link')}</th>
              <th scope="col">{t('col.contact')}</th>
              <th scope="col" class="r">
                {t('col.sure')}
              </th>
              <th scope="col" class="r">
                {t('col.way')}
              </th>
              <th scope="col" class="r">
                {t('col.entries')}
              </th>
            </tr>
          </thead>
          <tbody>
            {boxes.map((box) => (
              <tr key={box.gateway}>
                <th scope="row" class="wrap">
                  <a href={hashOf('gateways', box.gateway)}>{box.site}</a>
                </th>
                <td>
                  <GatewayState state={box.state} />
                </td>
                <td>{box.lastContact === undefined ? m('gw.never') : <ShortWhen at={box.lastContact} today={now.value} />}</td>
                <td class="r idn">#{box.watermark}</td>
                <td class="r">
                  <WayCount gateway={box} />
                </td>
                <td class="r">
                  <Count value={box.entries} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);

export const Today = () => {
  const day = today(now.value);
  const drawn = useDay(day);
  // One that was never set up has nothing to report.
  const boxes = gateways.value.filter(({ state }) => state !== 'waiting');
  const reported = boxes.filter(({ state }) => state === 'live').length;
  const n = drawn === undefined ? '' : formatCount(drawn.entries.length, language.value);
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.today')}</h1>
        <span class="asof">
          <Icon name="clock" />
          <span>
            {boxes.length === 0
              ? m('today.none')
              : m('today.reported', { n: formatCount(reported, language.value), all: formatCount(boxes.length, language.value) })}
          </span>
        </span>
        <span class="grow" />
        <a class="obtn" href={hashOf('exports')}>
          <Icon name="download" />
          {t('export')}
        </a>
      </div>
      {status.value?.broker === 'away' ? (
        <Note kind="care">{m('today.broker.away', { time: shortWhen(status.value.brokerSince, now.value, language.value) })}</Note>
      ) : null}
      <Kpis boxes={boxes} />
      <div class="ogrid">
        <section class="card" aria-labelledby="h-hours">
          <div class="card__h">
            <h2 id="h-hours">{m('chart.title')}</h2>
            <ul class="legend legend--s">
              <li>
                <span class="sw sw--here" />
                {m('chart.sure')}
              </li>
            </ul>
          </div>
          {drawn === undefined ? (
            <Skeleton rows={6} />
          ) : (
            <BarChart
              hours={hoursOf(drawn.entries, day)}
              currency={drawn.entries[0]?.currency ?? 'NPR'}
              note={m(drawn.isWhole ? 'chart.all' : 'chart.newest', { n })}
            />
          )}
        </section>
        <Todo boxes={boxes} />
        <Shops boxes={gateways.value} />
      </div>
    </>
  );
};
