/**
 * The limit of a khata, which is how far below zero its holder may take it: a journal's own knowledge, so it is told by entries without
 * postings. `open` of a khata names the first limit as its amount, `limit-raise` and `limit-lower` say by how much it changes.
 * Invariant: a floor is never above 0, whatever an entry says; entries that should not be there are for `ruleFaults` to name.
 */
import { kindOf } from './account.ts';
import type { EntryBody } from './entry.ts';
import { MIN_MINOR, type Minor } from './money.ts';

export type LimitAction = 'limit-raise' | 'limit-lower';

export const isLimitAction = (action: string): action is LimitAction => action === 'limit-raise' || action === 'limit-lower';

/** Whether an entry of this action is a payment: something was asked for and given, which is neither an opening nor a limit. */
export const isPayment = (action: string): boolean => action !== 'open' && !isLimitAction(action);

const clamped = (floor: Minor): Minor => (floor > 0n ? 0n : floor < MIN_MINOR ? MIN_MINOR : floor);

/** The floor of the account that an `open` entry opens. */
export const openedFloor = ({ account, amount, postings }: EntryBody): Minor =>
  kindOf(account) === 'khata' && postings.length === 0 ? clamped(-amount) : 0n;

/** The floor of the entry's own account after it, from the one before; only the limit of a khata changes. */
export function floorAfter({ action, account, amount }: EntryBody, floor: Minor): Minor {
  if (!isLimitAction(action) || kindOf(account) !== 'khata') return floor;
  return clamped(action === 'limit-raise' ? floor - amount : floor + amount);
}
