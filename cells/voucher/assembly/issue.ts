/** Sells a voucher: a part of the shop's float goes onto it, the cash into the drawer, as in a top-up. Once a code. */

import { voucherReceipt } from './receipt';
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAvailable, fieldOf, parseMinor, siteAccount } from './sdk/rules';
import { readTerms, Terms, writeTerms } from './terms';

function decline(reason: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(reason);
}

export function issue(payment: Payment): Result<Approval, Decline> {
  const voucher = payment.account;
  const issued = readTerms();
  if (issued !== null) return decline(Decline.alreadyDone(issued.issuedBy));
  if (accounts.available(voucher) !== 0) return decline(Decline.notAllowed(voucher + ' holds value already: make another code'));
  const single = fieldOf(payment, 'single');
  if (single !== null && single !== 'yes' && single !== 'no') return decline(Decline.invalid('single must be yes or no'));
  const expires = fieldOf(payment, 'expires-at');
  let expiresAt: u64 = 0;
  if (expires !== null) {
    const read = parseMinor(expires);
    if (read === null) return decline(Decline.invalid('expires-at must be milliseconds since 1970, digits only'));
    if (read.value <= payment.at) return decline(Decline.invalid('the voucher would be expired already'));
    expiresAt = read.value;
  }
  const float = siteAccount(payment, 'float');
  const drawer = siteAccount(payment, 'drawer');
  const agency = siteAccount(payment, 'agency');
  const moved = <i64>payment.amount;
  let fault = checkAccount(payment, float, 'float');
  if (fault === null) fault = checkAccount(payment, drawer, 'drawer');
  if (fault === null) fault = checkAccount(payment, agency, 'agency account');
  if (fault === null) fault = checkAvailable(float, moved);
  if (fault !== null) return decline(fault);
  const terms = new Terms(payment.id, expiresAt, single !== null && single === 'yes');
  writeTerms(terms);
  const receipt = voucherReceipt(payment, voucher, moved, terms);
  receipt.push(new Field('cash-received', payment.amount.toString()));
  const postings: Posting[] = [
    new Posting(float, moved),
    new Posting(voucher, -moved),
    new Posting(drawer, moved),
    new Posting(agency, -moved),
  ];
  return Result.ok<Approval, Decline>(new Approval(postings, receipt));
}
