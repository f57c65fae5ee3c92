/** A voucher is sold: how much, how it is used, how long it pays. Its code is made here by chance, once for this screen. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { language } from '../shared/i18n.ts';
import { Keypad } from '../shared/keypad.tsx';
import { amountText, parseAmount } from '../shared/money.ts';
import { BackLink } from './back-link.tsx';
import { issue } from './drafts.ts';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { newVoucherCode } from './voucher-code.ts';
import { t } from './words-credit.ts';

const usual = ['50000', '100000', '200000', '500000'];
const DAY_MS = 86_400_000;
const spans = [
  { id: 'issue.for-ever', days: undefined },
  { id: 'issue.month', days: 30 },
  { id: 'issue.half-year', days: 182 },
  { id: 'issue.year', days: 365 },
] as const;

export const IssueScreen = () => {
  const currency = session.value?.currency ?? 'NPR';
  const [code] = useState(() => newVoucherCode((bytes) => crypto.getRandomValues(bytes)));
  const [typed, setTyped] = useState('');
  const [isSingle, setSingle] = useState(false);
  const [span, setSpan] = useState<(typeof spans)[number]>(spans[0]);
  const amount = parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n;
  const title = t('service.issue');
  return (
    <Screen class="tender tender--svc" title={title} showsTitle>
      <section class="due due--svc" aria-label={t('issue.use')}>
        <BackLink to={['services']} word={t('rail.services')} />
        <h1 class="pay__t">{title}</h1>
        <fieldset class="choice">
          <legend class="choice__l">{t('issue.use')}</legend>
          {[false, true].map((one) => (
            <button key={String(one)} type="button" class="btn" aria-pressed={isSingle === one} onClick={() => setSingle(one)}>
              {t(one ? 'issue.once' : 'issue.parts')}
            </button>
          ))}
        </fieldset>
        <fieldset class="choice">
          <legend class="choice__l">{t('issue.until')}</legend>
          {spans.map((one) => (
            <button key={one.id} type="button" class="btn" aria-pressed={span.id === one.id} onClick={() => setSpan(one)}>
              {t(one.id)}
            </button>
          ))}
        </fieldset>
      </section>
      <section class="pay" aria-label={title}>
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
        <Keypad label={t('keys')} value={typed} onChange={setTyped} maxDigits={7} />
      </section>
      <Result
        label={t('result')}
        rows={[{ label: t('repayment.received'), value: amount }]}
        big={{ label: t('issue.worth'), value: amount }}
        currency={currency}
        note={t('issue.note')}
        noteIcon="banknote"
      >
        <TakeButton
          icon="tag"
          isOff={amount === 0n}
          offReason={t('type-sum')}
          draft={() => {
            const expiresAt = span.days === undefined ? undefined : Date.now() + span.days * DAY_MS;
            return issue(code, amount, { isSingle, ...(expiresAt === undefined ? {} : { expiresAt }) }, currency);
          }}
        >
          {amount === 0n ? title : t('issue.do', { sum: amountText(amount, language.value, { currency, show: 'whole' }) })}
        </TakeButton>
      </Result>
    </Screen>
  );
};
