/** The ledger as a file: which part, which shape. */
import { useState } from 'preact/hooks';
import { Icon } from '../../shared/icon.tsx';
import { gateways } from '../centre.ts';
import { endOfDay, startOfDay } from '../hours.ts';
import { Waterline } from '../widgets/waterline.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';

const formats = ['hledger', 'csv'] as const;

export const Exports = () => {
  const [format, setFormat] = useState<(typeof formats)[number]>('hledger');
  const [gateway, setGateway] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const query = new URLSearchParams({
    format,
    ...(gateway === '' ? {} : { gateway }),
    ...(from === '' ? {} : { from: startOfDay(from) }),
    ...(to === '' ? {} : { to: endOfDay(to) }),
  });
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.exports')}</h1>
      </div>
      <Waterline gateways={gateways.value} />
      <section class="card exports" aria-label={t('nav.exports')}>
        <p>{m('exp.note')}</p>
        <fieldset class="choices">
          <legend>{m('exp.format')}</legend>
          {formats.map((one) => (
            <label key={one} class={one === format ? 'choice is-set' : 'choice'}>
              <input type="radio" name="format" checked={one === format} onChange={() => setFormat(one)} />
              <span>
                {m(`exp.${one}`)}
                <small>{m(`exp.${one}.note`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="fields">
          <label class="field">
            <span>{t('col.shop')}</span>
            <select value={gateway} onChange={(event) => setGateway(event.currentTarget.value)}>
              <option value="">{t('filter.shop')}</option>
              {gateways.value.map((one) => (
                <option key={one.gateway} value={one.gateway}>
                  {one.site}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{t('filter.from')}</span>
            <input type="date" value={from} max={to === '' ? undefined : to} onChange={(event) => setFrom(event.currentTarget.value)} />
          </label>
          <label class="field">
            <span>{t('filter.to')}</span>
            <input type="date" value={to} min={from === '' ? undefined : from} onChange={(event) => setTo(event.currentTarget.value)} />
          </label>
        </div>
        <p class="hint">{m('exp.sure')}</p>
        <a class="obtn obtn--p" href={`/v1/export?${query.toString()}`} download>
          <Icon name="download" />
          {m('exp.go')}
        </a>
      </section>
    </>
  );
};
