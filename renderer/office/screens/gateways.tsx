/** The boxes: watermark, what they announced, last contact; one of them whole; vouchers for new ones; what was refused. */
import { useState } from 'preact/hooks';
import type { CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Count } from '../../shared/amount.tsx';
import { ShortWhen } from '../../shared/desk/short-when.tsx';
import { Facts } from '../../shared/facts.tsx';
import { digits, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { formatCount } from '../../shared/money.ts';
import { go, hashOf, path } from '../../shared/router.ts';
import { EmptyState } from '../../shared/states.tsx';
import { gateways, now } from '../centre.ts';
import { GatewayState, wayText } from '../widgets/gateway-state.tsx';
import { useListKeys } from '../widgets/keys.ts';
import { t } from '../words.ts';
import { m } from '../words-more.ts';
import { LeaseList } from './leases.tsx';
import { keepFilters } from './ledger-entries.tsx';
import { NewLease } from './new-lease.tsx';
import { NewVoucher } from './new-voucher.tsx';
import { RefusedList, VoucherList } from './vouchers.tsx';

const bytesText = ({ bytes, entries }: CentreGatewayBody): string => (entries === 0 ? '–' : digits((bytes / entries).toFixed(1)));

const BoxTable = ({ boxes, current }: { readonly boxes: readonly CentreGatewayBody[]; readonly current: string | undefined }) => (
  <section class="card card--flush" aria-label={m('gw.list')}>
    <table class="ot ot--tall">
      <caption class="vh">{m('gw.list')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('col.shop')}</th>
          <th scope="col">{t('col.link')}</th>
          <th scope="col">{t('col.contact')}</th>
          <th scope="col" class="r">
            {m('gw.watermark')}
          </th>
          <th scope="col" class="r">
            {m('gw.announced')}
          </th>
          <th scope="col">{m('gw.lag')}</th>
          <th scope="col" class="r">
            {m('gw.bytes')}
          </th>
          <th scope="col" class="r">
            {m('gw.refused')}
          </th>
        </tr>
      </thead>
      <tbody>
        {boxes.map((box) => {
          const isOn = box.gateway === current;
          return (
            <tr key={box.gateway} class={isOn ? 'is-on' : ''}>
              <th scope="row" class="wrap">
                <a href={hashOf('gateways', box.gateway)} aria-current={isOn ? 'true' : undefined}>
                  {box.site}
                </a>
                <small class="idn">{box.gateway}</small>
              </th>
              <td>
                <GatewayState state={box.state} />
              </td>
              <td>{box.lastContact === undefined ? m('gw.never') : <ShortWhen at={box.lastContact} today={now.value} />}</td>
              <td class="r idn">#{box.watermark}</td>
              <td class="r idn">#{box.announced}</td>
              <td class="n">{wayText(box)}</td>
              <td class="r n">{bytesText(box)}</td>
              <td class="r">
                <Count value={box.refused} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </section>
);

const Box = ({ box }: { readonly box: CentreGatewayBody }) => (
  <section class="card gw__d" aria-labelledby="gw-title">
    <div class="card__h">
      <h2 id="gw-title">{box.site}</h2>
      <GatewayState state={box.state} />
      <span class="grow" />
      <a class="obtn" href={hashOf('ledger', 'entries')} onClick={() => keepFilters({ gateway: box.gateway })}>
        <Icon name="book-open" />
        {m('gw.see-entries')}
      </a>
    </div>
    {box.state === 'silent' ? <p class="hint">{m('gw.silent-note')}</p> : null}
    <div class="facts--row">
      <Facts
        facts={[
          { name: t('col.sure'), value: <span class="idn">#{box.watermark}</span> },
          { name: m('gw.lag'), value: wayText(box) },
          { name: m('gw.entries'), value: <Count value={box.entries} /> },
          { name: m('gw.batches'), value: <Count value={box.batches} /> },
          { name: m('gw.bytes'), value: bytesText(box) },
          {
            name: m('gw.breaks'),
            value: box.breaks === 0 ? <Count value={0} /> : <a href={hashOf('breaks')}>{formatCount(box.breaks, language.value)}</a>,
          },
          { name: m('gw.refused'), value: <Count value={box.refused} /> },
          { name: t('drawer.epoch'), value: <code>{box.epoch ?? '–'}</code> },
          { name: m('gw.key'), value: <code>{box.keyFingerprint === undefined ? '–' : box.keyFingerprint.slice(0, 16)}</code> },
        ]}
      />
    </div>
  </section>
);

export const Gateways = () => {
  const boxes = gateways.value;
  const [isMaking, setMaking] = useState(false);
  const [isLeasing, setLeasing] = useState(false);
  const [leased, setLeased] = useState(0);
  const [made, setMade] = useState(0);
  const open = path.value[1];
  const current = boxes.find(({ gateway }) => gateway === open) ?? boxes[0];
  useListKeys(
    {
      onMove: (by) => {
        const at = boxes.findIndex(({ gateway }) => gateway === current?.gateway);
        const to = boxes[Math.min(boxes.length - 1, Math.max(0, at + by))];
        if (to !== undefined) go('gateways', to.gateway);
      },
    },
    !isMaking && !isLeasing,
  );
  return (
    <div class={isMaking || isLeasing ? 'has-drawer' : ''}>
      <div class="ohead">
        <h1>{t('nav.gateways')}</h1>
        <span class="asof">
          <Icon name="clock" />
          <span>{m('gw.as-of')}</span>
        </span>
        <span class="grow" />
        <button type="button" class="obtn obtn--p" id="gw-new" onClick={() => setMaking(true)}>
          <Icon name="plus" />
          {m('gw.new')}
        </button>
      </div>
      <div class="gw">
        {boxes.length === 0 ? (
          <div class="card">
            <EmptyState text={m('gw.empty')} />
          </div>
        ) : (
          <BoxTable boxes={boxes} current={current?.gateway} />
        )}
        {current === undefined ? null : <Box box={current} />}
        <div class="gw__two">
          <VoucherList tick={made} />
          <RefusedList />
        </div>
        <LeaseList tick={leased} onNew={() => setLeasing(true)} />
      </div>
      {isMaking ? (
        <NewVoucher
          onMade={() => setMade(made + 1)}
          onClose={() => {
            setMaking(false);
            requestAnimationFrame(() => document.getElementById('gw-new')?.focus());
          }}
        />
      ) : null}
      {isLeasing ? (
        <NewLease
          onMade={() => setLeased(leased + 1)}
          onClose={() => {
            setLeasing(false);
            requestAnimationFrame(() => document.getElementById('lease-new')?.focus());
          }}
        />
      ) : null}
    </div>
  );
};
