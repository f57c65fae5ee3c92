/** The left column of a tender: the lines and what is to be paid. */
import { Amount } from '../shared/amount.tsx';
import { digits, language } from '../shared/i18n.ts';
import { BackLink } from './back-link.tsx';
import { type Cart, cartTotal, lineTotal } from './cart.ts';
import { t } from './words.ts';

export const LineList = ({ lines }: { readonly lines: Cart }) =>
  lines.map((line) => (
    <li key={line.id}>
      <span>
        {digits(line.quantity)} × {line.name[language.value]}
      </span>
      <Amount value={lineTotal(line)} />
    </li>
  ));

export const DueColumn = ({ lines, currency }: { readonly lines: Cart; readonly currency: string }) => (
  <section class="due" aria-label={t('this-sale')}>
    <BackLink to={['sell']} word={t('to-the-cart')} />
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
    <ul class="due__lines" tabIndex={0} aria-label={t('lines')}>
      <LineList lines={lines} />
    </ul>
    <p class="due__total">
      <span>{t('to-pay')}</span>
      <Amount value={cartTotal(lines)} currency={currency} size="display" />
    </p>
  </section>
);
