/** CELL_NAME: a wallet pays a merchant. Change the rules below to those of your method, and cases.json with them. */
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAmount, checkAvailable, isOfKind } from './sdk/rules';

function decline(reason: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(reason);
}

function check(payment: Payment): Decline | null {
  if (payment.action !== 'pay') return Decline.invalid('CELL_NAME cannot ' + payment.action);
  const amount = checkAmount(payment);
  if (amount !== null) return amount;
  if (!isOfKind(payment.account, 'wallet')) return Decline.invalid('name the wallet that pays');
  if (!isOfKind(payment.counterparty, 'merchant')) return Decline.invalid('name the merchant that is paid');
  const wallet = checkAccount(payment, payment.account, 'wallet');
  if (wallet !== null) return wallet;
  const merchant = checkAccount(payment, payment.counterparty, 'merchant');
  if (merchant !== null) return merchant;
  return checkAvailable(payment.account, <i64>payment.amount);
}

export function decide(payment: Payment): Result<Approval, Decline> {
  const fault = check(payment);
  if (fault !== null) return decline(fault);

  // Debit above 0, credit below: the wallet owes less to its owner, the merchant has more.
  const moved = <i64>payment.amount;
  const postings = [new Posting(payment.account, moved), new Posting(payment.counterparty, -moved)];
  const left = accounts.available(payment.account) - moved;
  const receipt = [
    new Field('account', payment.account),
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('paid-to', payment.counterparty),
    new Field('balance-here', left.toString()),
  ];
  return Result.ok<Approval, Decline>(new Approval(postings, receipt));
}
