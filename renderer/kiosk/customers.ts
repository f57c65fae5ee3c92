/**
 * Wallets and their owners, as the box last told.
 * Invariants: a figure that may have changed is forgotten and asked for again; at most 500 are held; one question for an account at a time.
 */
import { signal } from '@preact/signals';
import { type ApiAnswer, api } from '../shared/api.ts';
import type { AccountBody, AccountListBody } from '../shared/api-types.ts';

const MAX_HELD = 500;
const held = signal<ReadonlyMap<string, AccountBody>>(new Map());
const stale = new Set<string>();
const asked = new Set<string>();

const hold = (accounts: readonly AccountBody[]): void => {
  const next = new Map(held.value);
  for (const account of accounts) {
    next.delete(account.id);
    next.set(account.id, account);
    stale.delete(account.id);
  }
  for (const old of next.keys()) {
    if (next.size <= MAX_HELD) break;
    next.delete(old);
  }
  held.value = next;
};

export const customers = {
  /** What is held of an account, whatever its age: for names. */
  known: (id: string): AccountBody | undefined => held.value.get(id),

  forget: (id: string): void => {
    stale.add(id);
    if (held.value.has(id)) void customers.read(id);
  },

  read: async (id: string): Promise<ApiAnswer<AccountBody>> => {
    const answer = await api<AccountBody>(`/v1/accounts/${encodeURIComponent(id)}`);
    if (answer.ok) hold([answer.value]);
    return answer;
  },

  find: async (query: string, signal: AbortSignal): Promise<ApiAnswer<readonly AccountBody[]>> => {
    const answer = await api<AccountListBody>(`/v1/accounts?kind=wallet&limit=50&query=${encodeURIComponent(query)}`, { signal });
    if (!answer.ok) return answer;
    hold(answer.value.accounts);
    return { ok: true, value: answer.value.accounts };
  },

  /** Asks once for the names that a list needs. */
  want: (ids: Iterable<string>): void => {
    for (const id of ids) {
      if (!id.startsWith('wallet:') || held.value.has(id) || asked.has(id) || asked.size > 2000) continue;
      asked.add(id);
      void customers.read(id);
    }
  },
};

/** The number on a customer's card: the account without its kind. */
export const cardNumber = (account: string): string => account.slice(account.indexOf(':') + 1);

export const nameOf = (account: string): string => customers.known(account)?.name ?? cardNumber(account);

/** One or two first letters for the round picture. */
export const initialsOf = (name: string): string => {
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...letters.segment(part)][0]?.segment ?? '')
    .join('');
};
