/** The ledger: entries, accounts, trial balance. The entry that is open is in the address, so it can be sent to somebody. */

import { Icon } from '../../shared/icon.tsx';
import { hashOf, path } from '../../shared/router.ts';
import { t } from '../words.ts';
import { AccountTable } from './account-table.tsx';
import { LedgerEntries } from './ledger-entries.tsx';
import { TrialBalance } from './trial-balance.tsx';

const tabs = ['entries', 'accounts', 'trial'] as const;

export const Ledger = () => {
  const tab = tabs.find((one) => one === path.value[1]) ?? 'entries';
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.ledger')}</h1>
        <nav class="otabs" aria-label={t('ledger.view')}>
          {tabs.map((one) => (
            <a key={one} href={hashOf('ledger', one)} aria-current={one === tab ? 'page' : undefined}>
              {t(`ledger.${one}`)}
            </a>
          ))}
        </nav>
        <span class="grow" />
        <a class="obtn" href="/v1/export?format=hledger" download>
          <Icon name="download" />
          {t('export')}
        </a>
      </div>
      {tab === 'entries' ? <LedgerEntries open={path.value[2]} /> : null}
      {tab === 'accounts' ? <AccountTable /> : null}
      {tab === 'trial' ? <TrialBalance /> : null}
    </>
  );
};
