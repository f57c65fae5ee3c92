/** Setting up a box: pair this page, then the voucher, the wait for head office, and its answer. */
import { useEffect, useState } from 'preact/hooks';
import type { EnrolmentBody } from '../shared/api-types.ts';
import { errorWords } from '../shared/error-words.ts';
import { Facts } from '../shared/facts.tsx';
import { sentence } from '../shared/i18n.ts';
import { Brand, Icon } from '../shared/icon.tsx';
import { LanguageButton } from '../shared/language-button.tsx';
import { Note } from '../shared/note.tsx';
import { PairView } from '../shared/pair-view.tsx';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { When } from '../shared/when.tsx';
import { enrolment, followEnrolment, isPaired, lastError, link, pair, readEnrolment } from './enrolment.ts';
import { KeyCard, KeyWords } from './key-card.tsx';
import { LeaseForm } from './lease-form.tsx';
import { Steps } from './steps.tsx';
import { VoucherForm } from './voucher-form.tsx';
import { t } from './words.ts';

const stepOf = { none: 0, refused: 0, asking: 1, enrolled: 2 } as const;

const Asking = ({ state, onAgain }: { readonly state: EnrolmentBody; readonly onAgain: () => void }) => (
  <section class="fcard" aria-live="polite">
    <h1>{t('asking.title')}</h1>
    <Note kind="calm" icon={link.value?.state === 'off' ? 'satellite' : 'clock'}>
      {t(link.value?.state === 'off' ? 'asking.off' : 'asking.on')}
    </Note>
    <Facts facts={[{ name: t('asking.since'), value: <When at={state.since} style="both" /> }]} />
    <p>{t('asking.sales')}</p>
    <button type="button" class="btn" onClick={onAgain}>
      <Icon name="refresh" />
      {t('voucher.again')}
    </button>
  </section>
);

const Ready = ({ state }: { readonly state: EnrolmentBody }) => (
  <section class="fcard" aria-live="polite">
    <h1 class="fcard__ok">
      <Icon name="badge" />
      {t('ready.title')}
    </h1>
    <p>{t('ready.say')}</p>
    <Facts
      facts={[
        { name: t('site'), value: state.site ?? '–' },
        { name: t('box'), value: <span class="idn">{state.gateway ?? '–'}</span> },
        { name: t('since'), value: <When at={state.since} style="both" /> },
        ...(state.centreFingerprint === undefined
          ? []
          : [{ name: t('centre.key'), value: <KeyWords fingerprint={state.centreFingerprint} /> }]),
      ]}
    />
    <a class="btn btn--primary btn--xl" href="/kiosk/">
      <Icon name="basket" />
      {t('ready.kiosk')}
    </a>
  </section>
);

/** What head office says is one of a few words; another one, of a later release, is shown as it came. */
const saidOf = (reason: string) => {
  if (reason === 'unknown' || reason === 'used' || reason === 'expired') return t(`refused.${reason}`);
  return <span lang="en">{reason}</span>;
};

const Refused = ({ state, onAgain }: { readonly state: EnrolmentBody; readonly onAgain: () => void }) => (
  <section class="fcard" aria-live="polite">
    <h1>{t('refused.title')}</h1>
    <Note kind="care">{t('refused.say')}</Note>
    {state.reason === undefined ? null : <Facts facts={[{ name: t('refused.reason'), value: saidOf(state.reason) }]} />}
    <button type="button" class="btn btn--primary btn--xl" onClick={onAgain}>
      <Icon name="refresh" />
      {t('voucher.again')}
    </button>
  </section>
);

const Setup = () => {
  const [isAgain, setAgain] = useState(false);
  useEffect(followEnrolment, []);
  const state = enrolment.value;
  const error = lastError.value;
  useEffect(() => {
    document.title = `${t('title')} · Chautari`;
    // A new request has another time: the form goes when head office is asked anew, or has answered.
    setAgain(false);
  }, [state?.state, state?.since]);
  return (
    <div class="field">
      <header class="fbar">
        <Brand />
        <div class="fbar__t">
          <b>{t('title')}</b>
        </div>
        <LanguageButton />
      </header>
      <Steps at={state === undefined ? 0 : stepOf[state.state]} />
      <main class="fmain">
        {state === undefined ? (
          <>
            <h1 class="vh">{t('title')}</h1>
            {error === undefined ? <Skeleton rows={5} /> : <ErrorState error={error} onRetry={() => void readEnrolment()} />}
          </>
        ) : (
          <div class="fv">
            {error === undefined ? null : (
              <Note kind="care" role="status">
                <b>{sentence(errorWords(error).title)}</b> {errorWords(error).todo}
              </Note>
            )}
            {state.state === 'none' || (state.state !== 'enrolled' && isAgain) ? <VoucherForm isAgain={isAgain} /> : null}
            {state.state === 'asking' && !isAgain ? <Asking state={state} onAgain={() => setAgain(true)} /> : null}
            {state.state === 'enrolled' ? <Ready state={state} /> : null}
            {state.state === 'enrolled' ? <LeaseForm /> : null}
            {state.state === 'refused' && !isAgain ? <Refused state={state} onAgain={() => setAgain(true)} /> : null}
            <KeyCard fingerprint={state.keyFingerprint} />
          </div>
        )}
      </main>
    </div>
  );
};

export const App = ({ code }: { readonly code: string | undefined }) => {
  useEffect(() => {
    if (code === undefined) void readEnrolment();
    else isPaired.value = false;
  }, []);
  if (isPaired.value === true) return <Setup />;
  if (isPaired.value === false) return <PairView code={code} onPair={pair} />;
  return (
    <main class="fwait">
      <h1 class="vh">{t('title')}</h1>
      {lastError.value === undefined ? <Skeleton rows={3} /> : <ErrorState error={lastError.value} onRetry={() => void readEnrolment()} />}
    </main>
  );
};
