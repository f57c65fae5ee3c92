/** Leases of the tokens of meters, newest first, without their texts. */
import type { LeasesBody } from '../../../ledger-sync/central/schemas.ts';
import { ShortWhen } from '../../shared/desk/short-when.tsx';
import { EmptyState } from '../../shared/states.tsx';
import { now } from '../centre.ts';
import { useAnswer } from '../use-answer.ts';
import { Answered } from '../widgets/trouble.tsx';
import { m } from '../words-more.ts';

export const LeaseList = ({ tick, onNew }: { readonly tick: number; readonly onNew: () => void }) => {
  const asked = useAnswer<LeasesBody>('/v1/leases?limit=50', tick);
  return (
    <section class="card card--flush" aria-labelledby="h-leases">
      <div class="card__h">
        <h2 id="h-leases">{m('l.title')}</h2>
        <button type="button" id="lease-new" class="obtn" onClick={onNew}>
          {m('l.new')}
        </button>
      </div>
      <Answered asked={asked} rows={3}>
        {({ leases }) =>
          leases.length === 0 ? (
            <EmptyState text={m('l.none')} />
          ) : (
            <table class="ot">
              <thead>
                <tr>
                  <th scope="col">{m('l.meter')}</th>
                  <th scope="col">{m('l.box')}</th>
                  <th scope="col">{m('l.counts')}</th>
                  <th scope="col">{m('l.given')}</th>
                </tr>
              </thead>
              <tbody>
                {leases.map((lease) => (
                  <tr key={lease.number}>
                    <th scope="row">
                      <span class="idn">{lease.meter}</span> <small class="inl">#{lease.number}</small>
                    </th>
                    <td>
                      <span class="idn">{lease.gateway}</span>
                    </td>
                    <td class="idn">
                      {lease.from}–{lease.to - 1}
                    </td>
                    <td>
                      <ShortWhen at={lease.issuedAt} today={now.value} />
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
