/**
 * Energy: prepaid electricity. A sale takes cash against the shop's float, as a top-up does, and gives a token to type into the meter. The
 * token's count comes from the range that head office leased to this journal, and is used up in the transaction of the sale: no token is
 * made twice, and one that was shown is never taken back.
 */

import { lastCount, useCount } from './counter';
import { Lease, readLease } from './lease';
import { Approval, accounts, Decline, Field, Payment, Posting, Result } from './sdk/bindings';
import { checkAccount, checkAmount, checkAvailable, checkRoom, isOfKind, siteAccount } from './sdk/rules';
import { COUNTER_SYNC, countAfter, DISABLE_PAYG, mostValue, written } from './token';

function declined(decline: Decline): Result<Approval, Decline> {
  return Result.err<Approval, Decline>(decline);
}

export function decide(payment: Payment): Result<Approval, Decline> {
  if (payment.action === 'refund') {
    return declined(Decline.notAllowed('a token that was shown cannot be taken back: the customer has it'));
  }
  if (payment.action !== 'sale') return declined(Decline.invalid('energy cannot ' + payment.action));
  let fault = checkAmount(payment);
  if (fault === null && payment.account.length > 0 && !isOfKind(payment.account, 'energy')) {
    fault = Decline.invalid(payment.account + ' is not a meter');
  }
  if (fault === null) fault = checkAccount(payment, payment.account, 'meter');
  if (fault !== null) return declined(fault);
  const lease = readLease();
  if (lease === null) {
    return declined(Decline.notAllowed('this box has no lease for ' + payment.account + ': ask head office for one and enter it here'));
  }
  if (lease.currency !== payment.currency) {
    return declined(Decline.invalid('the lease of ' + payment.account + ' is in ' + lease.currency + ', not in ' + payment.currency));
  }
  return sell(payment, lease);
}

function sell(payment: Payment, lease: Lease): Result<Approval, Decline> {
  const timed = lease.mode === 'add-time' || lease.mode === 'set-time';
  let fault = timed ? checkUnits(payment.amount, lease) : checkPrice(payment.amount, lease);
  if (fault !== null) return declined(fault);
  const units = payment.amount / lease.price;
  const value = timed ? units : lease.mode === 'disable-payg' ? DISABLE_PAYG : COUNTER_SYNC;

  const count = countAfter(lastCount(), lease.from, lease.adds);
  if (count >= lease.to) {
    return declined(
      Decline.notAllowed('the lease ' + lease.number + ' of ' + payment.account + ' is used up: ask head office for a new one'),
    );
  }
  const float = siteAccount(payment, 'float');
  const drawer = siteAccount(payment, 'drawer');
  const agency = siteAccount(payment, 'agency');
  const moved = <i64>payment.amount;
  fault = checkAccount(payment, float, 'float');
  if (fault === null) fault = checkAccount(payment, drawer, 'drawer');
  if (fault === null) fault = checkAccount(payment, agency, 'agency account');
  if (fault === null) fault = checkRoom(payment.account, moved);
  if (fault === null) fault = checkAvailable(float, moved);
  if (fault !== null) return declined(fault);

  const token = useCount(lease, count, value);
  const receipt: Field[] = [
    new Field('account', payment.account),
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('token', written(token, lease.extended, lease.restricted)),
    new Field('token-type', lease.mode),
    new Field('units', units.toString()),
    new Field('unit', lease.unit),
    new Field('price', lease.price.toString()),
    new Field('count', count.toString()),
    new Field('lease', lease.number),
    new Field('tokens-left', lease.tokensFrom(count + 2).toString()),
    new Field('cash-received', payment.amount.toString()),
  ];
  const postings: Posting[] = [
    new Posting(float, moved),
    new Posting(payment.account, -moved),
    new Posting(drawer, moved),
    new Posting(agency, -moved),
  ];
  return Result.ok<Approval, Decline>(new Approval(postings, receipt));
}

/** Whole units alone are sold, and no more than one token can carry. */
function checkUnits(amount: u64, lease: Lease): Decline | null {
  const most = mostValue(lease.extended);
  const one = lease.price.toString() + ' a ' + lease.unit;
  if (amount < lease.price) return Decline.invalid('the least is ' + one);
  if (amount % lease.price !== 0) {
    const below = amount - (amount % lease.price);
    return Decline.invalid('the price is ' + one + ': ask for ' + below.toString() + ' or ' + (below + lease.price).toString());
  }
  if (amount / lease.price > most) {
    return Decline.invalid('one token carries at most ' + most.toString() + ': ask for ' + (most * lease.price).toString() + ' or less');
  }
  return null;
}

/** A token that is an order has one price. */
function checkPrice(amount: u64, lease: Lease): Decline | null {
  return amount === lease.price ? null : Decline.invalid('this costs ' + lease.price.toString() + ', no more and no less');
}
