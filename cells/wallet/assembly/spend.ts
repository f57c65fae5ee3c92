/** What goes out of a wallet to somebody else: a sale and a transfer. */

import { walletReceipt } from './receipt';
import { Approval, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAvailable, checkRoom, isOfKind, siteAccount } from './sdk/rules';

export function sell(payment: Payment): Result<Approval, Decline> {
  let payee = payment.counterparty;
  if (payee.length === 0) payee = siteAccount(payment, 'takings');
  else if (!isOfKind(payee, 'merchant') && !isOfKind(payee, 'takings')) {
    return Result.err<Approval, Decline>(Decline.invalid(payee + ' cannot be paid by a sale: name a merchant or leave it out'));
  }
  return pay(payment, payee, true);
}

export function transfer(payment: Payment): Result<Approval, Decline> {
  const payee = payment.counterparty;
  if (payee === payment.account) return Result.err<Approval, Decline>(Decline.invalid('a transfer needs another account than the payer'));
  const isWallet = isOfKind(payee, 'wallet');
  if (payee.length > 0 && !isWallet && !isOfKind(payee, 'bank')) {
    return Result.err<Approval, Decline>(Decline.invalid(payee + ' cannot receive a transfer: name a wallet or a bank account'));
  }
  return pay(payment, payee, isWallet);
}

/** `bounded`: the payee is an account whose available amount must not leave 64 bits. */
function pay(payment: Payment, payee: string, bounded: bool): Result<Approval, Decline> {
  const wallet = payment.account;
  const moved = <i64>payment.amount;
  let fault = checkAccount(payment, payee, 'payee');
  if (fault === null) fault = checkAvailable(wallet, moved);
  if (fault === null && bounded) fault = checkRoom(payee, moved);
  if (fault !== null) return Result.err<Approval, Decline>(fault);
  const receipt = walletReceipt(payment, wallet, -moved);
  receipt.push(new Field('paid-to', payee));
  return Result.ok<Approval, Decline>(new Approval([new Posting(wallet, moved), new Posting(payee, -moved)], receipt));
}
