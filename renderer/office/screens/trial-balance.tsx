/** The trial balance: every kind of account with its debits and credits; the two sums are equal or it says that they are not. */
import type { TrialBalanceBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount, Count } from '../../shared/amount.tsx';
import { AsOf } from '../../shared/as-of.tsx';
import { language } from '../../shared/i18n.ts';
import { currencySign } from '../../shared/money.ts';
import { Note } from '../../shared/note.tsx';
import { entryTick, gateways } from '../centre.ts';
import { kindWords } from '../describe.ts';
import { useAnswer } from '../use-answer.ts';
import { Answered } from '../widgets/trouble.tsx';
import { Waterline } from '../widgets/waterline.tsx';
import { t } from '../words.ts';

const Sheet = ({ sheet }: { readonly sheet: TrialBalanceBody }) => {
  const sign = currencySign(sheet.currency, language.value);
  const isEven = sheet.debit === sheet.credit;
  return (
    <>
      {isEven ? null : <Note kind="wrong">{t('drawer.not-zero')}</Note>}
      <p class="filters__n">
        <AsOf at={sheet.asOf} /> · <Count value={sheet.entries} /> {t('col.entries')}
      </p>
      <div class="card card--flush">
        <table class="ot ot--rows">
          <caption class="vh">{t('ledger.trial')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('col.kind')}</th>
              <th scope="col" class="r">
                {t('col.accounts')}
              </th>
              <th scope="col" class="r">
                {t('col.debit')}, {sign}
              </th>
              <th scope="col" class="r">
                {t('col.credit')}, {sign}
              </th>
            </tr>
          </thead>
          <tbody>
            {sheet.kinds.map(({ kind, accounts, debit, credit }) => (
              <tr key={kind}>
                <th scope="row">
                  {kindWords(kind)} <small class="inl idn">{kind}</small>
                </th>
                <td class="r">
                  <Count value={accounts} />
                </td>
                <td class="r">{debit === '0' ? null : <Amount value={debit} />}</td>
                <td class="r">{credit === '0' ? null : <Amount value={credit} />}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t(isEven ? 'drawer.zero' : 'drawer.not-zero')}</th>
              <td />
              <td class="r">
                <Amount value={sheet.debit} />
              </td>
              <td class="r">
                <Amount value={sheet.credit} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  );
};

export const TrialBalance = () => {
  const asked = useAnswer<TrialBalanceBody>('/v1/trial-balance', entryTick.value);
  return (
    <>
      <Waterline gateways={gateways.value} />
      <Answered asked={asked}>{(sheet) => <Sheet sheet={sheet} />}</Answered>
    </>
  );
};
