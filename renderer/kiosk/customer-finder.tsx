/** Finds a customer by name or card number; the box answers as one types. The list is what it holds, 50 at most. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { ApiError } from '../shared/api.ts';
import type { AccountBody } from '../shared/api-types.ts';
import { EmptyState, ErrorState, Skeleton } from '../shared/states.tsx';
import { type CustomerKind, cardNumber, customers } from './customers.ts';
import { owedOf } from './owed.ts';
import { Avatar } from './person.tsx';
import { SearchField } from './search-field.tsx';
import { t } from './words.ts';

const PAUSE_MS = 150;

type CustomerFinderProps = {
  readonly onPick: (account: AccountBody) => void;
  readonly without?: string | undefined;
  readonly kinds?: readonly CustomerKind[];
};

const WALLETS: readonly CustomerKind[] = ['wallet'];

export const CustomerFinder = ({ onPick, without, kinds = WALLETS }: CustomerFinderProps) => {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly AccountBody[] | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const ends = new AbortController();
    const timer = setTimeout(
      async () => {
        const answer = await customers.find(query.trim(), ends.signal, kinds);
        if (ends.signal.aborted) return;
        if (answer.ok) setFound(answer.value);
        setError(answer.ok ? undefined : answer.error);
      },
      query === '' ? 0 : PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      ends.abort();
    };
  }, [query, attempt]);

  const shown = found?.filter(({ id, open }) => open && id !== without);
  const pickOnly = (): void => {
    const only = shown?.length === 1 ? shown[0] : shown?.find(({ id }) => cardNumber(id).toLowerCase() === query.trim().toLowerCase());
    if (only !== undefined) onPick(only);
  };
  return (
    <div class="finder">
      <SearchField label={t('find-customer')} value={query} onChange={setQuery} onEnter={pickOnly} />
      {error === undefined ? null : <ErrorState error={error} onRetry={() => setAttempt(attempt + 1)} />}
      {found === undefined && error === undefined ? <Skeleton rows={5} /> : null}
      {shown?.length === 0 ? (
        <EmptyState
          text={query === '' ? t(kinds.includes('wallet') ? 'customers.none' : 'customers.no-khata') : t('customers.not-found')}
        />
      ) : null}
      {shown === undefined || shown.length === 0 ? null : (
        <ul class="people" aria-label={t('customers')}>
          {shown.map((account) => (
            <li key={account.id}>
              <button type="button" class="prow" onClick={() => onPick(account)}>
                <Avatar name={account.name ?? cardNumber(account.id)} />
                <span class="prow__n">
                  {account.name ?? cardNumber(account.id)}
                  <small class="idn">{cardNumber(account.id)}</small>
                </span>
                <span class="prow__a">
                  <Amount value={account.kind === 'khata' ? owedOf(account) : account.availableHere} currency={account.currency} />
                  <small>{t(account.kind === 'khata' ? 'legend.owed' : 'here')}</small>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
