/** What is owed on a khata, large, and its limit; a bar of what is owed, what comes to it and what is still free. */
import { Amount } from '../shared/amount.tsx';
import type { AccountBody } from '../shared/api-types.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { amountText } from '../shared/money.ts';
import { WhereBar } from '../shared/where-bar.tsx';
import { owedOf } from './owed.ts';
import { t } from './words-credit.ts';

type OwedMoneyProps = { readonly account: AccountBody /** What a sale would add. */; readonly sale?: bigint };

export const OwedMoney = ({ account, sale = 0n }: OwedMoneyProps) => {
  const { currency } = account;
  const limit = BigInt(account.limit);
  const owed = owedOf(account);
  const free = BigInt(account.availableHere) - sale;
  const words = (value: bigint): string => amountText(value > 0n ? value : 0n, language.value, { currency });
  return (
    <>
      <div class="where">
        <div class="where__here where__here--owed">
          <span class="where__l">{t(owed < 0n ? 'paid-ahead' : 'owes-today')}</span>
          <Amount value={owed < 0n ? -owed : owed} currency={currency} size="display" />
          <span class="asof">
            <Icon name="clock" />
            <span>{t('own-book')}</span>
          </span>
        </div>
        <div class="where__else where__else--plain">
          <span class="where__l">{t('limit')}</span>
          <Amount value={limit} currency={currency} size="display" />
          <span class="asof">
            <span>{t('limit.whose')}</span>
          </span>
        </div>
      </div>
      <WhereBar
        parts={[
          { kind: 'owed', value: owed > 0n ? owed : 0n },
          { kind: 'new', value: sale },
          { kind: 'free', value: free > 0n ? free : 0n },
        ]}
        name={
          sale === 0n
            ? t('khata.bar-alone', { owed: words(owed), limit: words(limit) })
            : t('khata.bar', { owed: words(owed), sale: words(sale), free: words(free) })
        }
      />
      <ul class="legend">
        <li>
          <span class="sw sw--owed" />
          {t('legend.owed')}
        </li>
        {sale === 0n ? null : (
          <li>
            <span class="sw sw--new" />
            {t('legend.new')}
          </li>
        )}
        <li>
          <span class="sw sw--free" />
          {t('legend.free')}
        </li>
      </ul>
    </>
  );
};
