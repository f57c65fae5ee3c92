/**
 * Wallets and khata and their owners, as the box last told. One card has one number, whatever is kept under it.
 * Invariants: a figure that may have changed is forgotten and asked for again; at most 500 are held; one question for an account at a time.
 */
import { signal } from '@preact/signals';
import { type ApiAnswer, api } from '../shared/api.ts';
import type { AccountBody, AccountListBody } from '../shared/api-types.ts';

/** What a customer may have here. */
export type CustomerKind = 'wallet' | 'khata';

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

const list = async (kind: CustomerKind, query: string, signal?: AbortSignal): Promise<ApiAnswer<readonly AccountBody[]>> => {
  const answer = await api<AccountListBody>(`/v1/accounts?kind=${kind}&limit=50&query=${encodeURIComponent(query)}`, {
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) return answer;
  hold(answer.value.accounts);
  return { ok: true, value: answer.value.accounts };
};

export const customers = {
  hold: (account: AccountBody): void => hold([account]),

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

  /** Customers with one of the kinds, each once, by the first kind that they have. */
  find: async (query: string, signal: AbortSignal, kinds: readonly CustomerKind[]): Promise<ApiAnswer<readonly AccountBody[]>> => {
    const found = new Map<string, AccountBody>();
    for (const answer of await Promise.all(kinds.map((kind) => list(kind, query, signal)))) {
      if (!answer.ok) return answer;
      for (const account of answer.value) if (!found.has(cardNumber(account.id))) found.set(cardNumber(account.id), account);
    }
    return { ok: true, value: [...found.values()] };
  },

  /** An account that may not be there: sought in the list, where nothing is no error. */
  lookUp: async (id: string): Promise<ApiAnswer<AccountBody | undefined>> => {
    const kind = id.slice(0, id.indexOf(':')) as CustomerKind;
    const answer = await list(kind, cardNumber(id));
    return answer.ok ? { ok: true, value: answer.value.find((account) => account.id === id) } : answer;
  },

  /** Asks once for the names that a list needs. */
  want: (ids: Iterable<string>): void => {
    for (const id of ids) {
      if (!isCustomer(id) || held.value.has(id) || asked.has(id) || asked.size > 2000) continue;
      asked.add(id);
      void customers.read(id);
    }
  },
};

/** Whether an account is a person's. */
export const isCustomer = (account: string): boolean => account.startsWith('wallet:') || account.startsWith('khata:');

/** The same customer's account of another kind. */
export const siblingOf = (account: string, kind: CustomerKind): string => `${kind}:${cardNumber(account)}`;

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
