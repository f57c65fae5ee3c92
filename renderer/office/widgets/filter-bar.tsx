/** Filters of the ledger: dashed until set; a set one is filled and can be removed. Removing all can be undone. */
import { useState } from 'preact/hooks';
import type { CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Icon } from '../../shared/icon.tsx';
import type { IconName } from '../../shared/icon-paths.ts';
import { showToast, showUndo } from '../../shared/toast.tsx';
import type { Filters } from '../screens/use-entries.ts';
import { t } from '../words.ts';

export type LedgerFilters = Filters & { readonly kind?: string };

type FilterBarProps = {
  readonly filters: LedgerFilters;
  readonly gateways: readonly CentreGatewayBody[];
  readonly kinds: readonly { readonly id: string; readonly word: string }[];
  readonly onChange: (filters: LedgerFilters) => void;
};

const without = (filters: LedgerFilters, key: keyof LedgerFilters): LedgerFilters => {
  const { [key]: _gone, ...rest } = filters;
  return rest;
};
const withValue = (filters: LedgerFilters, key: keyof LedgerFilters, value: string): LedgerFilters =>
  value === '' ? without(filters, key) : { ...filters, [key]: value };

const Chip = ({
  icon,
  label,
  isSet,
  onClear,
  children,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly isSet: boolean;
  readonly onClear: () => void;
  readonly children: preact.ComponentChildren;
}) => (
  <span class={isSet ? 'flt is-set' : 'flt'}>
    <Icon name={icon} />
    {children}
    {isSet ? (
      <button type="button" class="flt__x" onClick={onClear}>
        <Icon name="x" />
        <span class="vh">{t('filter.clear', { what: label })}</span>
      </button>
    ) : null}
  </span>
);

export const FilterBar = ({ filters, gateways, kinds, onChange }: FilterBarProps) => {
  const [account, setAccount] = useState(filters.account ?? '');
  const set = (key: keyof LedgerFilters) => (event: Event) =>
    onChange(withValue(filters, key, (event.currentTarget as HTMLInputElement).value));
  const clear = (key: keyof LedgerFilters) => () => {
    if (key === 'account') setAccount('');
    onChange(without(filters, key));
  };
  const takeAccount = (): void => {
    const text = account.trim();
    if (text !== '' && !/^[a-z]+:[A-Za-z0-9._-]{1,48}$/.test(text)) {
      showToast({ text: t('filter.account.bad'), icon: 'info' });
      return;
    }
    if (text !== (filters.account ?? '')) onChange(withValue(filters, 'account', text));
  };
  const isAny = Object.keys(filters).length > 0;
  return (
    <fieldset class="filters" aria-label={t('filter.label')}>
      <Chip icon="store" label={t('col.shop')} isSet={filters.gateway !== undefined} onClear={clear('gateway')}>
        <select aria-label={t('col.shop')} value={filters.gateway ?? ''} onChange={set('gateway')}>
          <option value="">{t('filter.shop')}</option>
          {gateways.map(({ gateway, site }) => (
            <option key={gateway} value={gateway}>
              {site}
            </option>
          ))}
        </select>
      </Chip>
      <Chip icon="calendar" label={t('filter.from')} isSet={filters.from !== undefined} onClear={clear('from')}>
        <label>
          {t('filter.from')} <input type="date" value={filters.from ?? ''} max={filters.to} onChange={set('from')} />
        </label>
      </Chip>
      <Chip icon="calendar" label={t('filter.to')} isSet={filters.to !== undefined} onClear={clear('to')}>
        <label>
          {t('filter.to')} <input type="date" value={filters.to ?? ''} min={filters.from} onChange={set('to')} />
        </label>
      </Chip>
      <Chip icon="filter" label={t('filter.kind')} isSet={filters.kind !== undefined} onClear={clear('kind')}>
        <select aria-label={t('filter.kind')} value={filters.kind ?? ''} onChange={set('kind')}>
          <option value="">{t('filter.kind.all')}</option>
          {kinds.map(({ id, word }) => (
            <option key={id} value={id}>
              {word}
            </option>
          ))}
        </select>
      </Chip>
      <Chip icon="users" label={t('filter.account')} isSet={filters.account !== undefined} onClear={clear('account')}>
        <input
          class="flt__account"
          aria-label={t('filter.account')}
          placeholder={t('filter.account')}
          maxLength={64}
          value={account}
          onInput={(event) => setAccount(event.currentTarget.value)}
          onBlur={takeAccount}
          onKeyDown={(event) => {
            if (event.key === 'Enter') takeAccount();
          }}
        />
      </Chip>
      {isAny ? (
        <button
          type="button"
          class="obtn obtn--quiet"
          onClick={() => {
            const before = filters;
            setAccount('');
            onChange({});
            showUndo(t('filter.cleared'), () => {
              setAccount(before.account ?? '');
              onChange(before);
            });
          }}
        >
          {t('filter.clear-all')}
        </button>
      ) : null}
    </fieldset>
  );
};
