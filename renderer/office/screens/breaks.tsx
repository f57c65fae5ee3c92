/** What does not reconcile and waits for a person: the list, and both sides of one story. Looking changes nothing. */
import type { BreakBody, BreaksBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { formatCount } from '../../shared/money.ts';
import { go, hashOf, path } from '../../shared/router.ts';
import { EmptyState } from '../../shared/states.tsx';
import { breakTick, now, siteOf } from '../centre.ts';
import { useAnswer } from '../use-answer.ts';
import { breakIcon } from '../widgets/break-words.ts';
import { useListKeys } from '../widgets/keys.ts';
import { Answered } from '../widgets/trouble.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';
import { BreakDetail } from './break-detail.tsx';

const Row = ({ found, isOn, href }: { readonly found: BreakBody; readonly isOn: boolean; readonly href: string }) => (
  <li>
    <a class="brow" href={href} data-break={found.id} aria-current={isOn ? 'true' : undefined}>
      <Icon name={breakIcon(found.kind)} />
      <span class="brow__n">
        <b>{m(`break.${found.kind}`)}</b>
        <small>
          {siteOf(found.gateway)} <span class="idn">#{found.number}</span> · {found.rule}
        </small>
      </span>
      <span class="brow__r">
        {found.amount === undefined ? <span>{m('breaks.no-money')}</span> : <Amount value={found.amount} />}
        <small>{durationWords(now.value - Date.parse(found.at))}</small>
      </span>
    </a>
  </li>
);

const Listed = ({ body, isClosed, open }: { readonly body: BreaksBody; readonly isClosed: boolean; readonly open: string | undefined }) => {
  const current = body.breaks.find(({ id }) => String(id) === open) ?? (open === undefined ? body.breaks[0] : undefined);
  const addressOf = (id: number): readonly string[] => (isClosed ? ['breaks', 'closed', String(id)] : ['breaks', String(id)]);
  useListKeys({
    onMove: (by) => {
      const at = body.breaks.findIndex(({ id }) => id === current?.id);
      const to = body.breaks[Math.min(body.breaks.length - 1, Math.max(0, at + by))];
      if (to !== undefined) go(...addressOf(to.id));
    },
  });
  if (body.breaks.length === 0) {
    return (
      <div class="card">
        <EmptyState text={m(isClosed ? 'breaks.closed.empty' : 'breaks.empty')} />
      </div>
    );
  }
  return (
    <div class="brk">
      <ul class="brk__l" aria-label={m('breaks.list')}>
        {body.breaks.map((found) => (
          <Row key={found.id} found={found} isOn={found.id === current?.id} href={hashOf(...addressOf(found.id))} />
        ))}
      </ul>
      {current === undefined ? (
        <div class="card">
          <EmptyState text={m('breaks.none')} />
        </div>
      ) : (
        <BreakDetail key={current.id} found={current} />
      )}
    </div>
  );
};

export const Breaks = () => {
  const isClosed = path.value[1] === 'closed';
  const open = path.value[isClosed ? 2 : 1];
  const asked = useAnswer<BreaksBody>(`/v1/breaks?stage=${isClosed ? 'closed' : 'found'}&limit=200`, breakTick.value);
  const n = formatCount(asked.value?.open ?? 0, language.value);
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.breaks')}</h1>
        <span class="asof">
          <Icon name="clock" />
          <span>{m('breaks.checked')}</span>
        </span>
        <span class="grow" />
        <nav class="otabs" aria-label={m('breaks.show')}>
          <a href={hashOf('breaks')} aria-current={isClosed ? undefined : 'page'}>
            {m('breaks.open', { n })}
          </a>
          <a href={hashOf('breaks', 'closed')} aria-current={isClosed ? 'page' : undefined}>
            {m('breaks.closed')}
          </a>
        </nav>
      </div>
      <Answered asked={asked}>{(body) => <Listed body={body} isClosed={isClosed} open={open} />}</Answered>
    </>
  );
};
