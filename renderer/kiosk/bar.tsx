/** The bar: the shop, the link with what waits, power where it is known, the clock with both dates, the language. */
import { useState } from 'preact/hooks';
import { Count } from '../shared/amount.tsx';
import { dayText, durationOf, isoDay, isSameDay, timeText } from '../shared/calendar.ts';
import { digits, language } from '../shared/i18n.ts';
import { Brand, Icon } from '../shared/icon.tsx';
import { LanguageButton } from '../shared/language-button.tsx';
import { go } from '../shared/router.ts';
import { SealGlyph } from '../shared/seal.tsx';
import { now, reach, status } from './box.ts';
import { LinkSheet } from './link-sheet.tsx';
import { records, waitingCount } from './payments.ts';
import { session } from './session.ts';
import { t } from './words.ts';

const since = (at: string): string =>
  isSameDay(at, now.value)
    ? t('link.since', { time: timeText(at, language.value) })
    : t('link.for', {
        duration: ((length) => t(`duration.${length.unit}`, { count: length.count }))(durationOf(now.value - Date.parse(at))),
      });

const LinkChip = ({ onOpen }: { readonly onOpen: () => void }) => {
  if (reach.value === 'no') {
    return (
      <button type="button" class="chip chip--calm" onClick={onOpen}>
        <Icon name="plug" />
        <span class="chip__t">
          {t('box-silent')}
          <small>{t('box-silent.asking')}</small>
        </span>
      </button>
    );
  }
  const box = status.value;
  if (box === undefined) return null;
  const { state, since: at, rttMs } = box.link;
  const waiting = box.head.number - box.watermark.received;
  return (
    <button type="button" class={state === 'off' ? 'chip chip--calm' : 'chip'} onClick={onOpen}>
      <Icon name={state === 'slow' ? 'gauge' : 'satellite'} />
      <span class="chip__t">
        {t(`link.${state}`)}
        <small>{state !== 'off' && rttMs !== undefined ? t('link.rtt', { ms: Math.round(rttMs) }) : since(at)}</small>
      </span>
      <span class="chip__n">
        <SealGlyph state={state === 'off' ? 'kept' : 'sent'} />
        <Count value={waiting} />
        <span class="vh"> {t('kept-waiting')}</span>
      </span>
    </button>
  );
};

const PowerChip = () => {
  const power = status.value?.power;
  if (power?.chargePct === undefined) return null;
  const isLow = power.mode !== 'full';
  return (
    <div class={isLow ? 'chip chip--care chip--still' : 'chip chip--still'}>
      <Icon name="battery" />
      <span class="chip__t">
        <span class="vh">{t('battery')} </span>
        {digits(Math.round(power.chargePct))}
        {'\u2009%'}
        <small>{t(`power.${power.mode}`)}</small>
      </span>
    </div>
  );
};

const OpenChip = () => {
  const count = waitingCount();
  if (count === 0) return null;
  const first = [...records.value.values()].find(({ outcome }) => outcome.state === 'asking');
  return (
    <button type="button" class="chip chip--calm" onClick={() => first !== undefined && go('payment', first.id)}>
      <Icon name="clock" />
      <span class="chip__t">{t('not-answered', { count })}</span>
    </button>
  );
};

export const Bar = () => {
  const [isOpen, setOpen] = useState(false);
  return (
    <header class="kbar">
      <Brand />
      <div class="kbar__shop">
        <b>{status.value?.site ?? session.value?.site}</b>
        <small class="idn">{session.value?.gateway}</small>
      </div>
      <div class="kbar__chips">
        <OpenChip />
        <LinkChip onOpen={() => setOpen(true)} />
        <PowerChip />
        <div class="kclock">
          <b>{timeText(now.value, language.value)}</b>
          <small>
            {dayText(now.value, language.value)}
            <span class="iso">{isoDay(now.value)}</span>
          </small>
        </div>
        <LanguageButton />
      </div>
      {isOpen ? <LinkSheet onClose={() => setOpen(false)} /> : null}
    </header>
  );
};
