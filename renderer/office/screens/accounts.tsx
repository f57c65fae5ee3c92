/** Accounts: the list, or one account. `#/accounts/find/<text>` searches. */
import { path } from '../../shared/router.ts';
import { t } from '../words.ts';
import { AccountDetail } from './account-detail.tsx';
import { AccountTable } from './account-table.tsx';

export const Accounts = () => {
  const [, first, text] = path.value;
  if (first !== undefined && first !== 'find') return <AccountDetail key={first} id={first} />;
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.accounts')}</h1>
      </div>
      <AccountTable find={first === 'find' ? (text ?? '') : ''} />
    </>
  );
};
