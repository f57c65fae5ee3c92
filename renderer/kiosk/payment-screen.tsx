/** One payment, whatever became of it: asked and not answered yet, taken, declined, or refused before anything was taken. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { timeText } from '../shared/calendar.ts';
import { errorWords } from '../shared/error-words.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { replaceWith } from '../shared/router.ts';
import { EmptyState } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { clearCart } from './cart-state.ts';
import { DeclinedView } from './declined-view.tsx';
import { PaidView } from './paid-view.tsx';
import type { PaymentRecord } from './payment-store.ts';
import { askNow, recordOf, records } from './payments.ts';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { storyTitle } from './story-words.ts';
import { t } from './words.ts';

const QUIET_MS = 150;

const Asking = ({ record }: { readonly record: PaymentRecord }) => {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Screen class="asking" title={t('asking.title')} showsTitle>
      {isShown ? (
        <section class="asking__in" aria-live="polite">
          <Icon name="clock" />
          <h1>{t('asking.title')}</h1>
          <p class="asking__sum">
            {storyTitle(record.story)} · <Amount value={record.story.amount} currency={session.value?.currency} />
          </p>
          <p>{t('asking.say')}</p>
          <p class="asking__since">{t('asking.since', { time: timeText(record.openedAt, language.value) })}</p>
          <div class="asking__act">
            <button type="button" class="btn btn--primary btn--xl" onClick={() => askNow(record.id)}>
              <Icon name="refresh" />
              {t('asking.now')}
            </button>
            <button
              type="button"
              class="btn"
              onClick={() => {
                if (record.story.kind === 'sale') clearCart();
                replaceWith('sell');
              }}
            >
              {t('asking.later')}
            </button>
          </div>
          <small class="code" lang="en">
            {record.id}
          </small>
        </section>
      ) : null}
    </Screen>
  );
};

const Refused = ({ record }: { readonly record: PaymentRecord }) => {
  if (record.outcome.state !== 'refused') return null;
  const words = errorWords(record.outcome.error);
  return (
    <Screen class="asking" title={words.title} showsTitle>
      <section class="asking__in">
        <Icon name="info" />
        <h1>{words.title}</h1>
        <p class="asking__sum">
          {storyTitle(record.story)} · <Amount value={record.story.amount} currency={session.value?.currency} />
        </p>
        <p>{words.todo}</p>
        <div class="asking__act">
          <button type="button" class="btn btn--primary btn--xl" onClick={() => askNow(record.id)}>
            <Icon name="refresh" />
            {t('retry')}
          </button>
          <BackLink to={['sell']} word={t('to-the-cart')} />
        </div>
        <small class="code" lang="en">
          {t('error.code', { code: words.code })}
        </small>
      </section>
    </Screen>
  );
};

export const PaymentScreen = ({ id }: { readonly id: string }) => {
  const record = records.value.get(id) ?? recordOf(id);
  if (record === undefined) {
    return (
      <Screen class="kmain--state" title={t('payment')}>
        <EmptyState text={t('payment.unknown')}>
          <BackLink to={['sales']} word={t('rail.sales')} />
        </EmptyState>
      </Screen>
    );
  }
  const { outcome } = record;
  if (outcome.state === 'asking') return <Asking record={record} />;
  if (outcome.state === 'refused') return <Refused record={record} />;
  if (outcome.answer.status === 'declined') return <DeclinedView record={record} answer={outcome.answer} />;
  return <PaidView record={record} answer={outcome.answer} />;
};
