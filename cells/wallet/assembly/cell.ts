/**
 * Wallet: a customer's stored value. It pays the shop or a merchant, is topped up against the shop's float and cashed out into it,
 * goes to another wallet or to a bank, and gets a refund from the position of whoever was paid. No account is spent below what is
 * available of it here.
 */

import { cashOut, topUp } from './agency';
import { refund } from './refund';
import { Approval, Decline, Payment, Result } from './sdk/bindings';
import { checkAccount, checkAmount, isOfKind } from './sdk/rules';
import { sell, transfer } from './spend';

export function decide(payment: Payment): Result<Approval, Decline> {
  const amount = checkAmount(payment);
  if (amount !== null) return Result.err<Approval, Decline>(amount);
  // A refund may leave the account out: the original names it.
  if (payment.action === 'refund') return refund(payment);
  if (payment.account.length > 0 && !isOfKind(payment.account, 'wallet')) {
    return Result.err<Approval, Decline>(Decline.invalid(payment.account + ' is not a wallet'));
  }
  const fault = checkAccount(payment, payment.account, 'wallet');
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  if (payment.action === 'sale') return sell(payment);
  if (payment.action === 'top-up') return topUp(payment);
  if (payment.action === 'cash-out') return cashOut(payment);
  if (payment.action === 'transfer') return transfer(payment);
  return Result.err<Approval, Decline>(Decline.invalid('a wallet cannot ' + payment.action));
}
