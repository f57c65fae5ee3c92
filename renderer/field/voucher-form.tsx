/** The voucher, typed on a keyboard, on the screen's own keys, by a hand scanner or by the camera. */
import { useState } from 'preact/hooks';
import type { ApiError } from '../shared/api.ts';
import { errorWords } from '../shared/error-words.ts';
import { sentence } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { Note } from '../shared/note.tsx';
import { Camera } from './camera.tsx';
import { askWith } from './enrolment.ts';
import { CROCKFORD_KEYS, inGroups, isComplete, readVoucher, VOUCHER_LENGTH } from './voucher.ts';
import { t } from './words.ts';

export const VoucherForm = ({ isAgain }: { readonly isAgain: boolean }) => {
  const [text, setText] = useState('');
  const [isStrange, setStrange] = useState(false);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);

  const take = (typed: string): void => {
    const { text: read, strange } = readVoucher(typed);
    setText(read);
    setStrange(strange > 0);
    setError(undefined);
  };
  const send = async (voucher: string): Promise<void> => {
    if (isBusy || !isComplete(voucher)) return;
    setBusy(true);
    const failed = await askWith(inGroups(voucher));
    setBusy(false);
    setError(failed);
  };
  const words = error === undefined ? undefined : errorWords(error);
  return (
    <form
      class="vform"
      onSubmit={(event) => {
        event.preventDefault();
        void send(text);
      }}
    >
      <h1>{t(isAgain ? 'voucher.again' : 'voucher.type')}</h1>
      <p class="vform__say">{t('voucher.say')}</p>
      <label class="vform__f">
        <span class="vh">{t('voucher.field')}</span>
        <input
          type="text"
          lang="en"
          placeholder="XXXX-XXXX-XXXX-XXXX-XXXX"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={64}
          value={inGroups(text)}
          onInput={(event) => {
            take(event.currentTarget.value);
            // The field shows what was read, also where that is what it showed before.
            event.currentTarget.value = inGroups(readVoucher(event.currentTarget.value).text);
          }}
        />
        <span class="vform__n" role="status">
          {t('voucher.typed', { count: text.length })}
        </span>
      </label>
      {isStrange ? <Note kind="calm">{t('voucher.strange')}</Note> : null}
      {words === undefined ? null : (
        <Note kind="calm" role="status">
          <b>{sentence(words.title)}</b> {words.todo} <small class="code">{t('error.code', { code: words.code })}</small>
        </Note>
      )}
      <Camera
        onRead={(voucher) => {
          take(voucher);
          void send(voucher);
        }}
      />
      <fieldset class="vkeys" aria-label={t('voucher.keys')} lang="en">
        {[...CROCKFORD_KEYS].map((key) => (
          <button key={key} type="button" class="key" onClick={() => text.length < VOUCHER_LENGTH && take(text + key)}>
            {key}
          </button>
        ))}
        <button type="button" class="key key--soft" onClick={() => take(text.slice(0, -1))}>
          <Icon name="backspace" />
          <span class="vh">{t('voucher.delete')}</span>
        </button>
      </fieldset>
      <button
        type="submit"
        class={`btn btn--xl ${isBusy ? 'btn--busy' : 'btn--primary'}`}
        aria-disabled={isComplete(text) ? undefined : true}
      >
        <Icon name="arrow-right" />
        {t(isBusy ? 'voucher.sending' : 'voucher.send')}
      </button>
    </form>
  );
};
