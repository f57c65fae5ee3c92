/** Declined: what is here, what is short, that nothing was taken, then the ways to finish, the best one first. No blame. */
import { useEffect } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { DeclinedBody } from '../shared/api-types.ts';
import { AsOf } from '../shared/as-of.tsx';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { amountText } from '../shared/money.ts';
import { hashOf } from '../shared/router.ts';
import { BackLink } from './back-link.tsx';
import type { PaymentRecord } from './payment-store.ts';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { payer } from './tender-wallet.tsx';
import { type KioskKey, kioskEnglish, t } from './words.ts';

type Way = {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly to: readonly string[];
  readonly onPick?: () => void;
};

/** Whose money was too little: the customer's, or the shop's own float. */
const isFloatShort = ({ story }: PaymentRecord, detail: string): boolean =>
  story.kind === 'top-up' || story.kind === 'issue' || story.kind === 'energy' || detail.startsWith('float:');

/** The words of a decline: those of the way it was paid, where it has its own. */
const declinedKey = ({ story: { method } }: PaymentRecord, code: string): KioskKey => {
  const own = `declined.${method}.${code}`;
  return (Object.hasOwn(kioskEnglish, own) ? own : `declined.${code}`) as KioskKey;
};
const sayKey = (key: KioskKey): KioskKey => `${key}.say` as KioskKey;

export const waysOf = (record: PaymentRecord, shortMinor: bigint | undefined, sum: (minor: bigint) => string): readonly Way[] => {
  const { story } = record;
  const total = BigInt(story.amount);
  if (story.kind === 'sale') {
    const ways: Way[] = [];
    if (story.method !== 'cash') ways.push({ icon: 'banknote', title: t('way.cash'), detail: sum(total), to: ['pay', 'cash'] });
    if (story.method === 'wallet') {
      if (shortMinor !== undefined && shortMinor > 0n && story.account !== undefined) {
        ways.push({
          icon: 'arrow-in',
          title: t('way.top-up', { sum: sum(shortMinor) }),
          detail: t('way.top-up.say'),
          to: ['services', 'top-up', story.account],
        });
      }
      ways.push({
        icon: 'users',
        title: t('way.other-wallet'),
        detail: t('way.other-wallet.say'),
        to: ['pay', 'wallet'],
        onPick: () => {
          payer.id = undefined;
        },
      });
    }
    if (story.method === 'khata' && story.account !== undefined) {
      ways.push({ icon: 'pencil', title: t('limit.change'), detail: t('way.limit.say'), to: ['customers', story.account, 'limit'] });
    }
    if (story.method === 'voucher') {
      ways.push({ icon: 'tag', title: t('way.other-voucher'), detail: t('way.other-voucher.say'), to: ['pay', 'voucher'] });
    }
    ways.push({ icon: 'basket', title: t('way.cart'), detail: t('way.cart.say'), to: ['sell'] });
    return ways;
  }
  if (story.kind === 'refund' || story.kind === 'reversal') {
    return [{ icon: 'history', title: t('way.sales'), detail: t('way.sales.say'), to: ['sales', story.refersTo ?? ''] }];
  }
  return [
    { icon: 'pencil', title: t('way.other-sum'), detail: t('way.other-sum.say'), to: ['services', story.kind, story.account ?? ''] },
    { icon: 'coins', title: t('rail.services'), detail: t('way.services.say'), to: ['services'] },
  ];
};

export const DeclinedView = ({ record, answer }: { readonly record: PaymentRecord; readonly answer: DeclinedBody }) => {
  const { story } = record;
  const { code, availableHere, elsewhere, detail } = answer.reason;
  const currency = session.value?.currency ?? 'NPR';
  const sum = (minor: bigint): string => amountText(minor, language.value, { currency });
  const total = BigInt(story.amount);
  const here = availableHere === undefined ? undefined : BigInt(availableHere);
  const short = here === undefined ? undefined : total - here;
  const isFloat = code === 'not-enough' && isFloatShort(record, detail);
  const key = declinedKey(record, code);
  /** The one rule that a sale of energy can meet here: no lease of the meter, or none left of it. */
  const isLeaseOut = story.kind === 'energy' && code === 'not-allowed';
  useEffect(() => {
    document.title = `${t(key)} · Chautari`;
  }, [key]);
  const share = here === undefined || total === 0n ? 0 : Number((here * 1000n) / total) / 10;

  return (
    <Screen class="declined" title={t(key)} showsTitle>
      <section class="short">
        {story.kind === 'sale' ? (
          <BackLink to={['sell']} word={t('to-the-cart')} />
        ) : story.kind === 'refund' || story.kind === 'reversal' ? (
          <BackLink to={['sales', story.refersTo ?? '']} word={t('rail.sales')} />
        ) : (
          <BackLink to={['services']} word={t('rail.services')} />
        )}
        <h1>{t(isFloat ? 'declined.float' : isLeaseOut ? 'declined.lease' : key)}</h1>
        <p class="short__lead">
          {code === 'not-enough' && here !== undefined && !isFloat
            ? t(sayKey(key), { name: story.name ?? t('the-customer'), sum: sum(here) })
            : t(isFloat ? 'declined.float.say' : isLeaseOut ? 'declined.lease.say' : `declined.${code}.say`)}{' '}
          <b>{t('nothing-taken')}</b>
        </p>
        {here === undefined || code !== 'not-enough' ? null : (
          <div class="need">
            <div class="need__row">
              <span>{t('available-here')}</span>
              <Amount value={here} currency={currency} />
            </div>
            <div class="need__bar" role="img" aria-label={t('need.say', { here: sum(here), total: sum(total) })}>
              <span class="need__have" style={{ width: `${share}%` }} />
            </div>
            <div class="need__row">
              <span>{t(story.kind === 'sale' ? 'to-pay' : 'wanted')}</span>
              <Amount value={total} currency={currency} />
            </div>
            {short === undefined || short <= 0n ? null : (
              <div class="need__row need__row--short">
                <span>{t('short-by')}</span>
                <Amount value={short} currency={currency} />
              </div>
            )}
          </div>
        )}
        {elsewhere === undefined || !/^[0-9]{1,19}$/.test(elsewhere) ? null : (
          <>
            <h2>{t('where-rest')}</h2>
            <ul class="rest">
              <li>
                <span class="sw sw--else" />
                <span>{t('elsewhere')}</span>
                <Amount value={elsewhere} currency={currency} />
              </li>
            </ul>
          </>
        )}
        <p class="short__code">
          <AsOf at={answer.at} />{' '}
          <small class="code" lang="en">
            {t('error.code', { code })}
          </small>
        </p>
      </section>
      <section class="ways" aria-label={t('what-can-do')}>
        <h2>{t('what-can-do')}</h2>
        {waysOf(record, short, sum).map((way, index) => (
          <a key={way.title} class={index === 0 ? 'way way--first' : 'way'} href={hashOf(...way.to)} onClick={way.onPick}>
            <Icon name={way.icon} />
            <span>
              <b>{way.title}</b>
              <small>{way.detail}</small>
            </span>
            <Icon name="chevron-right" />
          </a>
        ))}
      </section>
    </Screen>
  );
};
