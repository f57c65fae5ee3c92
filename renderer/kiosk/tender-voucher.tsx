/** Voucher: its code, typed or scanned; what it is worth here, what will be left on it. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { AsOf } from '../shared/as-of.tsx';
import { Icon } from '../shared/icon.tsx';
import { Note } from '../shared/note.tsx';
import { ErrorState } from '../shared/states.tsx';
import { cartTotal } from './cart.ts';
import { cart } from './cart-state.ts';
import { voucherSale } from './drafts.ts';
import { DueColumn } from './due-column.tsx';
import { MethodTabs } from './method-tabs.tsx';
import { NothingToPay } from './nothing-to-pay.tsx';
import { Result } from './result.tsx';
import { Screen } from './screen.tsx';
import { SearchField } from './search-field.tsx';
import { session } from './session.ts';
import { TakeButton } from './take-button.tsx';
import { useAccount } from './use-account.ts';
import { readVoucherCode, voucherAccount } from './voucher-code.ts';
import { t } from './words-credit.ts';

export const TenderVoucher = () => {
  const lines = cart.value;
  const due = cartTotal(lines);
  const currency = session.value?.currency ?? 'NPR';
  const [typed, setTyped] = useState('');
  const [code, setCode] = useState<string | undefined>(undefined);
  const [isWrong, setWrong] = useState(false);
  const { account, error, retry } = useAccount(code === undefined ? undefined : voucherAccount(code));
  if (lines.length === 0) return <NothingToPay />;

  const look = (): void => {
    const read = readVoucherCode(typed);
    setWrong(read === undefined);
    if (read !== undefined && read === code) retry();
    setCode(read);
    if (read !== undefined) setTyped(read);
  };
  const isUnknown = error?.kind === 'problem' && error.status === 404;
  const found = error === undefined ? account : undefined;
  const left = found === undefined ? 0n : BigInt(found.availableHere) - due;
  const isShort = found !== undefined && left < 0n;
  return (
    <Screen class="tender" title={t('payment')}>
      <DueColumn lines={lines} currency={currency} />
      <section class="pay" aria-label={t('how-paid')}>
        <MethodTabs value="voucher" />
        <div class="vask">
          <SearchField label={t('voucher.code')} value={typed} onChange={setTyped} onEnter={look} />
          <button type="button" class="btn" onClick={look}>
            <Icon name="search" />
            {t('voucher.check')}
          </button>
        </div>
        {code === undefined && !isWrong ? <p>{t('voucher.type')}</p> : null}
        {isWrong ? (
          <Note kind="calm" role="status">
            {t('voucher.wrong')}
          </Note>
        ) : null}
        {code !== undefined && isUnknown ? (
          <Note kind="calm" role="status">
            {t('voucher.unknown')}
          </Note>
        ) : null}
        {code !== undefined && error !== undefined && !isUnknown ? <ErrorState error={error} onRetry={retry} /> : null}
        {found === undefined || code === undefined ? null : (
          <>
            <div class="where where--one">
              <div class="where__here">
                <span class="where__l">{t('voucher.worth')}</span>
                <Amount value={found.availableHere} currency={currency} size="display" />
                <span class="idn">{code}</span>
                <AsOf />
              </div>
            </div>
            {isShort ? <Note kind="calm">{t('voucher.short')}</Note> : null}
          </>
        )}
      </section>
      <Result
        label={t('take-payment')}
        rows={[{ label: t('voucher.from'), value: due }]}
        big={
          isShort
            ? { label: t('short-by'), value: -left, isShort: true }
            : found === undefined
              ? undefined
              : { label: t('voucher.left'), value: left }
        }
        currency={currency}
        note={found === undefined ? t('voucher.first') : undefined}
        noteIcon="tag"
      >
        <TakeButton
          icon="check"
          isOff={found === undefined}
          offReason={t('voucher.first')}
          draft={() => voucherSale(lines, code ?? '', currency)}
        >
          {t('voucher.take')}
        </TakeButton>
      </Result>
    </Screen>
  );
};
