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

/** An account that a customer may or may not have; `none` once it is known not to be there. */
export const useListed = (id: string | undefined): AccountBody | 'none' | undefined => {
  const [missing, setMissing] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (id === undefined) return;
    let isGone = false;
    void customers.lookUp(id).then((answer) => {
      if (!isGone) setMissing(answer.ok && answer.value === undefined ? id : undefined);
    });
    return () => {
      isGone = true;
    };
  }, [id]);
  if (id === undefined) return undefined;
  return customers.known(id) ?? (missing === id ? 'none' : undefined);
};
