/**
 * A sale that is paid by a voucher, and its refund. Whether a voucher is expired goes by the time of the request, which is the gateway's
 * clock and is shown to be wrong where it is (I14); value that expired stays on the voucher.
 */

import { voucherReceipt } from './receipt';
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAvailable, checkRefund, checkRoom, fieldOf, isOfKind, siteAccount } from './sdk/rules';
import { readTerms, redeemedBy, Terms, writeRedeemed } from './terms';

function decline(reason: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(reason);
}

/** What the voucher itself says against it; null where it may pay. */
function checkTerms(payment: Payment, terms: Terms | null, available: i64): Decline | null {
  const redeemed = redeemedBy();
  // By what is there, not by the word alone: a redemption that was given back can be redeemed again.
  if (available === 0 && redeemed !== null) return Decline.alreadyDone(redeemed);
  if (terms === null) return null;
  if (terms.expiresAt !== 0 && payment.at >= terms.expiresAt) {
    return Decline.notAllowed(payment.account + ' is expired since ' + terms.expiresAt.toString());
  }
  if (terms.single && <i64>payment.amount < available) {
    return Decline.notAllowed(payment.account + ' is used as a whole: ' + available.toString());
  }
  return null;
}

export function redeem(payment: Payment): Result<Approval, Decline> {
  const voucher = payment.account;
  let payee = payment.counterparty;
  if (payee.length === 0) payee = siteAccount(payment, 'takings');
  else if (!isOfKind(payee, 'merchant') && !isOfKind(payee, 'takings')) {
    return decline(Decline.invalid(payee + ' cannot be paid by a voucher: name a merchant or leave it out'));
  }
  const moved = <i64>payment.amount;
  const terms = readTerms();
  let fault = checkAccount(payment, payee, 'payee');
  if (fault === null) fault = checkTerms(payment, terms, accounts.available(voucher));
  if (fault === null) fault = checkAvailable(voucher, moved);
  if (fault === null) fault = checkRoom(payee, moved);
  if (fault !== null) return decline(fault);
  writeRedeemed(payment.id);
  const receipt = voucherReceipt(payment, voucher, -moved, terms);
  receipt.push(new Field('paid-to', payee));
  return Result.ok<Approval, Decline>(new Approval([new Posting(voucher, moved), new Posting(payee, -moved)], receipt));
}

/** Back onto the voucher, also where it is expired by now: the way it came, for head office to see. */
export function refund(payment: Payment): Result<Approval, Decline> {
  const fault = checkRefund(payment, 'voucher', 'sale');
  if (fault !== null) return decline(fault);
  const voucher = fieldOf(payment, 'original.account');
  if (voucher === null || !isOfKind(voucher, 'voucher')) return decline(Decline.invalid('the voucher that paid is not known here'));
  if (payment.account.length > 0 && payment.account !== voucher) {
    return decline(Decline.notAllowed('a refund goes to the voucher that paid: ' + voucher));
  }
  const named = fieldOf(payment, 'original.counterparty');
  const payee = named === null || named.length === 0 ? siteAccount(payment, 'takings') : named;
  if (!isOfKind(payee, 'merchant') && !isOfKind(payee, 'takings')) {
    return decline(Decline.invalid('the payment ' + payment.refersTo! + ' cannot be refunded from what is known of it'));
  }
  const moved = <i64>payment.amount;
  let reason = checkAccount(payment, voucher, 'voucher');
  if (reason === null) reason = checkAccount(payment, payee, 'payee');
  if (reason === null) reason = checkRoom(voucher, moved);
  if (reason === null) reason = checkAvailable(payee, moved);
  if (reason !== null) return decline(reason);
  const refersTo = payment.refersTo!;
  const receipt = voucherReceipt(payment, voucher, moved, readTerms());
  receipt.push(new Field('paid-from', payee));
  receipt.push(new Field('refers-to', refersTo));
  receipt.push(new Field('refundable-after', (accounts.refundable(refersTo) - payment.amount).toString()));
  return Result.ok<Approval, Decline>(new Approval([new Posting(payee, moved), new Posting(voucher, -moved)], receipt));
}
