/**
 * What every payment cell has to ask: is the amount one that a posting can hold, is the account known, open and of this currency.
 * Each check gives the decline, or null where all is well, so a cell reads as a list of its rules.
 */
import { Account, accounts, Decline, Field, Payment, state } from './bindings';

/** The value of a field of the request; null where it is missing. */
export function fieldOf(payment: Payment, name: string): string | null {
  for (let i = 0; i < payment.fields.length; i++) {
    const field: Field = payment.fields[i];
    if (field.name === name) return field.value;
  }
  return null;
}

/** A field that the gateway always gives for the action; empty where it did not (`checkAccount` then declines). */
export function siteAccount(payment: Payment, role: string): string {
  const found = fieldOf(payment, 'site.' + role);
  return found === null ? '' : found;
}

export function isOfKind(id: string, kind: string): bool {
  return id.startsWith(kind + ':');
}

/** A posting is signed 64 bits wide, the request unsigned: the upper half does not fit. */
export function checkAmount(payment: Payment): Decline | null {
  if (payment.amount === 0) return Decline.invalid('the amount must be more than 0');
  if (payment.amount > <u64>i64.MAX_VALUE) return Decline.invalid('the amount does not fit into 64 bits: ask for less');
  return null;
}

/** The account must be known here, open, and of the payment's currency. `role` says in the text what it is for. */
export function checkAccount(payment: Payment, id: string, role: string): Decline | null {
  if (id.length === 0) return Decline.invalid('the ' + role + ' is missing: name an account');
  const found: Account | null = accounts.find(id);
  if (found === null) return Decline.unknownAccount(id);
  if (!found.open) return Decline.notAllowed('the ' + role + ' ' + id + ' is closed');
  if (found.currency !== payment.currency) {
    return Decline.invalid('the ' + role + ' ' + id + ' is kept in ' + found.currency + ', not in ' + payment.currency);
  }
  return null;
}

/** The account must have the amount available here. */
export function checkAvailable(id: string, amount: i64): Decline | null {
  const available = accounts.available(id);
  return available < amount ? Decline.notEnough(available) : null;
}

/** A credit must not carry the account beyond what 64 bits hold. */
export function checkRoom(id: string, amount: i64): Decline | null {
  const available = accounts.available(id);
  if (available > 0 && amount > i64.MAX_VALUE - available) return Decline.invalid(id + ' cannot hold so much: ask for less');
  return null;
}

/** What a refund may give back: the payment it names must be one of `method` and `action`, with enough of it left. */
export function checkRefund(payment: Payment, method: string, action: string): Decline | null {
  const refersTo = payment.refersTo;
  if (refersTo === null || refersTo.length === 0) return Decline.invalid('refers-to is missing: name the payment to refund');
  const originalMethod = fieldOf(payment, 'original.method');
  const originalAction = fieldOf(payment, 'original.action');
  if (originalMethod === null || originalAction === null) return Decline.invalid('the payment ' + refersTo + ' is not known here');
  if (originalMethod !== method || originalAction !== action) {
    return Decline.notAllowed('the payment ' + refersTo + ' is not a ' + method + ' ' + action);
  }
  const left = accounts.refundable(refersTo);
  if (payment.amount > left) {
    return Decline.notAllowed('only ' + left.toString() + ' of the payment ' + refersTo + ' can still be refunded');
  }
  return null;
}

/** What is kept of this account under a key, as text; null where nothing is. */
export function keptText(key: string): string | null {
  const kept = state.get(key);
  return kept === null ? null : String.UTF8.decodeUnsafe(kept.dataStart, kept.length);
}

/** Keeps a text in the place of the old one: with the payment, or not at all. */
export function keepText(key: string, text: string): void {
  state.set(key, Uint8Array.wrap(String.UTF8.encode(text)));
}

/** The day of a payment in Nepal (UTC+5:45), counted from 1970: another number after each midnight there. */
export function dayInNepal(at: u64): u64 {
  return (at + 20_700_000) / 86_400_000;
}

/** An amount in minor units from its digits; null unless it is 1-19 digits that fit into a posting. */
export function parseMinor(text: string): Minor | null {
  if (text.length === 0 || text.length > 19) return null;
  let value: u64 = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + <u64>digit;
  }
  return value > <u64>i64.MAX_VALUE ? null : new Minor(value);
}

export class Minor {
  constructor(public value: u64) {}
}
