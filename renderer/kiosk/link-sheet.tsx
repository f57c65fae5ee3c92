/** What works, what waits, the last contact; in a village also the switch of this box's link. */
import { useState } from 'preact/hooks';
import { Count } from '../shared/amount.tsx';
import { type ApiError, api } from '../shared/api.ts';
import { timeText } from '../shared/calendar.ts';
import { errorWords } from '../shared/error-words.ts';
import { Facts } from '../shared/facts.tsx';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { type LinkPosition, LinkSwitch } from '../shared/link-switch.tsx';
import { Note } from '../shared/note.tsx';
import { SealSummary } from '../shared/seal-summary.tsx';
import { When } from '../shared/when.tsx';
import { lastError, reach, readStatus, status } from './box.ts';
import { Sheet } from './sheet.tsx';
import { t } from './words.ts';

/** What the switch was last set to here: the box tells its link's state, not the village's. */
let lastPosition: LinkPosition | undefined;

const VillageSwitch = () => {
  const [position, setPosition] = useState(lastPosition);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const change = async (state: LinkPosition): Promise<void> => {
    setPosition(state);
    lastPosition = state;
    const answer = await api<{ state: LinkPosition }>('/village/link', { method: 'POST', body: { state } });
    setError(answer.ok ? undefined : answer.error);
    void readStatus();
  };
  return (
    <section class="sheet__switch" aria-label={t('switch.label')}>
      <h3>{t('village.try')}</h3>
      <LinkSwitch value={position ?? (status.value?.link.state === 'off' ? 'cut' : undefined)} onChange={(state) => void change(state)} />
      {error === undefined ? null : <Note kind="calm">{errorWords(error).title}</Note>}
    </section>
  );
};

export const LinkSheet = ({ onClose }: { readonly onClose: () => void }) => {
  const box = status.value;
  if (reach.value === 'no' || box === undefined) {
    const error = lastError.value;
    return (
      <Sheet title={t('error.unreachable')} onClose={onClose}>
        <Note kind="calm">{t('error.unreachable.do')}</Note>
        <button type="button" class="btn" onClick={() => void readStatus()}>
          <Icon name="refresh" />
          {t('retry')}
        </button>
        {error === undefined ? null : <small>{t('error.code', { code: error.code })}</small>}
      </Sheet>
    );
  }
  const { link, head, watermark, sent } = box;
  const isOff = link.state === 'off';
  const settled = watermark.received;
  const onTheWay = Math.max(0, Math.min(sent, head.number) - settled);
  return (
    <Sheet title={t(`link.${link.state}`)} onClose={onClose}>
      <p>
        {t(isOff ? 'link.off.say' : link.state === 'slow' ? 'link.slow.say' : 'link.on.say', {
          time: timeText(link.since, language.value),
        })}
      </p>
      <ul class="works">
        <li>
          <Icon name="check" />
          <span>
            <b>{t('works')}</b>
            <small>{t('works.what')}</small>
          </span>
        </li>
        <li>
          <Icon name="clock" />
          <span>
            <b>{t('waits')}</b>
            <small>{t(isOff ? 'waits.what' : 'waits.nothing')}</small>
          </span>
        </li>
      </ul>
      <SealSummary counts={{ kept: Math.max(0, head.number - settled - onTheWay), sent: onTheWay, settled }} />
      <Facts
        facts={[
          { name: t(isOff ? 'last-contact' : 'linked-since'), value: <When at={link.since} style="both" /> },
          { name: t('waiting-entries'), value: <Count value={head.number - settled} /> },
          ...(link.rttMs === undefined ? [] : [{ name: t('round-trip'), value: t('link.rtt', { ms: Math.round(link.rttMs) }) }]),
          ...(link.lossPct === undefined ? [] : [{ name: t('loss'), value: `${Math.round(link.lossPct)}\u2009%` }]),
        ]}
      />
      {box.village ? <VillageSwitch /> : null}
    </Sheet>
  );
};
