/**
 * One account: what it holds in all, where each part lies (here solid, at head office dashed, on its way striped), how sure that is, and
 * the entries that brought it there. A negative part (a shop's contra account) stands in the table, not in the bar.
 */
import type { CentreAccountBody, CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount, Count } from '../../shared/amount.tsx';
import { AsOf } from '../../shared/as-of.tsx';
import { timeText } from '../../shared/calendar.ts';
import { PosBar, type PosPart } from '../../shared/desk/pos-bar.tsx';
import { ShortWhen, shortWhen } from '../../shared/desk/short-when.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { currencySign, formatCount } from '../../shared/money.ts';
import { hashOf } from '../../shared/router.ts';
import { EmptyState, Skeleton } from '../../shared/states.tsx';
import { t as s } from '../../shared/words.ts';
import { entryTick, gateways, now, siteOf } from '../centre.ts';
import { accountKind, kindWords } from '../describe.ts';
import { useAnswer } from '../use-answer.ts';
import { EntryTable } from '../widgets/entry-table.tsx';
import { GatewayState } from '../widgets/gateway-state.tsx';
import { Answered } from '../widgets/trouble.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';
import { useEntries } from './use-entries.ts';

/** Money of these kinds is spent from where it lies; the others are only kept there. */
const SPENT = new Set(['wallet', 'takings', 'merchant', 'float', 'voucher', 'energy', 'khata']);
const CENTRE = 'centre';

const kindOfPart = (gateway: string, account: string): PosPart['kind'] => {
  if (accountKind(account) === 'transit') return 'transit';
  return gateway === CENTRE ? 'else' : 'here';
};
const placeOf = (gateway: string): string => (gateway === CENTRE ? t('head-office') : siteOf(gateway));

const sureWords = (gateway: CentreGatewayBody | undefined): string => {
  if (gateway === undefined) return t('now-here');
  const sure = m('acc.sure.n', { number: `#${gateway.watermark}` });
  if (gateway.lag > 0) return `${sure}, ${m('acc.sure.way', { n: formatCount(gateway.lag, language.value) })}`;
  return gateway.state === 'silent' ? `${sure}, ${m('acc.sure.silent')}` : sure;
};

const Top = ({ account }: { readonly account: CentreAccountBody }) => {
  const parts = (account.positions ?? [])
    .map(
      ({ gateway, epoch, available }): PosPart => ({
        id: `${gateway} ${epoch}`,
        name: placeOf(gateway),
        kind: kindOfPart(gateway, account.id),
        value: BigInt(available),
      }),
    )
    .filter(({ value }) => value > 0n);
  const sure =
    account.sureUntil === undefined
      ? m('acc.sure')
      : m('acc.sure-until', { time: shortWhen(account.sureUntil, now.value, language.value) });
  return (
    <section class="card pos__top" aria-label={m('acc.total')}>
      <div class="pos__t">
        <h2>{m('acc.total')}</h2>
        <p class="kpi__v">
          <Amount value={account.available} currency={account.currency} size="display" />
        </p>
        <span class="asof">
          <Icon name="clock" />
          <span>{sure}</span>
        </span>
      </div>
      {parts.length === 0 ? (
        <p class="hint">{m('acc.no-positions')}</p>
      ) : (
        <div class="pos__b">
          <PosBar parts={parts} label={m('acc.where')} currency={account.currency} amounts={false} />
          <ul class="legend legend--s">
            <li>
              <span class="sw sw--here" />
              {m(SPENT.has(account.kind) ? 'acc.legend.here' : 'acc.legend.kept')}
            </li>
            <li>
              <span class="sw sw--else" />
              {m('acc.legend.else')}
            </li>
            <li>
              <span class="sw sw--transit" />
              {s('on-its-way')}
            </li>
          </ul>
        </div>
      )}
    </section>
  );
};

const Where = ({ account }: { readonly account: CentreAccountBody }) => {
  const positions = account.positions ?? [];
  if (positions.length === 0) return null;
  return (
    <section class="card card--flush" aria-labelledby="acc-where">
      <div class="card__h">
        <h2 id="acc-where">{m(SPENT.has(account.kind) ? 'acc.where' : 'acc.where.kept')}</h2>
      </div>
      <table class="ot ot--tall">
        <thead>
          <tr>
            <th scope="col">{m('acc.col.where')}</th>
            <th scope="col">{t('col.link')}</th>
            <th scope="col">{m('acc.col.as-of')}</th>
            <th scope="col">{m('acc.col.sure')}</th>
            <th scope="col" class="r">
              {currencySign(account.currency, language.value)}
            </th>
          </tr>
        </thead>
        <tbody>
          {positions.map(({ gateway, epoch, available }) => {
            const box = gateways.value.find((one) => one.gateway === gateway);
            return (
              <tr key={`${gateway} ${epoch}`}>
                <th scope="row">
                  <span class="wi">
                    <span class={`sw sw--${kindOfPart(gateway, account.id)}`} />
                    {box === undefined ? placeOf(gateway) : <a href={hashOf('gateways', gateway)}>{placeOf(gateway)}</a>}
                  </span>
                </th>
                <td>{box === undefined ? '–' : <GatewayState state={box.state} />}</td>
                <td>
                  {box?.lastContact === undefined ? (
                    timeText(account.asOf, language.value)
                  ) : (
                    <ShortWhen at={box.lastContact} today={now.value} />
                  )}
                </td>
                <td class="wrap">{sureWords(box)}</td>
                <td class="r">
                  <Amount value={available} />
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{m('acc.total')}</th>
            <td />
            <td />
            <td />
            <td class="r">
              <Amount value={account.available} />
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
};

const Entries = ({ account }: { readonly account: CentreAccountBody }) => {
  const { list, isReading, older } = useEntries({ account: account.id });
  return (
    <section class="card card--flush" aria-labelledby="acc-how">
      <div class="card__h">
        <h2 id="acc-how">{m('acc.how')}</h2>
        <span class="grow" />
        <span class="filters__n">
          <Count value={account.entries} /> {t('col.entries')}
        </span>
      </div>
      {list === undefined ? <Skeleton /> : null}
      {list?.entries.length === 0 ? <EmptyState text={t('empty.entries')} /> : null}
      {list === undefined || list.entries.length === 0 ? null : (
        <EntryTable
          entries={list.entries}
          currency={account.currency}
          newAbove={list.newAbove}
          account={account.id}
          hrefOf={({ hash }) => hashOf('ledger', 'entries', hash)}
        />
      )}
      {list?.next === undefined ? null : (
        <div class="more">
          <button type="button" class="obtn" aria-disabled={isReading} onClick={older}>
            {t('older')}
            <Icon name="chevron-down" />
          </button>
        </div>
      )}
    </section>
  );
};

export const AccountDetail = ({ id }: { readonly id: string }) => {
  const asked = useAnswer<CentreAccountBody>(`/v1/accounts/${encodeURIComponent(id)}`, entryTick.value);
  return (
    <>
      <div class="ohead">
        <p class="crumb">
          <a href={hashOf('accounts')}>{t('nav.accounts')}</a> <Icon name="chevron-right" />
        </p>
        <h1>
          {kindWords(accountKind(id))} <span class="idn">{id}</span>
        </h1>
        {asked.value === undefined ? null : <AsOf at={asked.value.asOf} />}
      </div>
      <Answered asked={asked}>
        {(account) => (
          <div class="pos">
            <Top account={account} />
            <Where account={account} />
            <Entries account={account} />
          </div>
        )}
      </Answered>
    </>
  );
};
