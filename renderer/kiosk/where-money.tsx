/** What of a wallet can be spent here, large, and what is elsewhere, dashed; each with from when it is. */
import { Amount } from '../shared/amount.tsx';
import type { AccountBody } from '../shared/api-types.ts';
import { AsOf } from '../shared/as-of.tsx';
import { language } from '../shared/i18n.ts';
import { amountText } from '../shared/money.ts';
import { WhereBar } from '../shared/where-bar.tsx';
import { status } from './box.ts';
import { t } from './words.ts';

export const WhereMoney = ({ account }: { readonly account: AccountBody }) => {
  const { availableHere, elsewhere, currency } = account;
  const words = (value: string): string => amountText(value, language.value, { currency });
  return (
    <>
      <div class={elsewhere === undefined ? 'where where--one' : 'where'}>
        <div class="where__here">
          <span class="where__l">{t('spend-here')}</span>
          <Amount value={availableHere} currency={currency} size="display" />
          <AsOf />
        </div>
        {elsewhere === undefined ? null : (
          <div class="where__else">
            <span class="where__l">{t('elsewhere')}</span>
            <Amount value={elsewhere} currency={currency} size="display" />
            <AsOf at={status.value?.link.since ?? account.asOf} />
          </div>
        )}
      </div>
      {elsewhere === undefined ? (
        <p class="where__say">{t('elsewhere.unknown')}</p>
      ) : (
        <WhereBar
          parts={[
            { kind: 'here', value: BigInt(availableHere) },
            { kind: 'else', value: BigInt(elsewhere) },
          ]}
          name={t('where.say', { here: words(availableHere), elsewhere: words(elsewhere) })}
        />
      )}
    </>
  );
};
