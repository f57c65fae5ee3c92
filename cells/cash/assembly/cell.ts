/** Cash: notes go into the drawer and come out of it. The drawer is the affinity key; it has no floor, a count at night is its judge. */
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAmount, checkRefund, fieldOf, parseMinor, siteAccount } from './sdk/rules';

function decline(reason: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(reason);
}

export function decide(payment: Payment): Result<Approval, Decline> {
  if (payment.action !== 'sale' && payment.action !== 'refund') return decline(Decline.invalid('cash cannot ' + payment.action));
  const amount = checkAmount(payment);
  if (amount !== null) return decline(amount);
  const drawer = siteAccount(payment, 'drawer');
  const sales = siteAccount(payment, 'sales');
  const drawerFault = checkAccount(payment, drawer, 'drawer');
  if (drawerFault !== null) return decline(drawerFault);
  const salesFault = checkAccount(payment, sales, 'sales account');
  if (salesFault !== null) return decline(salesFault);
  if (payment.account.length > 0 && payment.account !== drawer) {
    return decline(Decline.invalid('cash is kept in ' + drawer + ': leave the account out'));
  }
  return payment.action === 'sale' ? sell(payment, drawer, sales) : refund(payment, drawer, sales);
}

function sell(payment: Payment, drawer: string, sales: string): Result<Approval, Decline> {
  const receipt: Field[] = [new Field('amount', payment.amount.toString()), new Field('currency', payment.currency)];
  const tendered = fieldOf(payment, 'tendered');
  if (tendered !== null) {
    const handed = parseMinor(tendered);
    if (handed === null) return decline(Decline.invalid('tendered must be an amount in minor units, digits only'));
    if (handed.value < payment.amount) return decline(Decline.invalid('less was tendered than the amount'));
    receipt.push(new Field('tendered', handed.value.toString()));
    receipt.push(new Field('change', (handed.value - payment.amount).toString()));
  }
  const moved = <i64>payment.amount;
  return Result.ok<Approval, Decline>(new Approval([new Posting(drawer, moved), new Posting(sales, -moved)], receipt));
}

function refund(payment: Payment, drawer: string, sales: string): Result<Approval, Decline> {
  const fault = checkRefund(payment, 'cash', 'sale');
  if (fault !== null) return decline(fault);
  const refersTo = payment.refersTo!;
  const left = accounts.refundable(refersTo) - payment.amount;
  const receipt: Field[] = [
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('refers-to', refersTo),
    new Field('refundable-after', left.toString()),
  ];
  const moved = <i64>payment.amount;
  return Result.ok<Approval, Decline>(new Approval([new Posting(sales, moved), new Posting(drawer, -moved)], receipt));
}
