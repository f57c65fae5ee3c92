/** Accounts by cursor, with a part of the name and a kind to choose by. Seen in the ledger and as a screen of its own. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CentreAccountBody, CentreAccountsBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount, Count } from '../../shared/amount.tsx';
import type { ApiError } from '../../shared/api.ts';
import { inLatin, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { currencySign } from '../../shared/money.ts';
import { hashOf } from '../../shared/router.ts';
import { EmptyState, Skeleton } from '../../shared/states.tsx';
import { ask, entryTick, gateways } from '../centre.ts';
import { accountName, kindWords } from '../describe.ts';
import { Trouble } from '../widgets/trouble.tsx';
import { Waterline } from '../widgets/waterline.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';

const KINDS = [
  'wallet',
  'takings',
  'merchant',
  'float',
  'drawer',
  'sales',
  'agency',
  'opening',
  'bank',
  'fees',
  'transit',
  'shortfall',
] as const;
const PAGE = 50;
const TYPING_MS = 200;

type Shown = { readonly accounts: readonly CentreAccountBody[]; readonly next?: string | undefined; readonly error?: ApiError };

const Rows = ({ accounts }: { readonly accounts: readonly CentreAccountBody[] }) => (
  <table class="ot ot--rows">
    <caption class="vh">{m('acc.caption')}</caption>
    <thead>
      <tr>
        <th scope="col">{t('col.account')}</th>
        <th scope="col">{t('col.kind')}</th>
        <th scope="col" class="r">
          {t('col.entries')}
        </th>
        <th scope="col" class="r">
          {t('col.balance', { currency: currencySign(accounts[0]?.currency ?? 'NPR', language.value) })}
        </th>
      </tr>
    </thead>
    <tbody>
      {accounts.map((account) => (
        <tr key={account.id}>
          <th scope="row">
            <a class="idn" href={hashOf('accounts', account.id)}>
              {accountName(account.id)}
            </a>
          </th>
          <td class="wrap">{kindWords(account.kind)}</td>
          <td class="r">
            <Count value={account.entries} />
          </td>
          <td class="r">
            <Amount value={account.available} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

export const AccountTable = ({ find = '' }: { readonly find?: string }) => {
  const [typed, setTyped] = useState(find);
  const [text, setText] = useState(find);
  const [kind, setKind] = useState('');
  const [shown, setShown] = useState<Shown>();
  const query = new URLSearchParams({
    ...(text === '' ? {} : { query: text }),
    ...(kind === '' ? {} : { kind }),
    limit: String(PAGE),
  }).toString();
  const asked = useRef(query);
  asked.current = query;
  useEffect(() => {
    setTyped(find);
    setText(find);
  }, [find]);
  useEffect(() => {
    const timer = setTimeout(() => setText(inLatin(typed).trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const tick = entryTick.value;
  const read = async (after?: string): Promise<void> => {
    const cursor = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const answer = await ask<CentreAccountsBody>(`/v1/accounts?${query}${cursor}`);
    if (asked.current !== query) return;
    setShown((before) => {
      if (!answer.ok) return before === undefined ? { accounts: [], error: answer.error } : before;
      const earlier = after === undefined ? [] : (before?.accounts ?? []);
      return { accounts: [...earlier, ...answer.value.accounts], next: answer.value.next };
    });
  };
  useEffect(() => {
    void read();
  }, [query, tick]);
  return (
    <>
      <div class="filters">
        <label class="flt flt--text">
          <Icon name="search" />
          <span class="vh">{m('acc.search')}</span>
          <input
            type="search"
            maxLength={64}
            placeholder={m('acc.search')}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <span class={kind === '' ? 'flt' : 'flt is-set'}>
          <Icon name="filter" />
          <select aria-label={m('acc.kind')} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="">{t('filter.kind.all')}</option>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {kindWords(one)}
              </option>
            ))}
          </select>
        </span>
      </div>
      <Waterline gateways={gateways.value} />
      <div class="card card--flush">
        {shown === undefined ? <Skeleton rows={8} /> : null}
        {shown?.error === undefined ? null : <Trouble error={shown.error} onRetry={() => void read()} />}
        {shown !== undefined && shown.error === undefined && shown.accounts.length === 0 ? <EmptyState text={m('acc.empty')} /> : null}
        {shown === undefined || shown.accounts.length === 0 ? null : <Rows accounts={shown.accounts} />}
        {shown?.next === undefined ? null : (
          <div class="more">
            <button type="button" class="obtn" onClick={() => void read(shown.next)}>
              {t('older.accounts')}
              <Icon name="chevron-down" />
            </button>
          </div>
        )}
      </div>
    </>
  );
};
