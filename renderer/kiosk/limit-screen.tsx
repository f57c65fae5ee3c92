/** How much a customer may owe: opens the khata where there is none yet, and changes its limit where there is. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { api } from '../shared/api.ts';
import type { AccountBody } from '../shared/api-types.ts';
import { errorWords } from '../shared/error-words.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { Keypad } from '../shared/keypad.tsx';
import { amountText, parseAmount } from '../shared/money.ts';
import { replaceWith } from '../shared/router.ts';
import { Skeleton } from '../shared/states.tsx';
import { showToast } from '../shared/toast.tsx';
import { BackLink } from './back-link.tsx';
import { cardNumber, customers, siblingOf } from './customers.ts';
import { owedOf } from './owed.ts';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { useAccount, useListed } from './use-account.ts';
import { t } from './words-credit.ts';

const usual = ['200000', '500000', '1000000', '2000000'];

/** `id`: an account of the customer, of either kind; the khata has the same number on the card. */
export const LimitScreen = ({ id }: { readonly id: string }) => {
  const currency = session.value?.currency ?? 'NPR';
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const customer = useAccount(id).account;
  const khataId = siblingOf(id, 'khata');
  const khata = useListed(khataId);
  const name = customer?.name ?? cardNumber(id);
  const limit = parseAmount(typed.replace(/\.$/, ''), currency) ?? 0n;
  const owed = khata === undefined || khata === 'none' ? 0n : owedOf(khata);
  const isTooLow = typed !== '' && limit < owed;
  const isOff = typed === '' || isTooLow || isBusy || khata === undefined;
  const title = t(khata === 'none' ? 'khata.open' : 'limit.title', { name });

  const save = async (): Promise<void> => {
    if (isOff) {
      if (!isBusy) showToast({ text: t(isTooLow ? 'limit.too-low' : 'type-sum') });
      return;
    }
    setBusy(true);
    const answer =
      khata === 'none'
        ? await api<AccountBody>('/v1/accounts', { method: 'POST', body: { id: khataId, currency, limit: limit.toString(), name } })
        : await api<AccountBody>(`/v1/accounts/${encodeURIComponent(khataId)}/limit`, { method: 'PUT', body: { limit: limit.toString() } });
    setBusy(false);
    if (!answer.ok) {
      const isBadLimit = answer.error.kind === 'problem' && answer.error.code === 'bad-limit';
      showToast({ text: isBadLimit ? t('limit.too-low') : errorWords(answer.error).title, icon: 'alert' });
      return;
    }
    customers.hold(answer.value);
    showToast({ text: t(khata === 'none' ? 'khata.opened' : 'limit.saved'), icon: 'check' });
    replaceWith('customers', id);
  };

  return (
    <Screen class="tender tender--two" title={title} showsTitle>
      <section class="pay" aria-label={title}>
        <BackLink to={['customers', id]} word={t('back')} />
        <h1 class="pay__t">{title}</h1>
        {khata === undefined ? <Skeleton rows={2} /> : null}
        {khata === 'none' ? <p>{t('khata.open.say', { name })}</p> : null}
        <fieldset class="quick quick--four" aria-label={t('usual-sums')}>
          {usual.map((minor) => (
            <button
              key={minor}
              type="button"
              class="btn"
              aria-pressed={limit === BigInt(minor)}
              onClick={() => setTyped(minor.slice(0, -2))}
            >
              <Amount value={minor} show="whole" />
            </button>
          ))}
        </fieldset>
        <Keypad label={t('keys')} value={typed} onChange={setTyped} onEnter={() => void save()} maxDigits={8} />
      </section>
      <Result
        label={t('result')}
        rows={
          khata === undefined || khata === 'none'
            ? []
            : [
                { label: t('owes-today'), value: owed > 0n ? owed : 0n },
                { label: t('limit'), value: khata.limit },
              ]
        }
        big={{ label: t('limit.new'), value: limit, isShort: isTooLow }}
        currency={currency}
        note={t(isTooLow ? 'limit.too-low' : 'limit.note')}
      >
        <button
          type="button"
          class="btn btn--primary btn--xl btn--wrap"
          aria-disabled={isOff ? true : undefined}
          onClick={() => void save()}
        >
          <Icon name="check" />
          <span>{t('limit.set', { sum: amountText(limit, language.value, { currency, show: 'whole' }) })}</span>
        </button>
      </Result>
    </Screen>
  );
};
