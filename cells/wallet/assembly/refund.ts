/** A wallet sale goes back the way it came: out of the payee's position here, into the wallet that paid, up to what is left of it. */

import { walletReceipt } from './receipt';
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAvailable, checkRefund, checkRoom, fieldOf, isOfKind, siteAccount } from './sdk/rules';

export function refund(payment: Payment): Result<Approval, Decline> {
  const fault = checkRefund(payment, 'wallet', 'sale');
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  const wallet = fieldOf(payment, 'original.account');
  if (wallet === null) return Result.err<Approval, Decline>(Decline.invalid('the wallet that paid is not known here'));
  if (payment.account.length > 0 && payment.account !== wallet) {
    return Result.err<Approval, Decline>(Decline.notAllowed('a refund goes to the wallet that paid: ' + wallet));
  }
  const named = fieldOf(payment, 'original.counterparty');
  const payee = named === null || named.length === 0 ? siteAccount(payment, 'takings') : named;
  // What a sale here never does; a fact that says so is not to be built on.
  if (!isOfKind(wallet, 'wallet') || (payee.length > 0 && !isOfKind(payee, 'merchant') && !isOfKind(payee, 'takings'))) {
    return Result.err<Approval, Decline>(
      Decline.invalid('the payment ' + payment.refersTo! + ' cannot be refunded from what is known of it'),
    );
  }
  const moved = <i64>payment.amount;
  let reason = checkAccount(payment, wallet, 'wallet');
  if (reason === null) reason = checkAccount(payment, payee, 'payee');
  if (reason === null) reason = checkRoom(wallet, moved);
  if (reason === null) reason = checkAvailable(payee, moved);
  if (reason !== null) return Result.err<Approval, Decline>(reason);
  const refersTo = payment.refersTo!;
  const receipt = walletReceipt(payment, wallet, moved);
  receipt.push(new Field('paid-from', payee));
  receipt.push(new Field('refers-to', refersTo));
  receipt.push(new Field('refundable-after', (accounts.refundable(refersTo) - payment.amount).toString()));
  return Result.ok<Approval, Decline>(new Approval([new Posting(payee, moved), new Posting(wallet, -moved)], receipt));
}
