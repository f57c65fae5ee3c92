/** Pairing: the eight digits that the box shows, typed once, or brought by the address. Kiosk and field pair alike. */
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from './api.ts';
import { errorWords } from './error-words.ts';
import { digits, sentence } from './i18n.ts';
import { Brand, Icon } from './icon.tsx';
import { Keypad } from './keypad.tsx';
import { LanguageButton } from './language-button.tsx';
import { Note } from './note.tsx';
import { ThemeButton } from './theme-button.tsx';
import { t } from './words.ts';

const LENGTH = 8;

/** The eight digits of `#pair=12345678`, taken out of the address at once so that they stay in no history. */
export const takePairingCode = (): string | undefined => {
  const code = /^#pair=([0-9]{8})$/.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', '#/');
  return code;
};

type PairViewProps = { readonly code: string | undefined; readonly onPair: (code: string) => Promise<ApiError | undefined> };

export const PairView = ({ code, onPair }: PairViewProps) => {
  const [typed, setTyped] = useState(code ?? '');
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);

  const send = async (value: string): Promise<void> => {
    if (isBusy || value.length !== LENGTH) return;
    setBusy(true);
    setError(undefined);
    const failed = await onPair(value);
    setBusy(false);
    if (failed === undefined) return;
    setError(failed);
    if (failed.kind === 'problem') setTyped('');
  };
  useEffect(() => {
    document.title = `${t('pair.title')} · Chautari`;
    if (code !== undefined) void send(code);
  }, []);

  const words = error === undefined ? undefined : errorWords(error);
  return (
    <main class="pair">
      <section class="pair__say">
        <p class="pair__brand">
          <Brand />
          <b>Chautari</b>
        </p>
        <h1>{t('pair.title')}</h1>
        <p>{t('pair.say')}</p>
        <p class="pair__foot">
          <LanguageButton />
          <ThemeButton />
        </p>
      </section>
      <section class="pair__do" aria-label={t('pair.code')}>
        <p class="pair__digits" role="status" aria-label={t('pair.typed', { count: typed.length })}>
          {Array.from({ length: LENGTH }, (_, index) => (
            <span key={index} class={index < typed.length ? 'is-on' : undefined} aria-hidden="true">
              {digits(typed[index] ?? '')}
            </span>
          ))}
        </p>
        {words === undefined ? null : (
          <Note kind="calm" role="status">
            <b>{sentence(words.title)}</b> {words.todo} <small class="code">{t('error.code', { code: words.code })}</small>
          </Note>
        )}
        <Keypad
          label={t('keys')}
          value={typed}
          onChange={(next) => {
            setTyped(next);
            setError(undefined);
          }}
          mode="code"
          maxDigits={LENGTH}
          onEnter={() => void send(typed)}
        />
        <button
          type="button"
          class={`btn btn--xl ${isBusy ? 'btn--busy' : 'btn--primary'}`}
          aria-disabled={typed.length === LENGTH ? undefined : true}
          onClick={() => void send(typed)}
        >
          <Icon name="check" />
          {t(isBusy ? 'pair.asking' : 'pair.do')}
        </button>
      </section>
    </main>
  );
};
