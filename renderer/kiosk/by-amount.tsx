/** A line without an item: its sum, typed. */
import { useState } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import { Keypad } from '../shared/keypad.tsx';
import { parseAmount } from '../shared/money.ts';
import { go } from '../shared/router.ts';
import { showToast } from '../shared/toast.tsx';
import { BackLink } from './back-link.tsx';
import { addSum, cartTotal } from './cart.ts';
import { cart } from './cart-state.ts';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { t } from './words.ts';

export const ByAmount = () => {
  const [typed, setTyped] = useState('');
  const currency = session.value?.currency ?? 'NPR';
  const sum = parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n;
  const add = (): void => {
    if (sum === 0n) return;
    const next = addSum(cart.value, sum);
    if (next === cart.value) {
      showToast({ text: t('cart.limit') });
      return;
    }
    cart.value = next;
    go('sell');
  };
  return (
    <Screen class="tender tender--two" title={t('by-amount')}>
      <section class="pay" aria-label={t('by-amount')}>
        <BackLink to={['sell']} word={t('to-the-shelf')} />
        <Keypad label={t('keys')} value={typed} onChange={setTyped} onEnter={add} mode="point" maxDigits={7} />
      </section>
      <Result
        label={t('result')}
        rows={[{ label: t('in-the-cart-now'), value: cartTotal(cart.value) }]}
        big={{ label: t('this-line'), value: sum }}
        currency={currency}
        note={t('by-amount.say')}
      >
        <button type="button" class="btn btn--primary btn--xl btn--wrap" aria-disabled={sum === 0n ? true : undefined} onClick={add}>
          <Icon name="plus" />
          <span>{t('add-to-cart')}</span>
        </button>
      </Result>
    </Screen>
  );
};
