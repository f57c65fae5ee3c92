/** Khata: whose, what is owed and how far the shop lets it go, what will be owed after this sale. */
import { useState } from 'preact/hooks';
import { sentence } from '../shared/i18n.ts';
import { Note } from '../shared/note.tsx';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { cartTotal } from './cart.ts';
import { cart } from './cart-state.ts';
import { CustomerFinder } from './customer-finder.tsx';
import { cardNumber } from './customers.ts';
import { khataSale } from './drafts.ts';
import { DueColumn } from './due-column.tsx';
import { MethodTabs } from './method-tabs.tsx';
import { NothingToPay } from './nothing-to-pay.tsx';
import { owedOf } from './owed.ts';
import { OwedMoney } from './owed-money.tsx';
import { Person } from './person.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { payer } from './tender-wallet.tsx';
import { useAccount } from './use-account.ts';
import { t } from './words-credit.ts';

export const TenderKhata = () => {
  const lines = cart.value;
  const due = cartTotal(lines);
  const currency = session.value?.currency ?? 'NPR';
  const [id, setId] = useState(payer.khata);
  const { account, error, retry } = useAccount(id);
  const choose = (next: string | undefined): void => {
    payer.khata = next;
    setId(next);
  };
  if (lines.length === 0) return <NothingToPay />;

  const over = account === undefined ? 0n : due - BigInt(account.availableHere);
  const isOver = over > 0n;
  const after = account === undefined ? 0n : owedOf(account) + due;
  return (
    <Screen class="tender" title={t('payment')}>
      <DueColumn lines={lines} currency={currency} />
      <section class="pay" aria-label={t('how-paid')}>
        <MethodTabs value="khata" />
        {id === undefined ? <CustomerFinder kinds={['khata']} onPick={(picked) => choose(picked.id)} /> : null}
        {id !== undefined && error !== undefined ? <ErrorState error={error} onRetry={retry} /> : null}
        {id !== undefined && account === undefined && error === undefined ? <Skeleton rows={3} /> : null}
        {account === undefined || id === undefined ? null : (
          <>
            <Person account={account}>
              <button type="button" class="btn btn--quiet" onClick={() => choose(undefined)}>
                {t('another')}
              </button>
            </Person>
            <OwedMoney account={account} sale={due} />
            {isOver ? (
              <Note kind="calm">
                <b>{sentence(t('over-limit'))}</b> {t('over-limit.try')}
              </Note>
            ) : null}
          </>
        )}
      </section>
      <Result
        label={t('take-payment')}
        rows={[{ label: t('put-on-khata'), value: due }]}
        big={
          account === undefined
            ? undefined
            : isOver
              ? { label: t('over-limit-by'), value: over, isShort: true }
              : after < 0n
                ? { label: t('paid-ahead'), value: -after }
                : { label: t('will-owe'), value: after }
        }
        currency={currency}
        note={account === undefined ? t('choose-customer') : undefined}
        noteIcon="users"
      >
        <TakeButton
          icon="check"
          isOff={account === undefined}
          offReason={t('choose-customer')}
          draft={() => khataSale(lines, { id: account?.id ?? '', name: account?.name ?? cardNumber(account?.id ?? '') }, currency)}
        >
          {t('put-on-khata')}
        </TakeButton>
      </Result>
    </Screen>
  );
};
