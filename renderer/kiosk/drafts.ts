/** The requests that the screens make: each with its story, so that its screen can be shown again after a reload. Pure. */
import type { HistoryItemBody, LeaseBody } from '../shared/api-types.ts';
import { type Cart, cartTotal, lineTotal } from './cart.ts';
import type { Draft, PaymentStory } from './payment-store.ts';
import { voucherAccount } from './voucher-code.ts';

type Account = { readonly id: string; readonly name: string };

const payment = (body: Readonly<Record<string, unknown>>, story: PaymentStory): Draft => ({
  request: (id) => ({ path: '/v1/payments', body: { id, ...body } }),
  story,
});

/** What the printed receipt lists: `item.1` = quantity, amount in minor units, name in English, in Nepali. A bar in a name would end it. */
export const receiptItems = (lines: Cart): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.map((line, index) => {
      const names = [line.name.en, line.name.ne].map((name) => name.replaceAll('|', '/'));
      return [`item.${index + 1}`, [line.quantity, lineTotal(line), ...names].join('|')];
    }),
  );

export const cashSale = (lines: Cart, received: bigint, currency: string): Draft => {
  const amount = cartTotal(lines).toString();
  const tendered = received.toString();
  return payment(
    { method: 'cash', action: 'sale', amount, currency, fields: { tendered, ...receiptItems(lines) } },
    { kind: 'sale', method: 'cash', amount, lines, tendered },
  );
};

export const walletSale = (lines: Cart, { id, name }: Account, currency: string): Draft => {
  const amount = cartTotal(lines).toString();
  return payment(
    { method: 'wallet', action: 'sale', account: id, amount, currency, fields: receiptItems(lines) },
    { kind: 'sale', method: 'wallet', amount, lines, account: id, name },
  );
};

export const khataSale = (lines: Cart, { id, name }: Account, currency: string): Draft => {
  const amount = cartTotal(lines).toString();
  return payment(
    { method: 'khata', action: 'sale', account: id, amount, currency, fields: receiptItems(lines) },
    { kind: 'sale', method: 'khata', amount, lines, account: id, name },
  );
};

export const voucherSale = (lines: Cart, code: string, currency: string): Draft => {
  const amount = cartTotal(lines).toString();
  const account = voucherAccount(code);
  return payment(
    { method: 'voucher', action: 'sale', account, amount, currency, fields: receiptItems(lines) },
    { kind: 'sale', method: 'voucher', amount, lines, account, name: code },
  );
};

/** `received` is what was handed over; what is beyond `paid` goes back. */
export const repayment = ({ id, name }: Account, paid: bigint, received: bigint, currency: string): Draft => {
  const [amount, tendered] = [paid.toString(), received.toString()];
  return payment(
    { method: 'khata', action: 'repayment', account: id, amount, currency, fields: { tendered } },
    { kind: 'repayment', method: 'khata', amount, account: id, name, tendered },
  );
};

type VoucherTerms = { readonly isSingle: boolean /** Milliseconds since 1970. */; readonly expiresAt?: number };

export const issue = (code: string, worth: bigint, { isSingle, expiresAt }: VoucherTerms, currency: string): Draft => {
  const [amount, account] = [worth.toString(), voucherAccount(code)];
  const fields = { single: isSingle ? 'yes' : 'no', ...(expiresAt === undefined ? {} : { 'expires-at': String(expiresAt) }) };
  return payment(
    { method: 'voucher', action: 'issue', account, amount, currency, fields },
    { kind: 'issue', method: 'voucher', amount, account, name: code, cash: 'in' },
  );
};

export const topUp = ({ id, name }: Account, amount: bigint, currency: string): Draft =>
  payment(
    { method: 'wallet', action: 'top-up', account: id, amount: amount.toString(), currency },
    { kind: 'top-up', method: 'wallet', amount: amount.toString(), account: id, name, cash: 'in' },
  );

export const cashOut = ({ id, name }: Account, amount: bigint, currency: string): Draft =>
  payment(
    { method: 'wallet', action: 'cash-out', account: id, amount: amount.toString(), currency },
    { kind: 'cash-out', method: 'wallet', amount: amount.toString(), account: id, name, cash: 'out' },
  );

export const transfer = (from: Account, to: Account, amount: bigint, currency: string): Draft =>
  payment(
    { method: 'wallet', action: 'transfer', account: from.id, counterparty: to.id, amount: amount.toString(), currency },
    {
      kind: 'transfer',
      method: 'wallet',
      amount: amount.toString(),
      account: from.id,
      name: from.name,
      counterparty: to.id,
      counterpartyName: to.name,
    },
  );

/** Whole units of energy at the lease's price; the box answers with the token. */
export const energySale = ({ account, price, currency }: Pick<LeaseBody, 'account' | 'price' | 'currency'>, units: bigint): Draft => {
  const amount = (BigInt(price) * units).toString();
  const name = account.slice(account.indexOf(':') + 1);
  return payment(
    { method: 'energy', action: 'sale', account, amount, currency },
    { kind: 'energy', method: 'energy', amount, account, name, cash: 'in' },
  );
};

/** Whether what is given back goes to an account, and not out of the drawer. */
const goesBack = ({ method }: HistoryItemBody): boolean => method === 'wallet' || method === 'khata' || method === 'voucher';

export const refund = (sale: HistoryItemBody, amount: bigint, name: string | undefined): Draft =>
  payment(
    {
      method: sale.method,
      action: 'refund',
      amount: amount.toString(),
      currency: sale.currency,
      refersTo: sale.id,
      ...(goesBack(sale) ? { account: sale.account } : {}),
    },
    {
      kind: 'refund',
      method: sale.method,
      amount: amount.toString(),
      refersTo: sale.id,
      refersToNumber: sale.entry.number,
      ...(goesBack(sale) ? { account: sale.account } : { cash: 'out' as const }),
      ...(name === undefined ? {} : { name }),
    },
  );

/** Which way cash goes when a service is taken back. */
const backwards: Readonly<Record<string, 'in' | 'out'>> = { 'top-up': 'out', 'cash-out': 'in', repayment: 'out', issue: 'out' };

export const reversal = (sale: HistoryItemBody, reason: string, name: string | undefined): Draft => {
  const cash = backwards[sale.action];
  return {
    request: (id) => ({ path: `/v1/payments/${encodeURIComponent(sale.id)}/reversal`, body: { id, reason } }),
    story: {
      kind: 'reversal',
      method: sale.method,
      amount: sale.amount,
      refersTo: sale.id,
      refersToNumber: sale.entry.number,
      account: sale.account,
      ...(cash === undefined ? {} : { cash }),
      ...(name === undefined ? {} : { name }),
    },
  };
};
