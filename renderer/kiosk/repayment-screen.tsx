/** A khata is paid back: whose, how much cash came, what goes back as change, what is owed after it. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { language } from '../shared/i18n.ts';
import { Keypad } from '../shared/keypad.tsx';
import { amountText, parseAmount } from '../shared/money.ts';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { likelyCash } from './cash.ts';
import { CustomerFinder } from './customer-finder.tsx';
import { cardNumber } from './customers.ts';
import { repayment } from './drafts.ts';
import { owedOf, splitRepayment } from './owed.ts';
import { Person } from './person.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { useAccount } from './use-account.ts';
import { t } from './words-credit.ts';

export const RepaymentScreen = ({ account: given }: { readonly account: string | undefined }) => {
  const currency = session.value?.currency ?? 'NPR';
  const [id, setId] = useState(given);
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<bigint | undefined>(undefined);
  const { account, error, retry } = useAccount(id);
  const owed = account === undefined ? 0n : owedOf(account);
  const due = owed > 0n ? owed : 0n;
  const received = typed === '' ? (picked ?? due) : (parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n);
  const { paid, change } = splitRepayment(received, due);
  const title = t('service.repayment');
  return (
    <Screen class="tender tender--svc" title={title} showsTitle>
      <section class="due due--svc" aria-label={t('who')}>
        <BackLink
          to={given === undefined ? ['services'] : ['customers', given]}
          word={given === undefined ? t('rail.services') : t('back')}
        />
        <h1 class="pay__t">{title}</h1>
        {error === undefined ? null : <ErrorState error={error} onRetry={retry} />}
        {id !== undefined && account === undefined && error === undefined ? <Skeleton rows={2} /> : null}
        {account === undefined ? null : (
          <Person account={account}>
            <button type="button" class="btn btn--quiet" onClick={() => setId(undefined)}>
              {t('another')}
            </button>
          </Person>
        )}
      </section>
      <section class="pay" aria-label={title}>
        {id === undefined ? (
          <>
            <h2>{t('whose-khata')}</h2>
            <CustomerFinder kinds={['khata']} onPick={(chosen) => setId(chosen.id)} />
          </>
        ) : (
          <>
            <fieldset class="quick quick--four" aria-label={t('received-quick')}>
              {[due, ...likelyCash(due).slice(0, 3)].map((sum) => (
                <button
                  key={sum}
                  type="button"
                  class="btn"
                  aria-pressed={received === sum}
                  onClick={() => {
                    setPicked(sum);
                    setTyped('');
                  }}
                >
                  <Amount value={sum} show="whole" />
                  {sum === due ? <small>{t('repayment.all')}</small> : null}
                </button>
              ))}
            </fieldset>
            <Keypad label={t('keys')} value={typed} onChange={setTyped} mode="point" maxDigits={8} />
          </>
        )}
      </section>
      <Result
        label={t('result')}
        rows={
          account === undefined
            ? []
            : [
                { label: t('owes-today'), value: due },
                { label: t('repayment.received'), value: received },
              ]
        }
        big={
          account === undefined
            ? undefined
            : change > 0n
              ? { label: t('give-back'), value: change }
              : { label: t('owed-after'), value: due - paid }
        }
        currency={currency}
        note={account === undefined ? t('choose-customer') : due === 0n ? t('owes-nothing') : t('repayment.note')}
        noteIcon="banknote"
      >
        <TakeButton
          icon="arrow-in"
          isOff={account === undefined || paid === 0n}
          offReason={account === undefined ? t('choose-customer') : due === 0n ? t('owes-nothing') : t('type-sum')}
          draft={() => {
            if (account === undefined) throw new Error('no khata was chosen');
            return repayment({ id: account.id, name: account.name ?? cardNumber(account.id) }, paid, received, currency);
          }}
        >
          {paid === 0n ? title : t('repayment.do', { sum: amountText(paid, language.value, { currency, show: 'whole' }) })}
        </TakeButton>
      </Result>
    </Screen>
  );
};
