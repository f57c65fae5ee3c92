/**
 * From a parsed body to a command: ids and amounts become branded values or a problem. The schema has looked at shapes; what only the
 * domain knows (known currencies, account kinds, 64 bits) is looked at here.
 */
import { hash } from 'node:crypto';
import { type AccountId, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import { type PaymentId, parsePaymentId, splitKioskId } from '../../ledger-sync/ledger/ids.ts';
import { type Currency, parseAmount, parseCurrency, parseMinor } from '../../ledger-sync/ledger/money.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { TakePayment } from '../gateway/commands.ts';
import { OWN_PREFIXES, openingIdOf } from '../gateway/own-ids.ts';
import type { FieldError, ProblemInit } from '../platform/http/problem.ts';
import type { PaymentRequestBody } from './schemas.ts';
import { operatorOf, type Principal } from './sessions.ts';

export const invalid = (path: string, message: string): ProblemInit => ({
  status: 422,
  code: 'invalid-body',
  detail: `${path}: ${message}`,
  errors: [{ path, message } satisfies FieldError],
});

const hashHex: HashHex = (bytes) => hash('sha256', bytes, 'hex');
export const openingId = (gateway: string, account: string): PaymentId => openingIdOf(gateway, account, hashHex);

/** The payment's id from the body or from `Idempotency-Key`; both and different is refused, and so is what is somebody else's to make. */
export function readId(inBody: string | undefined, header: string | undefined, asks: Principal): Result<PaymentId, ProblemInit> {
  if (inBody !== undefined && header !== undefined && inBody !== header) {
    return err(invalid('id', 'the body and the Idempotency-Key header name different ids; send one, or the same in both'));
  }
  const text = inBody ?? header;
  if (text === undefined) return err(invalid('id', 'make an id, keep it, and send it as "id" or as the header Idempotency-Key'));
  const id = parsePaymentId(text);
  if (!id.ok) return err(invalid('id', id.error.rule));
  const own = OWN_PREFIXES.find((prefix) => text.startsWith(prefix));
  if (own !== undefined) return err(invalid('id', `ids that begin with "${own}" are made by the box itself`));
  // A kiosk counts its ids up: one that was taken from it would meet its next sale with another payment's answer (K1).
  if (asks.kind === 'token' && !asks.scopes.includes('admin') && splitKioskId(id.value) !== undefined) {
    return err(
      invalid('id', 'ten digits, a point and a number are the ids of kiosks; make your own in another form, such as "order-1042"'),
    );
  }
  return id;
}

export function readCurrency(text: string): Result<Currency, ProblemInit> {
  const currency = parseCurrency(text);
  return currency.ok ? currency : err(invalid('currency', `${text} is not a currency that this box knows`));
}

export function readAccountId(path: string, text: string): Result<AccountId, ProblemInit> {
  const id = parseAccountId(text);
  return id.ok ? id : err(invalid(path, 'kind:name, with a kind that exists, such as "wallet:W-1042"'));
}

export function readOpening(text: string | undefined): Result<bigint, ProblemInit> {
  const minor = parseMinor(text ?? '0');
  if (!minor.ok) return err(invalid('opening', 'a whole number of minor units within 64 bits'));
  return minor.value < 0n ? err(invalid('opening', 'an account cannot begin with less than nothing')) : minor;
}

export function readLimit(text: string): Result<bigint, ProblemInit> {
  const minor = parseMinor(text);
  if (!minor.ok) return err(invalid('limit', 'a whole number of minor units within 64 bits'));
  return minor.value < 0n ? err(invalid('limit', 'a limit is nothing or more')) : minor;
}

export function readPayment(
  body: PaymentRequestBody,
  header: string | undefined,
  asks: Principal,
  at: number,
): Result<TakePayment, ProblemInit> {
  const id = readId(body.id, header, asks);
  if (!id.ok) return id;
  const amount = parseAmount(body.amount);
  if (!amount.ok) {
    const rule = amount.error.code === 'too-large' ? 'more than 64 bits can hold' : 'more than zero, in whole minor units as text';
    return err(invalid('amount', rule));
  }
  const currency = readCurrency(body.currency);
  if (!currency.ok) return currency;
  const account = body.account === undefined ? undefined : readAccountId('account', body.account);
  if (account !== undefined && !account.ok) return account;
  const counterparty = body.counterparty === undefined ? undefined : readAccountId('counterparty', body.counterparty);
  if (counterparty !== undefined && !counterparty.ok) return counterparty;
  const refersTo = body.refersTo === undefined ? undefined : parsePaymentId(body.refersTo);
  if (refersTo !== undefined && !refersTo.ok) return err(invalid('refersTo', refersTo.error.rule));
  return ok({
    id: id.value,
    method: body.method,
    action: body.action,
    ...(account === undefined ? {} : { account: account.value }),
    ...(counterparty === undefined ? {} : { counterparty: counterparty.value }),
    amount: amount.value,
    currency: currency.value,
    ...(refersTo === undefined ? {} : { refersTo: refersTo.value }),
    ...(body.memo === undefined ? {} : { memo: body.memo }),
    fields: body.fields ?? {},
    operator: operatorOf(asks),
    at,
  });
}
