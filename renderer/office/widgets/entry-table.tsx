/**
 * Entries as a table: the *What* cell is the row's header and holds the link. j/k or arrows move, Enter opens, Esc closes.
 * A line that came in while the list was on the screen has a quiet mark and the word for readers.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { ShortWhen } from '../../shared/desk/short-when.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { currencySign } from '../../shared/money.ts';
import { Seal } from '../../shared/seal.tsx';
import { now, siteOf } from '../centre.ts';
import { actionWords, lineAccount, movedOf } from '../describe.ts';
import { t } from '../words.ts';

type EntryTableProps = {
  readonly entries: readonly CentreEntryBody[];
  readonly currency: string;
  readonly current?: string | undefined;
  readonly newAbove?: number;
  readonly hrefOf: (entry: CentreEntryBody) => string;
  /** With an account the amount is what moved there, with its sign. */
  readonly account?: string;
};

const Mark = ({ entry }: { readonly entry: CentreEntryBody }) => {
  if (entry.standing === 'forked') return <span class="tagx tagx--wrong">{t('forked')}</span>;
  return <Seal state="settled" />;
};

export const EntryTable = ({ entries, currency, current, newAbove = Number.POSITIVE_INFINITY, hrefOf, account }: EntryTableProps) => {
  const rows = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    rows.current?.querySelector('.is-on')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <table class="ot ot--rows">
      <caption class="vh">{t('entries.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('col.time')}</th>
          <th scope="col">{t('col.shop')}</th>
          <th scope="col" class="r">
            {t('col.number')}
          </th>
          <th scope="col">{t('col.what')}</th>
          <th scope="col">{t('col.account')}</th>
          <th scope="col">{t('col.seal')}</th>
          <th scope="col" class="r">
            {t('col.amount', { currency: currencySign(currency, language.value) })}
          </th>
        </tr>
      </thead>
      <tbody ref={rows}>
        {entries.map((entry) => {
          const isOn = entry.hash === current;
          const isNew = entry.sequence > newAbove;
          return (
            <tr key={entry.hash} class={`${isOn ? 'is-on' : ''} ${isNew ? 'is-new' : ''}`}>
              <td>
                <ShortWhen at={entry.at} today={now.value} />
              </td>
              <td class="wrap">{siteOf(entry.gateway)}</td>
              <td class="r idn">#{entry.number}</td>
              <th scope="row" class="wrap">
                <a href={hrefOf(entry)} data-hash={entry.hash} aria-current={isOn ? 'true' : undefined}>
                  {actionWords(entry)}
                </a>
                {isNew ? <span class="newmark">{t('new')}</span> : null}
                {entry.breaks.length > 0 ? <Icon name="split" class="breakmark" /> : null}
                {entry.breaks.length > 0 ? <span class="vh">{t('drawer.breaks')}</span> : null}
              </th>
              <td class="idn">{lineAccount(entry)}</td>
              <td>
                <Mark entry={entry} />
              </td>
              <td class="r">
                {account === undefined ? <Amount value={entry.amount} /> : <Amount value={movedOf(entry, account)} sign="plus" />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

/** Puts the focus back on the row of an entry. */
export const focusRow = (hash: string): void => {
  document.querySelector<HTMLElement>(`[data-hash="${CSS.escape(hash)}"]`)?.focus();
};
