/** Vouchers that were made, without their codes, and messages that were refused. */
import type { RefusedBody, VouchersBody } from '../../../ledger-sync/central/schemas.ts';
import { Count } from '../../shared/amount.tsx';
import { ShortWhen } from '../../shared/desk/short-when.tsx';
import { EmptyState } from '../../shared/states.tsx';
import { gateways, now } from '../centre.ts';
import { useAnswer } from '../use-answer.ts';
import { Answered } from '../widgets/trouble.tsx';
import { m } from '../words-more.ts';

export const VoucherList = ({ tick }: { readonly tick: number }) => {
  const asked = useAnswer<VouchersBody>('/v1/vouchers?limit=20', tick + gateways.value.length);
  return (
    <section class="card card--flush" aria-labelledby="h-vouchers">
      <div class="card__h">
        <h2 id="h-vouchers">{m('gw.vouchers')}</h2>
      </div>
      <Answered asked={asked} rows={3}>
        {({ vouchers }) =>
          vouchers.length === 0 ? (
            <EmptyState text={m('gw.vouchers.none')} />
          ) : (
            <table class="ot">
              <thead>
                <tr>
                  <th scope="col">{m('v.for')}</th>
                  <th scope="col">{m('v.state')}</th>
                  <th scope="col">{m('v.until')}</th>
                </tr>
              </thead>
              <tbody>
                {vouchers.map((voucher) => (
                  <tr key={voucher.id}>
                    <th scope="row" class="wrap">
                      {voucher.site} <small class="inl idn">{voucher.gateway}</small>
                    </th>
                    <td>{m(`v.${voucher.state}`)}</td>
                    <td>
                      <ShortWhen at={voucher.usedAt ?? voucher.expiresAt} today={now.value} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answered>
    </section>
  );
};

export const RefusedList = () => {
  const counts = gateways.value.reduce((sum, { refused }) => sum + refused, 0);
  const asked = useAnswer<RefusedBody>('/v1/refused?limit=50', counts);
  return (
    <section class="card card--flush" aria-labelledby="h-refused">
      <div class="card__h">
        <h2 id="h-refused">{m('gw.refused.title')}</h2>
      </div>
      <Answered asked={asked} rows={3}>
        {({ refused }) =>
          refused.length === 0 ? (
            <EmptyState text={m('gw.refused.none')} />
          ) : (
            <>
              <p class="hint hint--in">{m('gw.refused.note')}</p>
              <table class="ot">
                <thead>
                  <tr>
                    <th scope="col">{m('gw.refused.topic')}</th>
                    <th scope="col">{m('gw.refused.reason')}</th>
                    <th scope="col" class="r">
                      {m('gw.refused.count')}
                    </th>
                    <th scope="col">{m('gw.refused.last')}</th>
                  </tr>
                </thead>
                <tbody>
                  {refused.map((one) => (
                    <tr key={`${one.topic} ${one.reason} ${one.firstAt}`}>
                      <th scope="row" class="wrap">
                        <code>{one.topic}</code>
                      </th>
                      <td class="wrap" lang="en">
                        {one.reason}
                      </td>
                      <td class="r">
                        <Count value={one.count} />
                      </td>
                      <td>
                        <ShortWhen at={one.lastAt} today={now.value} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )
        }
      </Answered>
    </section>
  );
};
