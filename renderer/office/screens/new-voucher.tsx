/** A voucher for a new box: name it, make it, show its code once, large and to scan. The code is never kept in the browser. */
import { useState } from 'preact/hooks';
import type { VoucherBody } from '../../../ledger-sync/central/schemas.ts';
import { shortWhen } from '../../shared/desk/short-when.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { Note } from '../../shared/note.tsx';
import { ask, gateways, now } from '../centre.ts';
import { copyText } from '../widgets/copy.ts';
import { Drawer } from '../widgets/drawer.tsx';
import { useListKeys } from '../widgets/keys.ts';
import { Qr } from '../widgets/qr.tsx';
import { troubleText } from '../widgets/trouble.tsx';
import { m } from '../words-more.ts';

const GATEWAY = /^[a-z][a-z0-9-]{1,30}$/;

export const groupsOfFour = (code: string): readonly string[] =>
  code
    .replace(/[^0-9A-Za-z]/g, '')
    .toUpperCase()
    .match(/.{1,4}/g) ?? [];

const Made = ({ voucher, onClose }: { readonly voucher: VoucherBody; readonly onClose: () => void }) => {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const groups = groupsOfFour(voucher.code ?? '');
  const code = groups.join('-');
  return (
    <div class="vch">
      <p>
        <b>{voucher.site}</b> <span class="idn">{voucher.gateway}</span>
      </p>
      <p class="vch__code" aria-label={`${m('v.code')}: ${code}`} role="img">
        {groups.map((group, index) => (
          <span key={`${index} ${group}`}>{group}</span>
        ))}
      </p>
      <Qr text={code} label={m('v.qr')} />
      <Note kind="calm" icon="clock">
        {m('v.once', { when: shortWhen(voucher.expiresAt, now.value, language.value) })}
      </Note>
      <p class="vch__copied" role="status">
        {copied === 'no' ? '' : m(copied === 'yes' ? 'v.copied' : 'v.copy-failed')}
      </p>
      <div class="two">
        <button type="button" class="obtn" onClick={() => void copyText(code).then((isDone) => setCopied(isDone ? 'yes' : 'failed'))}>
          {m('v.copy')}
        </button>
        <button type="button" class="obtn obtn--p" onClick={onClose}>
          <Icon name="check" />
          {m('v.done')}
        </button>
      </div>
    </div>
  );
};

export const NewVoucher = ({ onMade, onClose }: { readonly onMade: () => void; readonly onClose: () => void }) => {
  const [gateway, setGateway] = useState('');
  const [site, setSite] = useState('');
  const [fault, setFault] = useState<{ readonly field?: 'gateway' | 'site'; readonly text: string }>();
  const [isBusy, setBusy] = useState(false);
  const [voucher, setVoucher] = useState<VoucherBody>();
  useListKeys({ onMove: () => undefined, onClose });
  const isTaken = gateways.value.some((one) => one.gateway === gateway && one.entries > 0);
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    if (!GATEWAY.test(gateway)) return setFault({ field: 'gateway', text: m('v.bad-gateway') });
    if (site.trim() === '' || site.length > 60) return setFault({ field: 'site', text: m('v.bad-site') });
    setFault(undefined);
    setBusy(true);
    const answer = await ask<VoucherBody>('/v1/vouchers', { method: 'POST', body: { gateway, site: site.trim() } });
    setBusy(false);
    if (!answer.ok) return setFault({ text: troubleText(answer.error) });
    setVoucher(answer.value);
    onMade();
  };
  return (
    <Drawer of={voucher === undefined ? 'form' : 'made'} title={m('v.title')} label={m('v.title')} onClose={onClose}>
      {voucher === undefined ? (
        <form class="form" onSubmit={(event) => void make(event)} noValidate>
          <label class="field">
            <span>{m('v.site')}</span>
            <input
              value={site}
              maxLength={60}
              aria-invalid={fault?.field === 'site'}
              aria-describedby="v-fault"
              onInput={(event) => setSite(event.currentTarget.value)}
            />
          </label>
          <label class="field">
            <span>{m('v.gateway')}</span>
            <input
              class="idn"
              value={gateway}
              maxLength={31}
              autocapitalize="none"
              spellcheck={false}
              aria-invalid={fault?.field === 'gateway'}
              aria-describedby="v-hint v-fault"
              onInput={(event) => setGateway(event.currentTarget.value.toLowerCase())}
            />
          </label>
          <p id="v-hint" class="hint">
            {m('v.gateway.hint')}
          </p>
          {isTaken ? <Note kind="care">{m('v.taken')}</Note> : null}
          <div id="v-fault">
            {fault === undefined ? null : (
              <Note kind="care" role="alert">
                {fault.text}
              </Note>
            )}
          </div>
          <button type="submit" class="obtn obtn--p obtn--wide" aria-disabled={isBusy}>
            <Icon name="badge" />
            {m(isBusy ? 'v.busy' : 'v.make')}
          </button>
        </form>
      ) : (
        <Made voucher={voucher} onClose={onClose} />
      )}
    </Drawer>
  );
};
