/** Cash: what was received, in one touch or typed, and what to give back. The exact sum is chosen from the start. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { language } from '../shared/i18n.ts';
import { Keypad } from '../shared/keypad.tsx';
import { formatCount, parseAmount } from '../shared/money.ts';
import { cartTotal } from './cart.ts';
import { cart } from './cart-state.ts';
import { changeNotes, likelyCash } from './cash.ts';
import { cashSale } from './drafts.ts';
import { DueColumn } from './due-column.tsx';
import { MethodTabs } from './method-tabs.tsx';
import { NothingToPay } from './nothing-to-pay.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { t } from './words.ts';

export const TenderCash = () => {
  const lines = cart.value;
  const due = cartTotal(lines);
  const currency = session.value?.currency ?? 'NPR';
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<bigint | undefined>(undefined);
  if (lines.length === 0) return <NothingToPay />;

  const received = typed === '' ? (picked ?? due) : (parseAmount(typed, currency) ?? 0n);
  const change = received - due;
  const isShort = change < 0n;
  const notes = changeNotes(change)
    .map(({ rupees, count }) => `${formatCount(count, language.value)} × ${formatCount(rupees, language.value)}`)
    .join(', ');

  return (
    <Screen class="tender" title={t('payment')}>
      <DueColumn lines={lines} currency={currency} />
      <section class="pay" aria-label={t('how-paid')}>
        <MethodTabs value="cash" />
        <fieldset class="quick" aria-label={t('received-quick')}>
          {[due, ...likelyCash(due)].map((sum) => (
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
              {sum === due ? <small>{t('exact')}</small> : null}
            </button>
          ))}
        </fieldset>
        <Keypad label={t('keys')} value={typed} onChange={setTyped} maxDigits={8} />
      </section>
      <Result
        label={t('take-payment')}
        rows={[{ label: t('received'), value: received }]}
        big={isShort ? { label: t('still-missing'), value: -change } : { label: t('give-back'), value: change }}
        currency={currency}
        note={isShort ? t('received-less') : notes === '' ? t('no-change') : notes}
        noteSmall={isShort || notes === '' ? undefined : t('change-notes')}
        noteIcon="banknote"
      >
        <TakeButton icon="check" isOff={isShort} offReason={t('received-less')} draft={() => cashSale(lines, received, currency)}>
          {t('payment-taken')}
        </TakeButton>
      </Result>
    </Screen>
  );
};
