/** The receipt as it stands on paper: ink on white in every theme, both dates, the sum in words. */
import { Amount } from '../shared/amount.tsx';
import type { ApprovedBody } from '../shared/api-types.ts';
import { isoDay, shortDayText, timeText } from '../shared/calendar.ts';
import { digits, language } from '../shared/i18n.ts';
import { Brand } from '../shared/icon.tsx';
import { amountInWords } from './amount-in-words.ts';
import { type Cart, lineTotal } from './cart.ts';
import { TokenBlock } from './token-block.tsx';
import { t } from './words.ts';

type ReceiptPaperProps = {
  readonly site: string;
  readonly number: number;
  readonly at: string;
  readonly title: string;
  readonly amount: string;
  readonly currency: string;
  readonly lines: Cart;
  readonly fields: ApprovedBody['receipt'];
  readonly hash: string;
  readonly copy?: number;
};

/** Lines of money that a cell puts on the receipt, in the order in which they are shown. */
const figures = [
  'tendered',
  'change',
  'cash-received',
  'cash-handed',
  'owed-after',
  'credit-left',
  'paid-ahead',
  'balance-here',
  'refundable-after',
] as const;

export const ReceiptPaper = ({ site, number, at, title, amount, currency, lines, fields, hash, copy = 0 }: ReceiptPaperProps) => {
  const value = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;
  const shown = figures.flatMap((name) => {
    const figure = value(name);
    return figure !== undefined && /^-?[0-9]{1,19}$/.test(figure) ? [{ name, figure }] : [];
  });
  const voucher = value('account')?.startsWith('voucher:') === true ? value('account')?.slice('voucher:'.length) : undefined;
  const expiresAt = Number(value('expires-at') ?? '0');
  return (
    <article class="rcpt" aria-label={t('receipt')}>
      <p class="rcpt__shop">
        <Brand />
        <b>{site}</b>
      </p>
      {copy > 0 ? <p class="rcpt__copy">{t('copy.head', { copy })}</p> : null}
      <p class="rcpt__meta">
        <span>
          {shortDayText(at, language.value)} · {isoDay(at)} {timeText(at, language.value)}
        </span>
        <span>#{number}</span>
      </p>
      <table>
        <caption class="vh">{t('items')}</caption>
        <thead class="vh">
          <tr>
            <th scope="col">{t('item')}</th>
            <th scope="col">{t('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.length === 0 ? (
            <tr>
              <td>{title}</td>
              <td>
                <Amount value={amount} />
              </td>
            </tr>
          ) : (
            lines.map((line) => (
              <tr key={line.id}>
                <td>
                  {line.name[language.value]} × {digits(line.quantity)}
                </td>
                <td>
                  <Amount value={lineTotal(line)} />
                </td>
              </tr>
            ))
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            <td>
              <Amount value={amount} currency={currency} />
            </td>
          </tr>
          {shown.map(({ name, figure }) => (
            <tr key={name}>
              <th scope="row">{t(`receipt.${name}`)}</th>
              <td>
                <Amount value={figure} />
              </td>
            </tr>
          ))}
          {voucher === undefined ? null : (
            <tr>
              <th scope="row">{t('receipt.voucher')}</th>
              <td class="idn">{voucher}</td>
            </tr>
          )}
          {expiresAt > 0 && expiresAt < 8e15 ? (
            <tr>
              <th scope="row">{t('receipt.last-day')}</th>
              <td>{isoDay(new Date(expiresAt - 1).toISOString())}</td>
            </tr>
          ) : null}
        </tfoot>
      </table>
      <TokenBlock fields={fields} />
      {value('single') === 'yes' ? <p class="rcpt__words">{t('receipt.once')}</p> : null}
      {language.value === 'ne' && currency === 'NPR' ? <p class="rcpt__words">अक्षरेपी: {amountInWords(BigInt(amount))}</p> : null}
      <p class="rcpt__foot">
        <span class="iso">
          {hash
            .slice(0, 12)
            .toUpperCase()
            .replace(/(.{4})(?=.)/g, '$1-')}
        </span>
      </p>
    </article>
  );
};
