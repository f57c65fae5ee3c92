/** Electricity: which meter, how much, and a button that names the sum. The token stands on the payment's own screen. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { type ApiError, api } from '../shared/api.ts';
import type { LeaseBody } from '../shared/api-types.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { Keypad } from '../shared/keypad.tsx';
import { amountText } from '../shared/money.ts';
import { EmptyState, ErrorState, Skeleton } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { cardNumber } from './customers.ts';
import { energySale } from './drafts.ts';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { SearchField } from './search-field.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { t } from './words.ts';

const FEW = 3;
const USUAL = ['7', '15', '30', '90'];
const MAX_DIGITS = 6;

type Unit = 'day' | 'hour' | 'kwh' | 'unit';
const unitOf = ({ unit }: LeaseBody): Unit => (unit === 'day' || unit === 'hour' || unit === 'kwh' ? unit : 'unit');

const useLeases = () => {
  const [leases, setLeases] = useState<readonly LeaseBody[] | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isGone = false;
    void api<{ leases: readonly LeaseBody[] }>('/v1/leases').then((answer) => {
      if (isGone) return;
      if (answer.ok) setLeases(answer.value.leases);
      setError(answer.ok ? undefined : answer.error);
    });
    return () => {
      isGone = true;
    };
  }, [attempt]);
  return { leases, error, retry: () => setAttempt(attempt + 1) };
};

const leftWords = ({ tokensLeft }: LeaseBody): string => {
  if (tokensLeft === 0) return t('energy.out');
  return t(tokensLeft <= FEW ? 'energy.few' : 'energy.left', { count: tokensLeft });
};

type FinderProps = { readonly leases: readonly LeaseBody[]; readonly onPick: (lease: LeaseBody) => void };

const MeterFinder = ({ leases, onPick }: FinderProps) => {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = leases.filter(({ account }) => cardNumber(account).toLowerCase().includes(wanted));
  const pickOnly = (): void => {
    const only = shown.length === 1 ? shown[0] : shown.find(({ account }) => cardNumber(account).toLowerCase() === wanted);
    if (only !== undefined) onPick(only);
  };
  return (
    <div class="finder">
      <SearchField label={t('energy.find')} value={query} onChange={setQuery} onEnter={pickOnly} />
      {shown.length === 0 ? <EmptyState text={t(leases.length === 0 ? 'energy.none' : 'customers.not-found')} /> : null}
      <ul class="people" aria-label={t('energy.whose')}>
        {shown.map((lease) => (
          <li key={lease.account}>
            <button type="button" class="prow" onClick={() => onPick(lease)}>
              <Icon name="zap" />
              <span class="prow__n">
                <span class="idn">{cardNumber(lease.account)}</span>
                <small>{leftWords(lease)}</small>
              </span>
              <span class="prow__a">
                <Amount value={lease.price} currency={lease.currency} />
                <small>{t(`energy.price.${unitOf(lease)}`)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
};

export const EnergyScreen = ({ account: given }: { readonly account: string | undefined }) => {
  const { leases, error, retry } = useLeases();
  const [account, setAccount] = useState(given);
  const [typed, setTyped] = useState('');
  const lease = leases?.find((one) => one.account === account);
  const currency = lease?.currency ?? session.value?.currency ?? 'NPR';
  // A token that is an order (the meter is paid off) has one price.
  const isOrder = lease !== undefined && lease.mode !== 'add-time' && lease.mode !== 'set-time';
  const units = isOrder ? 1n : BigInt(typed === '' ? 0 : typed);
  const amount = BigInt(lease?.price ?? 0) * units;
  const sum = amountText(amount, language.value, { currency, show: 'whole' });
  const isOut = lease?.tokensLeft === 0;
  const wanted =
    lease === undefined || isOrder || units === 0n ? t('energy.how-many') : t(`energy.count.${unitOf(lease)}`, { count: Number(units) });
  const title = t('service.energy');
  return (
    <Screen class="tender tender--svc" title={title} showsTitle>
      <section class="due due--svc" aria-label={t('energy.whose')}>
        <BackLink to={['services']} word={t('rail.services')} />
        <h1 class="pay__t">{title}</h1>
        {error === undefined ? null : <ErrorState error={error} onRetry={retry} />}
        {leases === undefined && error === undefined ? <Skeleton rows={2} /> : null}
        {lease === undefined ? null : (
          <div class="person">
            <Icon name="zap" />
            <span class="person__n">
              <span class="idn">{cardNumber(lease.account)}</span>
              <small>{leftWords(lease)}</small>
            </span>
            <button type="button" class="btn btn--quiet" onClick={() => setAccount(undefined)}>
              {t('another')}
            </button>
          </div>
        )}
      </section>
      <section class="pay" aria-label={title}>
        {leases !== undefined && lease === undefined ? (
          <>
            <h2>{t('energy.whose')}</h2>
            <MeterFinder leases={leases} onPick={(picked) => setAccount(picked.account)} />
          </>
        ) : null}
        {lease === undefined || isOrder ? null : (
          <>
            <h2 class="vh">{t('energy.how-many')}</h2>
            <fieldset class="quick quick--four" aria-label={t('energy.how-many')}>
              {USUAL.map((count) => (
                <button key={count} type="button" class="btn" aria-pressed={typed === count} onClick={() => setTyped(count)}>
                  {t(`energy.count.${unitOf(lease)}`, { count: Number(count) })}
                </button>
              ))}
            </fieldset>
            <Keypad label={t('keys')} mode="code" value={typed} onChange={setTyped} maxDigits={MAX_DIGITS} />
          </>
        )}
      </section>
      <Result
        label={t('result')}
        rows={lease === undefined ? [] : [{ label: t(`energy.price.${unitOf(lease)}`), value: BigInt(lease.price) }]}
        big={lease === undefined ? undefined : { label: t('energy.to-pay'), value: amount }}
        currency={currency}
        note={lease === undefined ? t('energy.choose') : isOut ? t('energy.out') : wanted}
        noteSmall={lease === undefined || isOut ? undefined : t('energy.note')}
      >
        <TakeButton
          icon="zap"
          isOff={lease === undefined || amount === 0n || isOut}
          offReason={lease === undefined ? t('energy.choose') : isOut ? t('energy.out') : t('energy.how-many')}
          draft={() => {
            if (lease === undefined) throw new Error('no meter was chosen');
            return energySale(lease, units);
          }}
        >
          {amount === 0n ? title : t('energy.do', { sum })}
        </TakeButton>
      </Result>
    </Screen>
  );
};
