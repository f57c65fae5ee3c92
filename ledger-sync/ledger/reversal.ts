/** Reversal: a correction is a new entry that names the old one and posts its lines the other way round (I4). */
import type { Entry, EntryBody } from './entry.ts';
import type { PaymentId } from './ids.ts';
import { negate } from './posting.ts';

export type ReversalRequest = { readonly paymentId: PaymentId; readonly operator: string; readonly reason: string; readonly at: number };

/** The entry that undoes `original` as a whole. Whether it may be posted is for `ruleFaults` to say (P9, P10). */
export function reversalOf(original: Entry, request: ReversalRequest): EntryBody {
  return {
    method: original.method,
    action: 'reversal',
    paymentId: request.paymentId,
    refersTo: original.paymentId,
    account: original.account,
    amount: original.amount,
    currency: original.currency,
    postings: negate(original.postings),
    operator: request.operator,
    memo: request.reason,
    at: request.at,
  };
}
