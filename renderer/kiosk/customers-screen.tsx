/** Customers: find one. */
import { go } from '../shared/router.ts';
import { CustomerFinder } from './customer-finder.tsx';
import { Screen } from './screen.tsx';
import { hasMethod } from './tender-bar.tsx';
import { t } from './words.ts';

const WALLETS = ['wallet'] as const;
const BOTH = ['wallet', 'khata'] as const;

export const CustomersScreen = () => (
  <Screen class="page" title={t('customers')} showsTitle>
    <h1>{t('customers')}</h1>
    <CustomerFinder kinds={hasMethod('khata', 'sale') ? BOTH : WALLETS} onPick={({ id }) => go('customers', id)} />
  </Screen>
);
