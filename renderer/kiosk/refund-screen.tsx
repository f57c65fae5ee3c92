/** Giving back: all or a part of a sale, or a whole entry reversed. The button names the act and the sum. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { HistoryItemBody } from '../shared/api-types.ts';
import { language } from '../shared/i18n.ts';
import { Keypad } from '../shared/keypad.tsx';
import { amountText, parseAmount } from '../shared/money.ts';
import { Note } from '../shared/note.tsx';
import { EmptyState, Skeleton } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { nameOf } from './customers.ts';
import { refund, reversal } from './drafts.ts';
import { LineList } from './due-column.tsx';
import { recordOf } from './payments.ts';
import { Result } from './result.tsx';
import { loadSales, saleOf, sales } from './sales.ts';
import { customerOf } from './sales-screen.tsx';
import { Screen } from './screen.tsx';
import { historyTitle } from './story-words.ts';
import { TakeButton } from './take-button.tsx';
import { type KioskKey, kioskEnglish, t } from './words.ts';

const reasons = ['mistake', 'brought-back', 'other'] as const;

/** The words of the button: what happens to the cash, or to the wallet. */
const actKey = (method: string, action: string, isReversal: boolean): KioskKey => {
  const key = `act.${isReversal ? 'reverse' : 'refund'}.${method}.${action}`;
  return Object.hasOwn(kioskEnglish, key) ? (key as KioskKey) : 'act.give-back';
};

/** Where what is given back goes. */
const sameWay = ({ method, action }: HistoryItemBody): KioskKey => {
  const key = `refund.same-way.${method}`;
  return action === 'sale' && Object.hasOwn(kioskEnglish, key) ? (key as KioskKey) : 'refund.new-entry';
};

export const RefundScreen = ({ id, isReversal }: { readonly id: string; readonly isReversal: boolean }) => {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState<(typeof reasons)[number]>('mistake');
  const sale = saleOf(id);
  useEffect(() => {
    void loadSales();
  }, []);
  if (sale === undefined) {
    return (
      <Screen class="kmain--state" title={t('refund')}>
        {sales.value === undefined ? <Skeleton /> : <EmptyState text={t('payment.unknown')} />}
        <BackLink to={['sales']} word={t('rail.sales')} />
      </Screen>
    );
  }

  const { currency } = sale;
  const remaining = BigInt(sale.refundable);
  const wanted = typed === '' || isReversal ? remaining : (parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n);
  const isTooMuch = wanted > remaining;
  const sum = amountText(wanted, language.value, { currency, show: 'whole' });
  const who = customerOf(sale);
  const name = who === undefined ? undefined : nameOf(who);
  const lines = recordOf(id)?.story.lines ?? [];
  const title = t(isReversal ? 'reversal.title' : 'refund.title', { number: `#${sale.entry.number}` });
  return (
    <Screen class="tender" title={title} showsTitle>
      <section class="due" aria-label={t('this-sale')}>
        <BackLink to={['sales', id]} word={t('back')} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <ul class="due__lines" tabIndex={0} aria-label={t('lines')}>
          <li>
            <span>{historyTitle(sale)}</span>
            <span class="idn">#{sale.entry.number}</span>
          </li>
          {name === undefined ? null : <li>{name}</li>}
          <LineList lines={lines} />
        </ul>
        <p class="due__total">
          <span>{t('was-paid')}</span>
          <Amount value={sale.amount} currency={currency} size="display" />
        </p>
      </section>
      <section class="pay" aria-label={title}>
        <h1 class="pay__t">{title}</h1>
        {remaining === 0n ? <Note kind="calm">{t('refund.none-left')}</Note> : null}
        {isReversal ? (
          <>
            <p>{t('reversal.say')}</p>
            <fieldset class="choice">
              <legend class="choice__l">{t('reason')}</legend>
              {reasons
                .filter((one) => one !== 'brought-back' || sale.action === 'sale')
                .map((one) => (
                  <button key={one} type="button" class="btn" aria-pressed={one === reason} onClick={() => setReason(one)}>
                    {t(`reason.${one}`)}
                  </button>
                ))}
            </fieldset>
          </>
        ) : (
          <>
            <fieldset class="quick quick--two" aria-label={t('refund.how-much')}>
              <button type="button" class="btn" aria-pressed={typed === ''} onClick={() => setTyped('')}>
                <Amount value={remaining} currency={currency} />
                <small>{t('refund.all')}</small>
              </button>
              <p class="quick__or">{t('refund.part')}</p>
            </fieldset>
            <Keypad label={t('keys')} value={typed} onChange={setTyped} mode="point" maxDigits={8} />
          </>
        )}
      </section>
      <Result
        label={t('result')}
        rows={[{ label: t('refundable'), value: remaining }]}
        big={isTooMuch ? { label: t('too-much-by'), value: wanted - remaining } : { label: t('give-back'), value: wanted }}
        currency={currency}
        note={isTooMuch ? t('refund.too-much') : t(sameWay(sale))}
      >
        <TakeButton
          icon="arrow-out"
          isLeaving
          isOff={wanted === 0n || isTooMuch}
          offReason={t('refund.too-much')}
          draft={() => (isReversal ? reversal(sale, kioskEnglish[`reason.${reason}`], name) : refund(sale, wanted, name))}
        >
          {t(actKey(sale.method, sale.action, isReversal), { sum })}
        </TakeButton>
      </Result>
    </Screen>
  );
};
