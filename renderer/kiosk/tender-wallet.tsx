/** Wallet: whose, what of it is here and elsewhere, what will be left here. */
import { useState } from 'preact/hooks';
import { sentence } from '../shared/i18n.ts';
import { Note } from '../shared/note.tsx';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { cartTotal } from './cart.ts';
import { cart } from './cart-state.ts';
import { CustomerFinder } from './customer-finder.tsx';
import { cardNumber } from './customers.ts';
import { walletSale } from './drafts.ts';
import { DueColumn } from './due-column.tsx';
import { MethodTabs } from './method-tabs.tsx';
import { NothingToPay } from './nothing-to-pay.tsx';
import { Person } from './person.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { useAccount } from './use-account.ts';
import { WhereMoney } from './where-money.tsx';
import { t } from './words.ts';

/** The customer of the sale in hand, of either kind: kept while one goes between the ways to pay. */
export const payer = { id: undefined as string | undefined, khata: undefined as string | undefined };

export const TenderWallet = () => {
  const lines = cart.value;
  const due = cartTotal(lines);
  const currency = session.value?.currency ?? 'NPR';
  const [id, setId] = useState(payer.id);
  const { account, error, retry } = useAccount(id);
  const choose = (next: string | undefined): void => {
    payer.id = next;
    setId(next);
  };
  if (lines.length === 0) return <NothingToPay />;

  const left = account === undefined ? 0n : BigInt(account.availableHere) - due;
  const isShort = account !== undefined && left < 0n;
  return (
    <Screen class="tender" title={t('payment')}>
      <DueColumn lines={lines} currency={currency} />
      <section class="pay" aria-label={t('how-paid')}>
        <MethodTabs value="wallet" />
        {id === undefined ? <CustomerFinder onPick={(picked) => choose(picked.id)} /> : null}
        {id !== undefined && error !== undefined ? <ErrorState error={error} onRetry={retry} /> : null}
        {id !== undefined && account === undefined && error === undefined ? <Skeleton rows={3} /> : null}
        {account === undefined || id === undefined ? null : (
          <>
            <Person account={account}>
              <button type="button" class="btn btn--quiet" onClick={() => choose(undefined)}>
                {t('another')}
              </button>
            </Person>
            <WhereMoney account={account} />
            {isShort ? (
              <Note kind="calm">
                <b>{sentence(t('not-enough'))}</b> {t('not-enough.try')}
              </Note>
            ) : null}
          </>
        )}
      </section>
      <Result
        label={t('take-payment')}
        rows={[{ label: t('from-wallet'), value: due }]}
        big={
          isShort
            ? { label: t('short-by'), value: -left, isShort: true }
            : account === undefined
              ? undefined
              : { label: t('left-after'), value: left }
        }
        currency={currency}
        note={account === undefined ? t('choose-customer') : undefined}
        noteIcon="users"
      >
        <TakeButton
          icon="check"
          isOff={account === undefined}
          offReason={t('choose-customer')}
          draft={() => walletSale(lines, { id: account?.id ?? '', name: account?.name ?? cardNumber(account?.id ?? '') }, currency)}
        >
          {t('take-wallet')}
        </TakeButton>
      </Result>
    </Screen>
  );
};
