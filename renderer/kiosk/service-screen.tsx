/** Top-up, cash-out, transfer: whose wallet, how much, and a button that names the act and the sum. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { AccountBody } from '../shared/api-types.ts';
import { language } from '../shared/i18n.ts';
import { Keypad } from '../shared/keypad.tsx';
import { amountText, parseAmount } from '../shared/money.ts';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { CustomerFinder } from './customer-finder.tsx';
import { cardNumber } from './customers.ts';
import { cashOut, topUp, transfer } from './drafts.ts';
import { Person } from './person.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { useAccount } from './use-account.ts';
import { t } from './words.ts';

type Kind = 'top-up' | 'cash-out' | 'transfer';
const icons = { 'top-up': 'arrow-in', 'cash-out': 'arrow-out', transfer: 'arrows-across' } as const;
const usual = ['50000', '100000', '200000', '500000'];

const named = ({ id, name }: AccountBody): { id: string; name: string } => ({ id, name: name ?? cardNumber(id) });

export const ServiceScreen = ({ kind, account: given }: { readonly kind: Kind; readonly account: string | undefined }) => {
  const currency = session.value?.currency ?? 'NPR';
  const [fromId, setFromId] = useState(given);
  const [toId, setToId] = useState<string | undefined>(undefined);
  const [typed, setTyped] = useState('');
  const from = useAccount(fromId);
  const to = useAccount(toId);
  const amount = parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n;
  const here = from.account === undefined ? 0n : BigInt(from.account.availableHere);
  const after = kind === 'top-up' ? here + amount : here - amount;
  const isShort = from.account !== undefined && after < 0n;
  const needsTo = kind === 'transfer';
  const isReady = from.account !== undefined && amount > 0n && !isShort && (!needsTo || to.account !== undefined);
  const title = t(`service.${kind}`);
  const sum = amountText(amount, language.value, { currency, show: 'whole' });
  const offReason =
    from.account === undefined || (needsTo && to.account === undefined) ? t('choose-customer') : isShort ? t('not-enough') : t('type-sum');

  const asksFrom = fromId === undefined;
  const asksTo = !asksFrom && needsTo && toId === undefined;
  return (
    <Screen class="tender tender--svc" title={title} showsTitle>
      <section class="due due--svc" aria-label={t('who')}>
        <BackLink to={['services']} word={t('rail.services')} />
        <h1 class="pay__t">{title}</h1>
        {from.error === undefined ? null : <ErrorState error={from.error} onRetry={from.retry} />}
        {fromId !== undefined && from.account === undefined && from.error === undefined ? <Skeleton rows={2} /> : null}
        {from.account === undefined ? null : (
          <Person account={from.account} {...(needsTo ? { label: t('from') } : {})}>
            <button type="button" class="btn btn--quiet" onClick={() => setFromId(undefined)}>
              {t('another')}
            </button>
          </Person>
        )}
        {to.account === undefined ? null : (
          <Person account={to.account} label={t('to')}>
            <button type="button" class="btn btn--quiet" onClick={() => setToId(undefined)}>
              {t('another')}
            </button>
          </Person>
        )}
      </section>
      <section class="pay" aria-label={title}>
        {asksFrom ? (
          <>
            <h2>{t(needsTo ? 'transfer.from' : 'whose-wallet')}</h2>
            <CustomerFinder onPick={(picked) => setFromId(picked.id)} />
          </>
        ) : null}
        {asksTo ? (
          <>
            <h2>{t('transfer.to')}</h2>
            <CustomerFinder key="to" without={fromId} onPick={(picked) => setToId(picked.id)} />
          </>
        ) : null}
        {asksFrom || asksTo ? null : (
          <>
            <fieldset class="quick quick--four" aria-label={t('usual-sums')}>
              {usual.map((minor) => (
                <button
                  key={minor}
                  type="button"
                  class="btn"
                  aria-pressed={amount === BigInt(minor)}
                  onClick={() => setTyped(minor.slice(0, -2))}
                >
                  <Amount value={minor} show="whole" />
                </button>
              ))}
            </fieldset>
            <Keypad label={t('keys')} value={typed} onChange={setTyped} maxDigits={8} />
          </>
        )}
      </section>
      <Result
        label={t('result')}
        rows={
          from.account === undefined
            ? []
            : [
                { label: t('here'), value: here },
                { label: t(`service.${kind}.sum`), value: amount },
              ]
        }
        big={
          from.account === undefined
            ? undefined
            : isShort
              ? { label: t('short-by'), value: -after, isShort: true }
              : { label: t('left-after'), value: after }
        }
        currency={currency}
        note={from.account === undefined ? t('choose-customer') : t(`service.${kind}.note`)}
        noteIcon={kind === 'transfer' ? 'info' : 'banknote'}
      >
        <TakeButton
          icon={icons[kind]}
          isLeaving={kind === 'cash-out'}
          isOff={!isReady}
          offReason={offReason}
          draft={() => {
            const first = from.account;
            if (first === undefined) throw new Error('no wallet was chosen');
            if (kind === 'top-up') return topUp(named(first), amount, currency);
            if (kind === 'cash-out') return cashOut(named(first), amount, currency);
            if (to.account === undefined) throw new Error('no payee was chosen');
            return transfer(named(first), named(to.account), amount, currency);
          }}
        >
          {amount === 0n ? title : t(`service.${kind}.do`, { sum })}
        </TakeButton>
      </Result>
    </Screen>
  );
};
