/** Entries with filters, the waterline above, the drawer beside. */
import { useEffect, useState } from 'preact/hooks';
import type { CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { formatCount } from '../../shared/money.ts';
import { go, hashOf } from '../../shared/router.ts';
import { EmptyState, Skeleton } from '../../shared/states.tsx';
import { gateways } from '../centre.ts';
import { kindsIn, sidesOf } from '../describe.ts';
import { useAnswer } from '../use-answer.ts';
import { Drawer } from '../widgets/drawer.tsx';
import { EntryDrawer } from '../widgets/entry-drawer.tsx';
import { EntryTable, focusRow } from '../widgets/entry-table.tsx';
import { FilterBar, type LedgerFilters } from '../widgets/filter-bar.tsx';
import { useListKeys } from '../widgets/keys.ts';
import { Trouble } from '../widgets/trouble.tsx';
import { Waterline } from '../widgets/waterline.tsx';
import { t } from '../words.ts';
import { useEntries } from './use-entries.ts';

/** Filters stay while the person looks at other screens. */
let kept: LedgerFilters = {};
export const keepFilters = (filters: LedgerFilters): void => {
  kept = filters;
};

const isCounted = ({ standing }: CentreEntryBody): boolean => standing === 'canonical';

const Summary = ({ shown, total }: { readonly shown: readonly CentreEntryBody[]; readonly total?: number | undefined }) => {
  const debit = shown.filter(isCounted).reduce((sum, entry) => sum + sidesOf(entry.postings).debit, 0n);
  const n = formatCount(shown.length, language.value);
  return (
    <p class="filters__n" role="status">
      {total === undefined
        ? t('filter.count', { count: shown.length, n })
        : t('filter.count.of', { count: shown.length, n, total: formatCount(total, language.value) })}{' '}
      · {t('filter.sum')}
      <Amount value={debit} currency={shown[0]?.currency ?? 'NPR'} />
    </p>
  );
};

export const LedgerEntries = ({ open }: { readonly open?: string | undefined }) => {
  const [filters, setFilters] = useState<LedgerFilters>(kept);
  const { kind, ...asked } = filters;
  const { list, error, isReading, older, again } = useEntries(asked);
  const all = list?.entries ?? [];
  const shown = kind === undefined ? all : all.filter((entry) => `${entry.method}.${entry.action}` === kind);
  const listed = shown.find(({ hash }) => hash === open);
  // An address that names an entry outside the list is asked for alone.
  const alone = useAnswer<CentreEntryBody>(
    open !== undefined && listed === undefined && list !== undefined ? `/v1/entries/${open}` : undefined,
  );
  const current = listed ?? alone.value;
  const change = (next: LedgerFilters): void => {
    kept = next;
    setFilters(next);
  };
  // A kind is chosen from what was read: read on until some of it is there, but not without end.
  useEffect(() => {
    if (kind !== undefined && shown.length < 20 && list?.next !== undefined && all.length < 500) older();
  }, [kind, all.length]);
  const close = (): void => {
    go('ledger', 'entries');
    if (open !== undefined) requestAnimationFrame(() => focusRow(open));
  };
  const onMove = (by: 1 | -1): void => {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.hash : undefined;
    const from = shown.findIndex(({ hash }) => hash === (open ?? focused));
    const to = shown[from === -1 ? 0 : Math.min(shown.length - 1, Math.max(0, from + by))];
    if (to === undefined) return;
    if (open === undefined) focusRow(to.hash);
    else go('ledger', 'entries', to.hash);
  };
  useListKeys({ onMove, onClose: () => open !== undefined && close() });
  const currency = all[0]?.currency ?? 'NPR';
  return (
    <div class={open === undefined ? '' : 'has-drawer'}>
      <FilterBar filters={filters} gateways={gateways.value} kinds={kindsIn(all)} onChange={change} />
      {list === undefined ? null : <Summary shown={shown} total={kind === undefined ? list.total : undefined} />}
      <Waterline gateways={gateways.value} />
      <div class="card card--flush">
        {list === undefined && error === undefined ? <Skeleton rows={10} /> : null}
        {error === undefined ? null : <Trouble error={error} onRetry={again} />}
        {list !== undefined && shown.length === 0 && !isReading ? (
          <EmptyState text={t(Object.keys(filters).length === 0 ? 'empty.entries' : 'empty.filtered')} />
        ) : null}
        {shown.length === 0 ? null : (
          <EntryTable
            entries={shown}
            currency={currency}
            current={open}
            newAbove={list?.newAbove ?? Number.POSITIVE_INFINITY}
            hrefOf={({ hash }) => hashOf('ledger', 'entries', hash)}
          />
        )}
        {list?.next === undefined ? null : (
          <div class="more">
            <button type="button" class="obtn" aria-disabled={isReading} onClick={older}>
              {t('older')}
              <Icon name="chevron-down" />
            </button>
          </div>
        )}
      </div>
      {current === undefined ? null : <EntryDrawer entry={current} onClose={close} />}
      {open !== undefined && current === undefined && alone.error !== undefined ? (
        <Drawer of={open} title={t('drawer.entry')} label={t('drawer.entry')} onClose={close}>
          <Trouble error={alone.error} onRetry={alone.again} />
        </Drawer>
      ) : null}
    </div>
  );
};
