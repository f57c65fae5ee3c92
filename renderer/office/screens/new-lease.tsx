/**
 * A lease of a meter's tokens for a shop: its text is shown once, to scan or copy. The text holds the meter's key and is never kept in
 * the browser. The asking has a name, so that a lost answer is the same lease again.
 */
import { useState } from 'preact/hooks';
import type { LeaseBody, MetersBody } from '../../../ledger-sync/central/schemas.ts';
import { Icon } from '../../shared/icon.tsx';
import { Note } from '../../shared/note.tsx';
import { ask, gateways } from '../centre.ts';
import { useAnswer } from '../use-answer.ts';
import { copyText } from '../widgets/copy.ts';
import { Drawer } from '../widgets/drawer.tsx';
import { useListKeys } from '../widgets/keys.ts';
import { Qr } from '../widgets/qr.tsx';
import { troubleText } from '../widgets/trouble.tsx';
import { m } from '../words-more.ts';

type Given = LeaseBody & { readonly text: string };

const Made = ({ lease, onClose }: { readonly lease: Given; readonly onClose: () => void }) => {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  return (
    <div class="vch">
      <p>
        <b class="idn">{lease.meter}</b> <span class="idn">{lease.gateway}</span>
      </p>
      <Qr text={lease.text} label={m('l.qr')} />
      <Note kind="care" icon="key">
        {m('l.once')}
      </Note>
      <p class="vch__copied" role="status">
        {copied === 'no' ? '' : m(copied === 'yes' ? 'v.copied' : 'v.copy-failed')}
      </p>
      <div class="two">
        <button type="button" class="obtn" onClick={() => void copyText(lease.text).then((isDone) => setCopied(isDone ? 'yes' : 'failed'))}>
          {m('l.copy')}
        </button>
        <button type="button" class="obtn obtn--p" onClick={onClose}>
          <Icon name="check" />
          {m('v.done')}
        </button>
      </div>
    </div>
  );
};

export const NewLease = ({ onMade, onClose }: { readonly onMade: () => void; readonly onClose: () => void }) => {
  const meters = useAnswer<MetersBody>('/v1/meters?limit=500').value?.meters ?? [];
  const boxes = gateways.value.filter(({ state }) => state !== 'waiting');
  const [request] = useState(() => crypto.randomUUID());
  const [gateway, setGateway] = useState('');
  const [meter, setMeter] = useState('');
  const [takeOver, setTakeOver] = useState('');
  const [isOwned, setOwned] = useState(false);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [lease, setLease] = useState<Given>();
  useListKeys({ onMove: () => undefined, onClose });
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    if (gateway === '' || meter === '') return setFault(m('l.choose'));
    setFault(undefined);
    setBusy(true);
    const why = takeOver.trim();
    const body = { gateway, meter, request, ...(isOwned && why !== '' ? { takeOver: why } : {}) };
    const answer = await ask<Given>('/v1/leases', { method: 'POST', body });
    setBusy(false);
    if (!answer.ok) {
      const owned = answer.error.code === 'leased-already';
      setOwned(isOwned || owned);
      return setFault(owned ? m('l.owned') : troubleText(answer.error));
    }
    setLease(answer.value);
    onMade();
  };
  return (
    <Drawer of={lease === undefined ? 'form' : 'made'} title={m('l.new')} label={m('l.new')} onClose={onClose}>
      {lease === undefined ? (
        <form class="form" onSubmit={(event) => void make(event)} noValidate>
          <label class="field">
            <span>{m('l.meter')}</span>
            <select value={meter} onChange={(event) => setMeter(event.currentTarget.value)}>
              <option value="">–</option>
              {meters.map((one) => (
                <option key={one.meter}>{one.meter}</option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{m('l.box')}</span>
            <select value={gateway} onChange={(event) => setGateway(event.currentTarget.value)}>
              <option value="">–</option>
              {boxes.map((one) => (
                <option key={one.gateway} value={one.gateway}>
                  {one.site}
                </option>
              ))}
            </select>
          </label>
          {isOwned ? (
            <label class="field">
              <span>{m('l.why')}</span>
              <input value={takeOver} maxLength={200} onInput={(event) => setTakeOver(event.currentTarget.value)} />
            </label>
          ) : null}
          {fault === undefined ? null : (
            <Note kind="care" role="alert">
              {fault}
            </Note>
          )}
          <button type="submit" class="obtn obtn--p obtn--wide" aria-disabled={isBusy}>
            <Icon name="zap" />
            {m(isBusy ? 'v.busy' : 'l.make')}
          </button>
        </form>
      ) : (
        <Made lease={lease} onClose={onClose} />
      )}
    </Drawer>
  );
};
