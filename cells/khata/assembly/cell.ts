/**
 * Khata: what a customer takes now and pays later, on the shop's own credit up to a limit. A sale is written down, a repayment goes into
 * the drawer, a refund is struck off what is owed. The limit is the account's; a refund after everything was paid leaves the shop owing.
 */

import { khataReceipt, owedOf } from './owed';
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAmount, checkAvailable, checkRefund, checkRoom, fieldOf, isOfKind, parseMinor, siteAccount } from './sdk/rules';

function decline(reason: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(reason);
}

export function decide(payment: Payment): Result<Approval, Decline> {
  const amount = checkAmount(payment);
  if (amount !== null) return decline(amount);
  // A refund may leave the account out: the original names it.
  if (payment.action === 'refund') return refund(payment);
  if (payment.action !== 'sale' && payment.action !== 'repayment') return decline(Decline.invalid('a khata cannot ' + payment.action));
  if (payment.counterparty.length > 0) return decline(Decline.invalid('a khata is between the customer and the shop: name nobody else'));
  const fault = checkKhata(payment, payment.account);
  if (fault !== null) return decline(fault);
  return payment.action === 'sale' ? sell(payment) : repay(payment);
}

function checkKhata(payment: Payment, khata: string): Decline | null {
  if (khata.length > 0 && !isOfKind(khata, 'khata')) return Decline.invalid(khata + ' is not a khata');
  return checkAccount(payment, khata, 'khata');
}

function sell(payment: Payment): Result<Approval, Decline> {
  const khata = payment.account;
  const sales = siteAccount(payment, 'sales');
  const moved = <i64>payment.amount;
  let fault = checkAccount(payment, sales, 'sales account');
  if (fault === null) fault = checkAvailable(khata, moved);
  if (fault !== null) return decline(fault);
  return Result.ok<Approval, Decline>(
    new Approval([new Posting(khata, moved), new Posting(sales, -moved)], khataReceipt(payment, khata, moved)),
  );
}

/** Not more than is owed: what is handed over beyond it is change, or the shop would keep a deposit that nobody asked it to keep. */
function repay(payment: Payment): Result<Approval, Decline> {
  const khata = payment.account;
  const drawer = siteAccount(payment, 'drawer');
  const moved = <i64>payment.amount;
  const fault = checkAccount(payment, drawer, 'drawer');
  if (fault !== null) return decline(fault);
  const owed = owedOf(khata);
  if (owed <= 0) return decline(Decline.notAllowed('nothing is owed on ' + khata));
  if (moved > owed)
    return decline(Decline.notAllowed('only ' + owed.toString() + ' is owed on ' + khata + ': give the rest back as change'));
  const receipt = khataReceipt(payment, khata, -moved);
  const tendered = fieldOf(payment, 'tendered');
  if (tendered !== null) {
    const handed = parseMinor(tendered);
    if (handed === null) return decline(Decline.invalid('tendered must be an amount in minor units, digits only'));
    if (handed.value < payment.amount) return decline(Decline.invalid('less was tendered than the amount'));
    receipt.push(new Field('tendered', handed.value.toString()));
    receipt.push(new Field('change', (handed.value - payment.amount).toString()));
  }
  return Result.ok<Approval, Decline>(new Approval([new Posting(drawer, moved), new Posting(khata, -moved)], receipt));
}

function refund(payment: Payment): Result<Approval, Decline> {
  const fault = checkRefund(payment, 'khata', 'sale');
  if (fault !== null) return decline(fault);
  const khata = fieldOf(payment, 'original.account');
  if (khata === null) return decline(Decline.invalid('the khata of the sale is not known here'));
  if (payment.account.length > 0 && payment.account !== khata) {
    return decline(Decline.notAllowed('a refund goes to the khata of the sale: ' + khata));
  }
  const sales = siteAccount(payment, 'sales');
  const moved = <i64>payment.amount;
  let reason = checkKhata(payment, khata);
  if (reason === null) reason = checkAccount(payment, sales, 'sales account');
  if (reason === null) reason = checkRoom(khata, moved);
  if (reason !== null) return decline(reason);
  const refersTo = payment.refersTo!;
  const receipt = khataReceipt(payment, khata, -moved);
  receipt.push(new Field('refers-to', refersTo));
  receipt.push(new Field('refundable-after', (accounts.refundable(refersTo) - payment.amount).toString()));
  return Result.ok<Approval, Decline>(new Approval([new Posting(sales, moved), new Posting(khata, -moved)], receipt));
}
