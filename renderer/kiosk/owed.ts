/** What an account of shop credit says in a shopkeeper's words. Pure. */
import type { AccountBody } from '../shared/api-types.ts';

/** Below 0 where the customer paid ahead. */
export const owedOf = ({ limit, availableHere }: Pick<AccountBody, 'limit' | 'availableHere'>): bigint =>
  BigInt(limit) - BigInt(availableHere);

/** Of the cash that was received: what goes off the debt, and what goes back. */
export const splitRepayment = (received: bigint, owed: bigint): { readonly paid: bigint; readonly change: bigint } => {
  const paid = received < owed ? received : owed > 0n ? owed : 0n;
  return { paid, change: received - paid };
};
