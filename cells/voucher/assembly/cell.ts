/**
 * Voucher: a code that is worth money. The shop sells it for cash against its float, and it pays like stored value. Its terms are kept
 * beside it from its issue on (terms.ts). Whoever knows the code has the value, so codes are made by chance and long.
 */

import { issue } from './issue';
import { redeem, refund } from './redeem';
import { Approval, Decline, Payment, Result } from './sdk/bindings';
import { checkAccount, checkAmount, isOfKind } from './sdk/rules';

export function decide(payment: Payment): Result<Approval, Decline> {
  const amount = checkAmount(payment);
  if (amount !== null) return Result.err<Approval, Decline>(amount);
  // A refund may leave the account out: the original names it.
  if (payment.action === 'refund') return refund(payment);
  if (payment.account.length > 0 && !isOfKind(payment.account, 'voucher')) {
    return Result.err<Approval, Decline>(Decline.invalid(payment.account + ' is not a voucher'));
  }
  const fault = checkAccount(payment, payment.account, 'voucher');
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  if (payment.action === 'issue') return issue(payment);
  if (payment.action === 'sale') return redeem(payment);
  return Result.err<Approval, Decline>(Decline.invalid('a voucher cannot ' + payment.action));
}
