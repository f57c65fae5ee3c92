/**
 * CELL_NAME: a wallet pays a merchant. Change the rules below to those of your method, and cases.json with them. Amounts are numbers
 * here, exact up to 2^53: what is more is declined. A decline is thrown.
 */
import accounts from 'chautari:cell/accounts@0.1.0';

const decline = (tag, val) => {
  throw { tag, val };
};

const checkAccount = (payment, id, kind) => {
  if (!id.startsWith(`${kind}:`)) decline('invalid', `name the ${kind}`);
  // An option without a value is null to this engine.
  const found = accounts.find(id);
  if (found === null || found === undefined) return decline('unknown-account', id);
  if (!found.open) decline('not-allowed', `the ${kind} ${id} is closed`);
  if (found.currency !== payment.currency) decline('invalid', `the ${kind} ${id} is kept in ${found.currency}, not in ${payment.currency}`);
};

export function decide(payment) {
  if (payment.action !== 'pay') decline('invalid', `CELL_NAME cannot ${payment.action}`);
  const { amount, account, counterparty } = payment;
  if (!Number.isSafeInteger(amount) || amount <= 0) decline('invalid', 'the amount is too large: ask for less');
  checkAccount(payment, account, 'wallet');
  checkAccount(payment, counterparty, 'merchant');
  const available = accounts.available(account);
  if (available < amount) decline('not-enough', available);

  return {
    // Debit above 0, credit below: the wallet owes less to its owner, the merchant has more.
    postings: [
      { account, amount },
      { account: counterparty, amount: -amount },
    ],
    receipt: [
      { name: 'account', value: account },
      { name: 'amount', value: String(amount) },
      { name: 'currency', value: payment.currency },
      { name: 'paid-to', value: counterparty },
      { name: 'balance-here', value: String(available - amount) },
    ],
  };
}
