/** The history: each entry with its seal, a line where the link is off, and one of them in the pane beside. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { HistoryItemBody } from '../shared/api-types.ts';
import { dayText, isoDay, isSameDay, timeText } from '../shared/calendar.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { go } from '../shared/router.ts';
import { Seal } from '../shared/seal.tsx';
import { SealSummary } from '../shared/seal-summary.tsx';
import { EmptyState, ErrorState, Skeleton } from '../shared/states.tsx';
import { now, status } from './box.ts';
import { customers, isCustomer, nameOf } from './customers.ts';
import { SaleDetail } from './sale-detail.tsx';
import { loadSales, marks, nextBefore, sales, salesError, sealOf } from './sales.ts';
import { Screen } from './screen.tsx';
import { actionIcon, historyTitle, isBackward } from './story-words.ts';
import { t } from './words.ts';

type Filter = 'all' | 'waiting' | 'refunds';
const filters: readonly Filter[] = ['all', 'waiting', 'refunds'];

/** The customer an entry is about, if it is about one. */
export const customerOf = (item: HistoryItemBody): string | undefined =>
  [item.account, item.counterparty].find((account) => account !== undefined && isCustomer(account));

const Row = ({
  item,
  isCurrent,
  seal,
}: {
  readonly item: HistoryItemBody;
  readonly isCurrent: boolean;
  readonly seal: HistoryItemBody['seal'];
}) => {
  const customer = customerOf(item);
  return (
    <li>
      <button type="button" class="hrow" aria-current={isCurrent ? 'true' : undefined} onClick={() => go('sales', item.id)}>
        <span class="hrow__t">{timeText(item.at, language.value)}</span>
        <Icon name={actionIcon(item.method, item.action)} />
        <span class="hrow__n">
          {historyTitle(item)}
          <small>
            <span class="idn">#{item.entry.number}</span>
            {customer === undefined ? '' : ` · ${nameOf(customer)}`}
          </small>
        </span>
        <Seal state={seal} />
        <Amount value={isBackward(item.action) ? -BigInt(item.amount) : item.amount} />
      </button>
    </li>
  );
};

export const SalesScreen = ({ chosen }: { readonly chosen: string | undefined }) => {
  const [filter, setFilter] = useState<Filter>('all');
  const items = sales.value;
  const box = status.value;
  useEffect(() => {
    void loadSales();
  }, []);
  useEffect(() => {
    customers.want((items ?? []).flatMap((item) => customerOf(item) ?? []));
  }, [items]);

  const sealed = (item: HistoryItemBody): HistoryItemBody['seal'] => sealOf(item.entry.number, item.seal, marks.value);
  const shown = items?.filter((item) => filter === 'all' || (filter === 'waiting' ? sealed(item) !== 'settled' : isBackward(item.action)));
  const offSince = box?.link.state === 'off' ? box.link.since : undefined;
  const settled = box?.watermark.received ?? marks.value.settled;
  const head = box?.head.number ?? items?.[0]?.entry.number ?? 0;
  const sent = Math.max(0, Math.min(marks.value.sent, head) - settled);
  const detail = chosen === undefined ? undefined : items?.find(({ id }) => id === chosen);

  const rows: preact.JSX.Element[] = [];
  let day = '';
  let isGapShown = offSince === undefined;
  for (const item of shown ?? []) {
    if (!isGapShown && offSince !== undefined && Date.parse(item.at) < Date.parse(offSince)) {
      isGapShown = true;
      if (rows.length > 0) {
        rows.push(
          <li key="gap" class="gapline">
            <span>
              <Icon name="satellite" />
              {t('link.off')} {t('link.since', { time: timeText(offSince, language.value) })}
            </span>
          </li>,
        );
      }
    }
    const itsDay = isoDay(item.at);
    if (itsDay !== day) {
      day = itsDay;
      rows.push(
        <li key={day} class="dayline">
          {isSameDay(item.at, now.value) ? `${t('today')} · ` : ''}
          {dayText(item.at, language.value)} <span class="iso">{day}</span>
        </li>,
      );
    }
    rows.push(<Row key={item.id} item={item} isCurrent={item.id === chosen} seal={sealed(item)} />);
  }

  return (
    <Screen class={chosen === undefined ? 'history' : 'history history--one'} title={t('rail.sales')}>
      <section class="hist">
        <div class="hist__top">
          <h2>{t('rail.sales')}</h2>
          <fieldset class="seg" aria-label={t('show')}>
            {filters.map((one) => (
              <button key={one} type="button" aria-pressed={one === filter} onClick={() => setFilter(one)}>
                {t(`filter.${one}`)}
              </button>
            ))}
          </fieldset>
        </div>
        <SealSummary counts={{ kept: Math.max(0, head - settled - sent), sent, settled }} asOf={{ at: 'now' }} />
        {salesError.value === undefined ? null : <ErrorState error={salesError.value} onRetry={() => void loadSales()} />}
        {items === undefined && salesError.value === undefined ? <Skeleton rows={8} /> : null}
        {shown?.length === 0 ? <EmptyState text={t(filter === 'all' ? 'sales.none' : 'sales.none-such')} /> : null}
        {rows.length === 0 ? null : (
          <ul class="hlist">
            {rows}
            {nextBefore.value === undefined ? null : (
              <li class="hmore">
                <button type="button" class="btn" onClick={() => void loadSales(nextBefore.value)}>
                  {t('older')}
                </button>
              </li>
            )}
          </ul>
        )}
      </section>
      <aside class="hdetail" aria-label={t('chosen-sale')}>
        {detail === undefined ? (
          <EmptyState text={chosen === undefined ? t('sales.choose') : t('payment.unknown')} />
        ) : (
          <SaleDetail item={detail} seal={sealed(detail)} who={customerOf(detail)} />
        )}
      </aside>
    </Screen>
  );
};
