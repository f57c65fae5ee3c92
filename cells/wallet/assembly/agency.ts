/**
 * Cash against stored value: the shop acts for head office. A top-up sells a part of the shop's float for cash, a cash-out buys it
 * back. Two legs each: the e-money moves between float and wallet, the cash between drawer and agency.
 */

import { walletReceipt } from './receipt';
import { Approval, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAvailable, checkRoom, siteAccount } from './sdk/rules';

/** The shop's three accounts must be there and usable. */
function checkSite(payment: Payment): Decline | null {
  let fault = checkAccount(payment, siteAccount(payment, 'float'), 'float');
  if (fault === null) fault = checkAccount(payment, siteAccount(payment, 'drawer'), 'drawer');
  if (fault === null) fault = checkAccount(payment, siteAccount(payment, 'agency'), 'agency account');
  return fault;
}

export function topUp(payment: Payment): Result<Approval, Decline> {
  const wallet = payment.account;
  const float = siteAccount(payment, 'float');
  const moved = <i64>payment.amount;
  let fault = checkSite(payment);
  if (fault === null) fault = checkRoom(wallet, moved);
  if (fault === null) fault = checkAvailable(float, moved);
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  const receipt = walletReceipt(payment, wallet, moved);
  receipt.push(new Field('cash-received', payment.amount.toString()));
  const postings: Posting[] = [
    new Posting(float, moved),
    new Posting(wallet, -moved),
    new Posting(siteAccount(payment, 'drawer'), moved),
    new Posting(siteAccount(payment, 'agency'), -moved),
  ];
  return Result.ok<Approval, Decline>(new Approval(postings, receipt));
}

export function cashOut(payment: Payment): Result<Approval, Decline> {
  const wallet = payment.account;
  const float = siteAccount(payment, 'float');
  const moved = <i64>payment.amount;
  let fault = checkSite(payment);
  if (fault === null) fault = checkRoom(float, moved);
  if (fault === null) fault = checkAvailable(wallet, moved);
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  const receipt = walletReceipt(payment, wallet, -moved);
  receipt.push(new Field('cash-handed', payment.amount.toString()));
  const postings: Posting[] = [
    new Posting(wallet, moved),
    new Posting(float, -moved),
    new Posting(siteAccount(payment, 'agency'), moved),
    new Posting(siteAccount(payment, 'drawer'), -moved),
  ];
  return Result.ok<Approval, Decline>(new Approval(postings, receipt));
}
