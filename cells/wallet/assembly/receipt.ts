/** The lines that every wallet receipt begins with. */
import { accounts, Field, Payment } from './sdk/bindings';

/** `moved` is what the wallet gains (or, below 0, loses); the balance is that of this gateway's position after it. */
export function walletReceipt(payment: Payment, wallet: string, moved: i64): Field[] {
  return [
    new Field('account', wallet),
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('balance-here', (accounts.available(wallet) + moved).toString()),
  ];
}
