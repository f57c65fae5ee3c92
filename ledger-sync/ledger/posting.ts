/**
 * Postings: the lines of a double entry. `Balanced` can be had from `balance()` only, so an entry whose lines do not sum to zero
 * cannot be built (I2). One entry has one currency; an exchange between currencies is two entries through `transit`.
 */
import type { AccountId } from './account.ts';
import { fitsMinor, type Minor } from './money.ts';
import { err, ok, type Result } from './result.ts';

/** Debit > 0, credit < 0, minor units. */
export type Posting = { readonly account: AccountId; readonly amount: Minor };

declare const balancedBrand: unique symbol;
/** Lines that are not zero, name an account once each, and sum to zero. Empty only for opening an account with nothing in it. */
export type Balanced = readonly Posting[] & { readonly [balancedBrand]: true };

export const MAX_POSTINGS = 32;

export type PostingFault =
  | { readonly code: 'too-many-postings'; readonly count: number }
  | { readonly code: 'zero-posting'; readonly account: AccountId }
  | { readonly code: 'posting-too-large'; readonly account: AccountId }
  | { readonly code: 'account-twice'; readonly account: AccountId }
  | { readonly code: 'not-balanced'; readonly sum: Minor };

export function balance(postings: readonly Posting[]): Result<Balanced, PostingFault> {
  if (postings.length > MAX_POSTINGS) return err({ code: 'too-many-postings', count: postings.length });
  let sum = 0n;
  for (let index = 0; index < postings.length; index++) {
    const { account, amount } = postings[index] as Posting;
    if (amount === 0n) return err({ code: 'zero-posting', account });
    if (!fitsMinor(amount) || !fitsMinor(-amount)) return err({ code: 'posting-too-large', account });
    for (let earlier = 0; earlier < index; earlier++)
      if (postings[earlier]?.account === account) return err({ code: 'account-twice', account });
    sum += amount;
  }
  return sum === 0n ? ok(postings as Balanced) : err({ code: 'not-balanced', sum });
}

/** The same lines the other way round. Balanced stays balanced, so no check is needed. */
export const negate = (postings: Balanced): Balanced =>
  postings.map(({ account, amount }) => ({ account, amount: -amount })) as unknown as Balanced;
