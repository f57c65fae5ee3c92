/** Leases of meters: entered by a hand scanner or pasted, and how much is left of each. The text is not kept: it holds the meter's key. */
import { useEffect, useState } from 'preact/hooks';
import { type ApiError, api } from '../shared/api.ts';
import type { LeaseBody } from '../shared/api-types.ts';
import { errorWords } from '../shared/error-words.ts';
import { Facts } from '../shared/facts.tsx';
import { digits, sentence } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { Note } from '../shared/note.tsx';
import { fieldEnglish, t } from './words.ts';

const MAX_CHARS = 1_024;
const meterOf = ({ account }: LeaseBody): string => account.slice(account.indexOf(':') + 1);

/** What a lease can be refused for has words of its own here; all else is said as everywhere. */
const wordsOf = (error: ApiError): string => {
  const key = `lease.${error.code}`;
  if (Object.hasOwn(fieldEnglish, key)) return t(key as keyof typeof fieldEnglish);
  const { title, todo } = errorWords(error);
  return `${sentence(title)} ${todo}`;
};

export const LeaseForm = () => {
  const [text, setText] = useState('');
  const [leases, setLeases] = useState<readonly LeaseBody[]>([]);
  const [taken, setTaken] = useState<LeaseBody | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    void api<{ leases: readonly LeaseBody[] }>('/v1/leases').then((answer) => {
      if (answer.ok) setLeases(answer.value.leases);
    });
  }, [taken]);
  const send = async (): Promise<void> => {
    if (isBusy || text.trim() === '') return;
    setBusy(true);
    const answer = await api<LeaseBody>('/v1/leases', { method: 'POST', body: { lease: text.trim() } });
    setBusy(false);
    setError(answer.ok ? undefined : answer.error);
    setTaken(answer.ok ? answer.value : undefined);
    if (answer.ok) setText('');
  };
  return (
    <form
      class="fcard lform"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h2>{t('lease.title')}</h2>
      <p>{t('lease.say')}</p>
      <label class="vform__f">
        <span class="vh">{t('lease.field')}</span>
        <input
          type="text"
          lang="en"
          placeholder="CL1:…"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={MAX_CHARS}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {taken === undefined ? null : (
        <Note kind="calm" role="status">
          {t('lease.taken', { meter: meterOf(taken), count: taken.tokensLeft })}
        </Note>
      )}
      {error === undefined ? null : (
        <Note kind="care" role="status">
          {wordsOf(error)}{' '}
          <small class="code" lang="en">
            {error.code}
          </small>
        </Note>
      )}
      {leases.length === 0 ? null : (
        <Facts
          facts={leases.map((lease) => ({
            name: meterOf(lease),
            value: `${t('lease.left')}: ${digits(lease.tokensLeft)}`,
          }))}
        />
      )}
      <button type="submit" class={`btn ${isBusy ? 'btn--busy' : ''}`} aria-disabled={text.trim() === '' ? true : undefined}>
        <Icon name="zap" />
        {t(isBusy ? 'lease.taking' : 'lease.take')}
      </button>
    </form>
  );
};
