/** Customers: find one. */
import { go } from '../shared/router.ts';
import { CustomerFinder } from './customer-finder.tsx';
import { Screen } from './screen.tsx';
import { t } from './words.ts';

export const CustomersScreen = () => (
  <Screen class="page" title={t('customers')} showsTitle>
    <h1>{t('customers')}</h1>
    <CustomerFinder onPick={({ id }) => go('customers', id)} />
  </Screen>
);
