/** One entry of the history: its seal, its lines where this screen sold them, its receipt's figures, what can still be done with it. */
import { Amount } from '../shared/amount.tsx';
import type { HistoryItemBody, SealState } from '../shared/api-types.ts';
import { timeText } from '../shared/calendar.ts';
import { digits, language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';
import { SealTrack } from '../shared/seal-track.tsx';
import { When } from '../shared/when.tsx';
import { BackLink } from './back-link.tsx';
import { status } from './box.ts';
import { nameOf } from './customers.ts';
import { LineList } from './due-column.tsx';
import { recordOf } from './payments.ts';
import { PrintButton } from './print-button.tsx';
import { historyTitle, isBackward } from './story-words.ts';
import { TokenBlock } from './token-block.tsx';
import { t } from './words.ts';

type SaleDetailProps = { readonly item: HistoryItemBody; readonly seal: SealState; readonly who: string | undefined };

export const SaleDetail = ({ item, seal, who }: SaleDetailProps) => {
  const lines = recordOf(item.id)?.story.lines ?? [];
  const isOff = status.value?.link.state === 'off';
  const remaining = BigInt(item.refundable);
  const given = BigInt(item.amount) - remaining;
  const isSale = item.action === 'sale';
  const canUndo = remaining > 0n && !isBackward(item.action);
  return (
    <>
      <BackLink to={['sales']} word={t('rail.sales')} />
      <h2 class="hdetail__t">
        {historyTitle(item)} <span class="idn">#{item.entry.number}</span>
      </h2>
      <p class="hdetail__a">
        <Amount value={item.amount} currency={item.currency} size="display" />
      </p>
      <p class="hdetail__m">
        <When at={item.at} style="both" />
        {who === undefined ? null : (
          <>
            <br />
            {nameOf(who)}
            {item.counterparty?.startsWith('wallet:') === true && item.counterparty !== who ? ` → ${nameOf(item.counterparty)}` : ''}
          </>
        )}
      </p>
      <TokenBlock fields={item.receipt} />
      <SealTrack
        state={seal}
        when={{
          kept: timeText(item.at, language.value),
          sent: seal === 'kept' ? t(isOff ? 'seal.when-link' : 'seal.soon') : '',
        }}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ul class="hdetail__l" tabIndex={0} aria-label={t('lines')}>
        <LineList lines={lines} />
        {given > 0n && isSale ? (
          <li>
            <span>{t('given-back')}</span>
            <Amount value={-given} />
          </li>
        ) : null}
        {item.memo === undefined ? null : <li>{item.memo}</li>}
        <li>
          <span>{t('receipt.prints')}</span>
          <span>{digits(item.prints)}</span>
        </li>
      </ul>
      <div class="hdetail__b">
        <PrintButton id={item.id} word={t('print-copy', { copy: Math.max(1, item.prints) })} />
        {canUndo && isSale ? (
          <a class="btn" href={hashOf('sales', item.id, 'refund')}>
            <Icon name="undo" />
            {t('refund…')}
          </a>
        ) : null}
        {canUndo && remaining === BigInt(item.amount) ? (
          <a class="btn" href={hashOf('sales', item.id, 'reversal')}>
            <Icon name="x" />
            {t('reverse…')}
          </a>
        ) : null}
      </div>
    </>
  );
};
