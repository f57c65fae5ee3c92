/** What is owed on a khata, and the lines that every receipt of one has. */
import { accounts, Field, Payment } from './sdk/bindings';

/** Below 0 where the shop owes the customer. */
export function owedOf(khata: string): i64 {
  const found = accounts.find(khata);
  return found === null ? 0 : found.limit - accounts.available(khata);
}

/** `moved` is by how much more is owed after it (below 0: less). */
export function khataReceipt(payment: Payment, khata: string, moved: i64): Field[] {
  const found = accounts.find(khata);
  const limit: i64 = found === null ? 0 : found.limit;
  const owed = owedOf(khata) + moved;
  const receipt: Field[] = [
    new Field('account', khata),
    new Field('amount', payment.amount.toString()),
    new Field('currency', payment.currency),
    new Field('owed-after', (owed > 0 ? owed : 0).toString()),
    new Field('limit', limit.toString()),
    new Field('credit-left', (accounts.available(khata) - moved).toString()),
  ];
  if (owed < 0) receipt.push(new Field('paid-ahead', (-owed).toString()));
  return receipt;
}
