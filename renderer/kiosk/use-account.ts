/** One account, asked for when a screen opens and again when the box says that it changed. */
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../shared/api.ts';
import type { AccountBody } from '../shared/api-types.ts';
import { customers } from './customers.ts';

export type AccountRead = { readonly account: AccountBody | undefined; readonly error: ApiError | undefined; readonly retry: () => void };

export const useAccount = (id: string | undefined): AccountRead => {
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (id === undefined) return;
    let isGone = false;
    void customers.read(id).then((answer) => {
      if (!isGone) setError(answer.ok ? undefined : answer.error);
    });
    return () => {
      isGone = true;
    };
  }, [id, attempt]);
  return { account: id === undefined ? undefined : customers.known(id), error, retry: () => setAttempt(attempt + 1) };
};
