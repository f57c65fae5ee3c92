/** Taken: said large and calm, what to hand over largest of all, the seal as it goes on, the receipt. Nobody waits here. */
import { useEffect } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { ApprovedBody } from '../shared/api-types.ts';
import { timeText } from '../shared/calendar.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { hashOf, replaceWith } from '../shared/router.ts';
import { SealGlyph } from '../shared/seal.tsx';
import { SealTrack } from '../shared/seal-track.tsx';
import { printing, status } from './box.ts';
import { clearCart } from './cart-state.ts';
import type { PaymentRecord } from './payment-store.ts';
import { PrintButton } from './print-button.tsx';
import { printerWords } from './printer-words.ts';
import { ReceiptPaper } from './receipt-paper.tsx';
import { marks, sealOf } from './sales.ts';
import { session } from './session.ts';
import { storyTitle } from './story-words.ts';
import { payer } from './tender-wallet.tsx';
import { TokenBlock } from './token-block.tsx';
import { t } from './words.ts';

const cleared = new Set<string>();

/** What the hands do now, if anything: give change, hand out, take in. */
const handOf = ({ story }: PaymentRecord, answer: ApprovedBody): { label: string; value: string } | undefined => {
  const change = answer.receipt.find(({ name }) => name === 'change')?.value;
  const figure = (wanted: string): string | undefined => answer.receipt.find(({ name }) => name === wanted)?.value;
  const owed = figure('owed-after');
  if (story.kind === 'repayment' && change !== undefined && change !== '0') return { label: t('do.give-back'), value: change };
  if (story.method === 'khata' && owed !== undefined) return { label: t('khata.owes-now', { name: story.name ?? '' }), value: owed };
  if (story.kind === 'sale' && story.method === 'cash')
    return change === undefined ? undefined : { label: t('do.give-back'), value: change };
  if (story.cash === 'out') return { label: t('do.hand-out'), value: story.amount };
  if (story.cash === 'in') return { label: t('do.take-in'), value: story.amount };
  const left = figure('balance-here');
  if (left !== undefined && story.method === 'voucher') return { label: t('voucher.left-of'), value: left };
  return left === undefined ? undefined : { label: t('left-here-of', { name: story.name ?? '' }), value: left };
};

const PaperState = ({ id }: { readonly id: string }) => {
  const printed = printing.value.get(id);
  const printer = status.value?.printer;
  let icon: IconName = 'printer';
  let words: string;
  if (printer === undefined || printer.state === 'none') words = t('printer.none');
  else if (printed?.state === 'done') {
    icon = 'check';
    words = t('printer.done');
  } else if (printed?.state === 'refused' || printed?.state === 'unsure') words = printerWords(printed.reason ?? printed.state);
  else if (printer.state !== 'ready') words = printerWords(printer.state);
  else words = t(printed === undefined ? 'printer.ready' : 'printer.printing');
  return (
    <p class="paper__state" role="status">
      <Icon name={icon} />
      {words}
    </p>
  );
};

export const PaidView = ({ record, answer }: { readonly record: PaymentRecord; readonly answer: ApprovedBody }) => {
  const { story } = record;
  const currency = session.value?.currency ?? 'NPR';
  // The cart goes once the sale is taken, and only then.
  useEffect(() => {
    if (story.kind !== 'sale' || cleared.has(record.id)) return;
    cleared.add(record.id);
    clearCart();
    payer.id = undefined;
    payer.khata = undefined;
  }, [record.id]);
  useEffect(() => {
    document.title = `${t('paid')} · Chautari`;
    const next = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && !(event.target instanceof HTMLElement && event.target.closest('button, a, dialog'))) replaceWith('sell');
    };
    addEventListener('keydown', next);
    return () => removeEventListener('keydown', next);
  }, []);

  const seal = sealOf(answer.entry.number, answer.seal, marks.value);
  const hand = handOf(record, answer);
  const isOff = status.value?.link.state === 'off';
  return (
    <main class="kmain approved" tabIndex={-1}>
      <section class="done">
        <div class="done__head">
          <span class={`stamp stamp--${seal}`}>
            <SealGlyph state={seal} />
          </span>
          <div>
            <h1>{t(story.kind === 'sale' ? 'paid' : 'done')}</h1>
            <p class="done__amt">
              <span class="done__what">{storyTitle(story)}</span> <Amount value={story.amount} currency={currency} size="display" />
            </p>
            {story.name === undefined || story.kind === 'issue' ? null : (
              <p class="done__who">
                {story.name}
                {story.counterpartyName === undefined ? '' : ` → ${story.counterpartyName}`}
              </p>
            )}
          </div>
        </div>
        {hand === undefined ? null : (
          <p class={story.cash === 'out' ? 'giveback giveback--out' : 'giveback'}>
            <span>{hand.label}</span>
            <Amount value={hand.value} currency={currency} size="display" />
          </p>
        )}
        {story.kind === 'issue' ? <p class="vcode">{t('voucher.the-code', { code: story.name ?? '' })}</p> : null}
        <TokenBlock fields={answer.receipt} />
        <SealTrack
          state={seal}
          when={{
            kept: t('kept.when', { time: timeText(answer.at, language.value) }),
            sent: seal === 'kept' ? t(isOff ? 'seal.when-link' : 'seal.soon') : '',
            settled: seal === 'settled' ? '' : t('seal.when-answer'),
          }}
        />
        <p class="done__say">{t('paid.say')}</p>
        <div class="done__act">
          <a class="btn btn--primary btn--xl" href={hashOf('sell')}>
            <Icon name="plus" />
            {t('next-sale')}
          </a>
          <PrintButton id={record.id} word={t('print-again')} />
          {story.kind === 'sale' ? (
            <a class="btn" href={hashOf('sales', record.id, 'refund')}>
              <Icon name="undo" />
              {t('refund…')}
            </a>
          ) : (
            <a class="btn" href={hashOf('sales', record.id)}>
              <Icon name="history" />
              {t('show')}
            </a>
          )}
        </div>
      </section>
      <aside class="paper" aria-label={t('receipt')}>
        <PaperState id={record.id} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section class="paper__scroll" tabIndex={0} aria-label={t('receipt.preview')}>
          <ReceiptPaper
            site={session.value?.site ?? ''}
            number={answer.entry.number}
            at={answer.at}
            title={storyTitle(story)}
            amount={story.amount}
            currency={currency}
            lines={story.lines ?? []}
            fields={answer.receipt}
            hash={answer.entry.hash}
          />
        </section>
      </aside>
    </main>
  );
};
