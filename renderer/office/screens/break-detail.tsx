/** One break: what the box says beside what head office's books say, and the rule that told them apart. */
import type { BreakBody, CentreAccountBody, CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { type Fact, Facts } from '../../shared/facts.tsx';
import { Icon } from '../../shared/icon.tsx';
import { Note } from '../../shared/note.tsx';
import { hashOf } from '../../shared/router.ts';
import { When } from '../../shared/when.tsx';
import { gateways, now, siteOf } from '../centre.ts';
import { actionWords } from '../describe.ts';
import { useAnswer } from '../use-answer.ts';
import { Postings } from '../widgets/postings.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';

const stages = ['found', 'proposed', 'approving', 'closed'] as const;

const Stages = ({ stage }: { readonly stage: BreakBody['stage'] }) => (
  <ol class="steps2" aria-label={m('breaks.progress')}>
    {stages.map((one) => (
      <li key={one} class={one === stage ? 'is-now' : ''} aria-current={one === stage ? 'step' : undefined}>
        {one === stage ? <Icon name="check" /> : null}
        {m(`stage.${one}`)}
      </li>
    ))}
  </ol>
);

export const BreakDetail = ({ found }: { readonly found: BreakBody }) => {
  const entry = useAnswer<CentreEntryBody>(found.hash === undefined ? undefined : `/v1/entries/${found.hash}`).value;
  const account = useAnswer<CentreAccountBody>(
    found.account === undefined ? undefined : `/v1/accounts/${encodeURIComponent(found.account)}`,
  ).value;
  const box = gateways.value.find(({ gateway }) => gateway === found.gateway);
  const position = account?.positions?.find(({ gateway, epoch }) => gateway === found.gateway && epoch === found.epoch);
  const name = found.account ?? '';
  const boxFacts: readonly Fact[] =
    entry === undefined
      ? []
      : [
          { name: m('breaks.sold'), value: <When at={entry.at} style="both" /> },
          { name: t('col.what'), value: actionWords(entry) },
          { name: t('col.account'), value: <a href={hashOf('accounts', entry.account)}>{entry.account}</a> },
          { name: t('drawer.payment'), value: <span class="idn">{entry.paymentId}</span> },
          { name: t('drawer.by'), value: entry.operator },
        ];
  const bookFacts: readonly Fact[] = [
    { name: m('breaks.rule'), value: <span class="idn">{found.rule}</span> },
    ...(entry === undefined ? [] : [{ name: m('breaks.counted'), value: m(entry.standing === 'canonical' ? 'breaks.yes' : 'breaks.no') }]),
    ...(box === undefined ? [] : [{ name: t('drawer.watermark', { shop: box.site }), value: <span class="idn">#{box.watermark}</span> }]),
    ...(position === undefined || account === undefined
      ? []
      : [{ name: m('breaks.position', { account: name }), value: <Amount value={position.available} currency={account.currency} /> }]),
    ...(account === undefined
      ? []
      : [{ name: m('breaks.total', { account: name }), value: <Amount value={account.available} currency={account.currency} /> }]),
    { name: m('breaks.detail'), value: <span lang="en">{found.detail}</span> },
  ];
  return (
    <article class="card brk__d" aria-labelledby="break-title">
      <div class="brk__h">
        <div>
          <h2 id="break-title">{m(`break.${found.kind}`)}</h2>
          <p>
            {siteOf(found.gateway)} <span class="idn">#{found.number}</span> ·{' '}
            {m('breaks.found', { when: durationWords(now.value - Date.parse(found.at)) })}
          </p>
        </div>
        {found.amount === undefined ? null : (
          <p class="brk__a">
            <Amount value={found.amount} currency={entry?.currency ?? 'NPR'} size="display" />
          </p>
        )}
      </div>
      <Stages stage={found.stage} />
      <Note kind="calm">{m(`why.${found.kind}`)}</Note>
      <div class="cmp">
        <section>
          <h3>{m('breaks.box')}</h3>
          {boxFacts.length === 0 ? <p class="hint">{m('breaks.box.none')}</p> : <Facts facts={boxFacts} />}
        </section>
        <section>
          <h3>{m('breaks.books')}</h3>
          <Facts facts={bookFacts} />
        </section>
      </div>
      {entry === undefined ? null : (
        <section class="prop">
          <h3>
            {t('drawer.postings')} <span class="idn">#{entry.number}</span>
          </h3>
          <Postings postings={entry.postings} />
        </section>
      )}
      <div class="brk__f">
        <p>
          <Icon name="info" />
          {m('breaks.later')}
        </p>
        {entry === undefined ? null : (
          <a class="obtn" href={hashOf('ledger', 'entries', entry.hash)}>
            <Icon name="book-open" />
            {m('breaks.see-entry')}
          </a>
        )}
        <a class="obtn" href={hashOf('gateways', found.gateway)}>
          <Icon name="satellite" />
          {m('breaks.see-box')}
        </a>
      </div>
    </article>
  );
};
