/** Entries and accounts in words. An action or kind that this release does not know shows its own name. */
import type { CentreEntryBody } from '../../ledger-sync/central/schemas.ts';
import { type OfficeKey, t } from './words.ts';

const known = (key: string): string | undefined => {
  const word = t(key as OfficeKey);
  return word === key ? undefined : word;
};

export const actionWords = ({ method, action }: Pick<CentreEntryBody, 'method' | 'action'>): string =>
  known(`action.${method}.${action}`) ?? known(`action.${action}`) ?? `${method} ${action}`;

export const kindWords = (kind: string): string => known(`kind.${kind}`) ?? kind;

export const accountKind = (id: string): string => id.slice(0, id.indexOf(':'));
export const accountName = (id: string): string => id.slice(id.indexOf(':') + 1);

const OF_A_SHOP = new Set(['takings', 'float', 'drawer', 'sales', 'agency', 'opening']);

/** "Wallet W-1042", "Cash drawer, Syabru": an account of a shop carries the shop's name. */
export const accountWords = (id: string, siteOf: (gateway: string) => string): string => {
  const kind = accountKind(id);
  const name = accountName(id);
  return OF_A_SHOP.has(kind) ? `${kindWords(kind)}, ${siteOf(name)}` : `${kindWords(kind)} ${name}`;
};

/** The account that a line of the ledger is about: none for cash, whose drawer says nothing new. */
export const lineAccount = ({ account }: Pick<CentreEntryBody, 'account'>): string => (accountKind(account) === 'drawer' ? '' : account);

/** The kinds of entries that the Kind filter offers: what is in the list. */
export const kindsIn = (entries: readonly CentreEntryBody[]): readonly { readonly id: string; readonly word: string }[] => {
  const found = new Map<string, string>();
  for (const entry of entries) found.set(`${entry.method}.${entry.action}`, actionWords(entry));
  return [...found].map(([id, word]) => ({ id, word })).sort((a, b) => a.word.localeCompare(b.word));
};

export type Side = { readonly account: string; readonly debit: bigint; readonly credit: bigint };

/** Postings as two columns, debits first, and their sums. */
export const sidesOf = (
  postings: CentreEntryBody['postings'],
): { readonly sides: readonly Side[]; readonly debit: bigint; readonly credit: bigint } => {
  const sides = postings.map(({ account, amount }) => {
    const minor = BigInt(amount);
    return { account, debit: minor > 0n ? minor : 0n, credit: minor < 0n ? -minor : 0n };
  });
  const sum = (side: 'debit' | 'credit'): bigint => sides.reduce((total, one) => total + one[side], 0n);
  return { sides: sides.sort((a, b) => (a.debit > 0n ? 0 : 1) - (b.debit > 0n ? 0 : 1)), debit: sum('debit'), credit: sum('credit') };
};

/** Which way an entry moves the account of the list, seen from the account's owner: a payer's wallet goes down by a sale. */
export const movedOf = (entry: CentreEntryBody, account: string): bigint => {
  const debtor = ['drawer', 'opening', 'shortfall'].includes(accountKind(account));
  const sum = entry.postings.reduce((total, posting) => (posting.account === account ? total + BigInt(posting.amount) : total), 0n);
  return debtor ? sum : -sum;
};
