/**
 * Accounts. An id is `<kind>:<name>`; the kind alone fixes the side and the bound, so a posting can never disagree with its account.
 * Invariant: `available` is the only place where a balance becomes "what may be spent" (rule P1).
 */
import type { Minor } from './money.ts';
import { err, ok, type Result } from './result.ts';

declare const accountBrand: unique symbol;
/** `<kind>:<name>`, at most 64 characters: `wallet:W-1042`. */
export type AccountId = string & { readonly [accountBrand]: true };

/** `side` is the sign by which a balance (sum of postings, debit > 0) becomes an available amount. */
/** `issued`: money that head office owes somebody; it may only come from other issued money (rule P1). */
type KindRow = { readonly side: 1 | -1; readonly bounded: boolean; readonly issued: boolean; readonly site: boolean };

const KINDS = {
  wallet: { side: -1, bounded: true, issued: true, site: false },
  takings: { side: -1, bounded: true, issued: true, site: true },
  merchant: { side: -1, bounded: true, issued: true, site: false },
  float: { side: -1, bounded: true, issued: true, site: true },
  voucher: { side: -1, bounded: true, issued: true, site: false },
  energy: { side: -1, bounded: true, issued: true, site: false },
  khata: { side: -1, bounded: true, issued: false, site: false },
  drawer: { side: 1, bounded: false, issued: false, site: true },
  sales: { side: -1, bounded: false, issued: false, site: true },
  agency: { side: -1, bounded: false, issued: false, site: true },
  opening: { side: 1, bounded: false, issued: false, site: true },
  bank: { side: -1, bounded: false, issued: false, site: false },
  fees: { side: -1, bounded: false, issued: false, site: false },
  transit: { side: -1, bounded: false, issued: false, site: false },
  shortfall: { side: 1, bounded: false, issued: false, site: false },
} as const satisfies Record<string, KindRow>;

export type AccountKind = keyof typeof KINDS;
export type AccountFault = { readonly code: 'bad-account'; readonly text: string };

/** An account as a journal's partition knows it. `floor` is in minor units and at most 0 (0, or minus a khata's limit). */
export type Account = {
  readonly id: AccountId;
  readonly currency: string;
  readonly floor: Minor;
  readonly open: boolean;
  readonly name?: string;
};

export function parseAccountId(text: string): Result<AccountId, AccountFault> {
  const colon = text.indexOf(':');
  const good = colon > 0 && Object.hasOwn(KINDS, text.slice(0, colon)) && /^[A-Za-z0-9._-]{1,48}$/.test(text.slice(colon + 1));
  return good ? ok(text as AccountId) : err({ code: 'bad-account', text: text.slice(0, 80) });
}

export const kindOf = (id: AccountId): AccountKind => id.slice(0, id.indexOf(':')) as AccountKind;
export const nameOf = (id: AccountId): string => id.slice(id.indexOf(':') + 1);
export const isBounded = (id: AccountId): boolean => KINDS[kindOf(id)].bounded;
export const isIssued = (id: AccountId): boolean => KINDS[kindOf(id)].issued;
export const isSiteKind = (kind: AccountKind): boolean => KINDS[kind].site;
export const accountKinds = (): readonly AccountKind[] => Object.keys(KINDS) as AccountKind[];

/** P1: available = side x balance - floor, in minor units. For an unbounded account it is only its balance seen from its own side. */
export const available = (id: AccountId, balance: Minor, floor: Minor): Minor => BigInt(KINDS[kindOf(id)].side) * balance - floor;

/** True where adding `amount` to the account's balance lowers what is available of it: a debit to a credit-side account. */
export const lowersAvailable = (id: AccountId, amount: Minor): boolean => (KINDS[kindOf(id)].side === -1 ? amount > 0n : amount < 0n);

/** The accounts that every site has, by role. */
export type SiteAccounts = Readonly<Record<'drawer' | 'sales' | 'agency' | 'takings' | 'float' | 'opening', AccountId>>;

export const siteAccounts = (gateway: string): SiteAccounts => ({
  drawer: `drawer:${gateway}` as AccountId,
  sales: `sales:${gateway}` as AccountId,
  agency: `agency:${gateway}` as AccountId,
  takings: `takings:${gateway}` as AccountId,
  float: `float:${gateway}` as AccountId,
  opening: `opening:${gateway}` as AccountId,
});
