/** Sign-in with the office's password. Without it nothing of the centre is answered. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError } from '../../shared/api.ts';
import { Brand } from '../../shared/icon.tsx';
import { LanguageButton } from '../../shared/language-button.tsx';
import { Note } from '../../shared/note.tsx';
import { session, signIn } from '../centre.ts';
import { t } from '../words.ts';

const wordsOf = (error: ApiError): string => {
  if (error.code === 'wrong-password') return t('sign-in.wrong');
  if (error.code === 'too-many-tries') return t('sign-in.too-many');
  return error.kind === 'unreachable' ? t('trouble.unreachable') : `${t('trouble.other')} (${error.code})`;
};

export const SignIn = () => {
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy || password === '') return;
    setBusy(true);
    const answer = await signIn(password);
    setBusy(false);
    if (answer.ok) return;
    setError(answer.error);
    field.current?.select();
  };
  return (
    <div class="desk signin">
      <main class="signin__card card">
        <div class="signin__h">
          <Brand />
          <h1>
            Chautari <small>{t('sign-in.title')}</small>
          </h1>
          <LanguageButton />
        </div>
        {session.value === 'ended' ? <Note kind="calm">{t('sign-in.ended')}</Note> : null}
        <form onSubmit={(event) => void submit(event)}>
          <label class="field">
            <span>{t('sign-in.password')}</span>
            <input
              ref={field}
              type="password"
              name="password"
              autocomplete="current-password"
              maxLength={200}
              value={password}
              aria-describedby="signin-hint"
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          </label>
          <p id="signin-hint" class="hint">
            {t('sign-in.hint')}
          </p>
          {error === undefined ? null : (
            <Note kind="care" role="alert">
              {wordsOf(error)}
            </Note>
          )}
          <button type="submit" class="obtn obtn--p obtn--wide" aria-disabled={isBusy || password === ''}>
            {t(isBusy ? 'sign-in.busy' : 'sign-in.go')}
          </button>
        </form>
      </main>
    </div>
  );
};
