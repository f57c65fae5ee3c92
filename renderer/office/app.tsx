/** The frame of the office: side, bar with search, the screen that the address names. `/` goes to the search from anywhere. */
import { useEffect, useRef } from 'preact/hooks';
import { dayText, isoDay, timeText } from '../shared/calendar.ts';
import { language } from '../shared/i18n.ts';
import { Brand, Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { LanguageButton } from '../shared/language-button.tsx';
import { formatCount } from '../shared/money.ts';
import { hashOf, path } from '../shared/router.ts';
import { ToastHost } from '../shared/toast.tsx';
import { followCentre, live, now, openBreaks, session, signOut, status } from './centre.ts';
import { Accounts } from './screens/accounts.tsx';
import { Breaks } from './screens/breaks.tsx';
import { Documents } from './screens/documents.tsx';
import { Exports } from './screens/exports.tsx';
import { Gateways } from './screens/gateways.tsx';
import { Ledger } from './screens/ledger.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Today } from './screens/today.tsx';
import { SearchField } from './widgets/search-field.tsx';
import { t } from './words.ts';

const places: readonly { readonly id: string; readonly icon: IconName; readonly screen: () => preact.JSX.Element }[] = [
  { id: 'today', icon: 'grid', screen: Today },
  { id: 'ledger', icon: 'book-open', screen: Ledger },
  { id: 'breaks', icon: 'split', screen: Breaks },
  { id: 'gateways', icon: 'satellite', screen: Gateways },
  { id: 'accounts', icon: 'users', screen: Accounts },
  { id: 'documents', icon: 'package', screen: Documents },
  { id: 'exports', icon: 'download', screen: Exports },
];

const word = (id: string): string => t(`nav.${id}` as 'nav.today');

const Side = ({ at, onSkip }: { readonly at: string; readonly onSkip: () => void }) => {
  const open = status.value?.openBreaks ?? openBreaks.value.length;
  return (
    <nav class="oside" aria-label={t('nav.label')}>
      <button type="button" class="skip" onClick={onSkip}>
        {t('skip')}
      </button>
      <p class="oside__b">
        <Brand />
        <b>Chautari</b>
        <small>{t('head-office')}</small>
      </p>
      <ul>
        {places.map(({ id, icon }) => (
          <li key={id}>
            <a href={hashOf(id)} aria-current={id === at ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{word(id)}</span>
              {id === 'breaks' && open > 0 ? <span class="oside__n">{formatCount(open, language.value)}</span> : null}
            </a>
          </li>
        ))}
      </ul>
      <div class="oside__me">
        <span>
          {t('me.name')}
          <small>{t('me.role')}</small>
        </span>
        <button type="button" class="obtn obtn--quiet" onClick={() => void signOut()}>
          {t('sign-out')}
        </button>
      </div>
    </nav>
  );
};

const Bar = () => (
  <header class="obar">
    <SearchField />
    <p class={`olive ${live.value === 'lost' ? 'olive--lost' : ''}`} role="status">
      {live.value === 'opening' ? '' : t(live.value === 'lost' ? 'live.off' : 'live.on')}
    </p>
    <p class="obar__when">
      <b>{dayText(now.value, language.value)}</b> <span class="iso">{isoDay(now.value)}</span> · {timeText(now.value, language.value)}
    </p>
    <LanguageButton />
  </header>
);

const Office = () => {
  const at = places.find(({ id }) => id === (path.value[0] ?? 'today')) ?? places[0];
  const main = useRef<HTMLElement>(null);
  const shown = useRef('');
  const id = at?.id ?? 'today';
  useEffect(() => followCentre(), []);
  useEffect(() => {
    document.title = `Chautari · ${word(id)}`;
    // A new screen is read from its top; the first one leaves the focus where the browser put it.
    if (shown.current !== '' && shown.current !== id) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    shown.current = id;
  });
  const Screen = at?.screen ?? Today;
  return (
    <div class="office desk">
      <Side at={id} onSkip={() => main.current?.focus()} />
      <div class="obody">
        <Bar />
        <main id="main" class="omain" tabIndex={-1} ref={main}>
          <Screen />
        </main>
      </div>
      <ToastHost />
    </div>
  );
};

export const App = () => {
  if (session.value === 'asking') return null;
  return session.value === 'in' ? <Office /> : <SignIn />;
};
