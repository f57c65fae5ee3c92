/** The tender of an empty cart, as after going back in the browser. */
import { EmptyState } from '../shared/states.tsx';
import { BackLink } from './back-link.tsx';
import { Screen } from './screen.tsx';
import { t } from './words.ts';

export const NothingToPay = () => (
  <Screen class="kmain--state" title={t('payment')}>
    <EmptyState text={t('nothing-to-pay')}>
      <BackLink to={['sell']} word={t('to-the-shelf')} />
    </EmptyState>
  </Screen>
);
