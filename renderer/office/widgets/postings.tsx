/** Postings as a bookkeeper reads them: debit and credit in two columns, never signs; the foot states that the sum is zero. */
import type { CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { hashOf } from '../../shared/router.ts';
import { siteOf } from '../centre.ts';
import { accountWords, sidesOf } from '../describe.ts';
import { t } from '../words.ts';

export const Postings = ({ postings }: { readonly postings: CentreEntryBody['postings'] }) => {
  if (postings.length === 0) return <p class="hint">{t('drawer.none')}</p>;
  const { sides, debit, credit } = sidesOf(postings);
  return (
    <table class="ot ot--post">
      <thead>
        <tr>
          <th scope="col">{t('col.account')}</th>
          <th scope="col" class="r">
            {t('col.debit')}
          </th>
          <th scope="col" class="r">
            {t('col.credit')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sides.map((side) => (
          <tr key={`${side.account} ${side.debit} ${side.credit}`}>
            <th scope="row">
              <a href={hashOf('accounts', side.account)}>{accountWords(side.account, siteOf)}</a>
              <small class="idn">{side.account}</small>
            </th>
            <td class="r">{side.debit === 0n ? null : <Amount value={side.debit} />}</td>
            <td class="r">{side.credit === 0n ? null : <Amount value={side.credit} />}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" class={debit === credit ? undefined : 'is-wrong'}>
            {t(debit === credit ? 'drawer.zero' : 'drawer.not-zero')}
          </th>
          <td class="r">
            <Amount value={debit} />
          </td>
          <td class="r">
            <Amount value={credit} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
};
