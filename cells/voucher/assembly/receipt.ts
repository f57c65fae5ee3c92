/** The lines that every receipt of a voucher begins with. */
import { accounts, Field, Payment } from './sdk/bindings';
import { Terms } from './terms';

/** `moved` is what the voucher gains (or, below 0, loses). */
export function voucherReceipt(payment: Payment, voucher: string, moved: i64, terms: Terms | null): Field[] {
  const receipt: Field[] = [
    new Field('account', voucher),
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('balance-here', (accounts.available(voucher) + moved).toString()),
  ];
  if (terms === null) return receipt;
  if (terms.expiresAt !== 0) receipt.push(new Field('expires-at', terms.expiresAt.toString()));
  receipt.push(new Field('single', terms.single ? 'yes' : 'no'));
  return receipt;
}
