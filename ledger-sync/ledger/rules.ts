/**
 * The rules of business that an entry must keep, checked against what its journal's partition knows: P1 (funding), P9 (positions and
 * floors), P10 (what can still be refunded). The gateway refuses a draft that breaks one; the centre stores a signed entry that breaks
 * one and opens a break (I7, W4). One function serves both, so they cannot disagree.
 */
import { type Account, type AccountId, available, isBounded, isIssued, isSiteKind, kindOf, lowersAvailable, nameOf } from './account.ts';
import type { EntryBody } from './entry.ts';
import type { PaymentId } from './ids.ts';
import { floorAfter, isLimitAction } from './limit.ts';
import { fitsMinor, type Minor } from './money.ts';

/** What this journal knows. Balances are sums of this journal's postings: positions, not totals (rule P2). */
export interface PartitionFacts {
  account(id: AccountId): Account | undefined;
  /** Sum of postings in this journal; 0 where there are none. */
  balance(id: AccountId): Minor;
  /** What can still be refunded or reversed of a payment of this journal; undefined where this journal did not take it. */
  remaining(id: PaymentId): Remaining | undefined;
}

export type Remaining = { readonly amount: Minor; readonly remaining: Minor; readonly action: string };

/** Ordered by precedence; never renumbered. None of them can be helped by trying the same again. */
export type RuleFault =
  | { readonly code: 'unknown-account'; readonly rule: 'P9'; readonly account: AccountId }
  | { readonly code: 'closed-account'; readonly rule: 'P9'; readonly account: AccountId }
  | { readonly code: 'other-currency'; readonly rule: 'I2'; readonly account: AccountId; readonly currency: string }
  | { readonly code: 'bad-opening'; readonly rule: 'P1'; readonly account: AccountId }
  | { readonly code: 'bad-limit'; readonly rule: 'P9'; readonly account: AccountId; readonly available: Minor }
  | { readonly code: 'not-funded'; readonly rule: 'P1'; readonly excess: Minor }
  | { readonly code: 'unknown-payment'; readonly rule: 'P10'; readonly payment: PaymentId | undefined }
  | { readonly code: 'not-refundable'; readonly rule: 'P10'; readonly payment: PaymentId; readonly remaining: Minor }
  | { readonly code: 'below-floor'; readonly rule: 'P9'; readonly account: AccountId; readonly available: Minor }
  | { readonly code: 'balance-too-large'; readonly rule: 'I2'; readonly account: AccountId };

const NONE: readonly RuleFault[] = [];

/** Every rule that the entry breaks, by precedence; empty where it keeps them all. */
export function ruleFaults(body: EntryBody, facts: PartitionFacts): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  if (body.action === 'open') return openingFaults(body, facts);
  if (isLimitAction(body.action)) return limitFaults(body, facts);
  accountFaults(body, facts, faults);
  fundingFaults(body, faults);
  refundFaults(body, facts, faults);
  floorFaults(body, facts, faults);
  return faults.length === 0 ? NONE : faults;
}

/** `open` has no posting (a khata's then names its limit), or debits this site's opening account and credits the new account once: the one place where issued money starts. */
function openingFaults(body: EntryBody, facts: PartitionFacts): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const wellFormed =
    body.postings.length === 0
      ? body.amount === 0n || (body.amount > 0n && kindOf(body.account) === 'khata')
      : body.postings.length === 2 &&
        body.postings.every(({ account, amount }) =>
          kindOf(account) === 'opening'
            ? amount === body.amount
            : account === body.account && amount === -body.amount && isBounded(account),
        );
  if (!wellFormed || facts.account(body.account) !== undefined || isOfAnotherSite(body.account, facts))
    faults.push({ code: 'bad-opening', rule: 'P1', account: body.account });
  for (const { account, amount } of body.postings) {
    // The new account is not there yet; where its money comes from must be, or another site's books would be drawn on.
    const source = facts.account(account);
    if (kindOf(account) === 'opening' && source === undefined) faults.push({ code: 'unknown-account', rule: 'P9', account });
    else if (kindOf(account) === 'opening' && source !== undefined && source.currency !== body.currency) {
      faults.push({ code: 'other-currency', rule: 'I2', account, currency: source.currency });
    }
    if (!fitsMinor(facts.balance(account) + amount)) faults.push({ code: 'balance-too-large', rule: 'I2', account });
  }
  return faults;
}

/** A site's accounts are opened in its own journal, the one that has its opening account from the start. */
const isOfAnotherSite = (account: AccountId, facts: PartitionFacts): boolean =>
  isSiteKind(kindOf(account)) && facts.account(`opening:${nameOf(account)}` as AccountId) === undefined;

/** A limit has no posting, and is never lowered below what is owed: nobody is below a floor because the floor moved (I6). */
function limitFaults(body: EntryBody, facts: PartitionFacts): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const { account, amount, currency } = body;
  const known = facts.account(account);
  if (known === undefined) faults.push({ code: 'unknown-account', rule: 'P9', account });
  else if (!known.open) faults.push({ code: 'closed-account', rule: 'P9', account });
  else if (known.currency !== currency) faults.push({ code: 'other-currency', rule: 'I2', account, currency: known.currency });
  const floor = known?.floor ?? 0n;
  const before = available(account, facts.balance(account), floor);
  const after = available(account, facts.balance(account), floorAfter(body, floor));
  const moved = after - before;
  const possible =
    kindOf(account) === 'khata' &&
    body.postings.length === 0 &&
    amount > 0n &&
    moved === (body.action === 'limit-raise' ? amount : -amount) &&
    fitsMinor(after) &&
    after >= 0n;
  if (!possible) faults.push({ code: 'bad-limit', rule: 'P9', account, available: before });
  return faults.length === 0 ? NONE : faults;
}

function accountFaults(body: EntryBody, facts: PartitionFacts, faults: RuleFault[]): void {
  for (const { account } of body.postings) {
    const known = facts.account(account);
    if (known === undefined) faults.push({ code: 'unknown-account', rule: 'P9', account });
    else if (!known.open) faults.push({ code: 'closed-account', rule: 'P9', account });
    else if (known.currency !== body.currency) faults.push({ code: 'other-currency', rule: 'I2', account, currency: known.currency });
  }
}

/** P1: issued money comes from issued money; it may leave (to a bank), never appear. */
function fundingFaults(body: EntryBody, faults: RuleFault[]): void {
  let issued = 0n;
  for (const { account, amount } of body.postings) if (isIssued(account)) issued -= amount;
  if (issued > 0n) faults.push({ code: 'not-funded', rule: 'P1', excess: issued });
}

function refundFaults(body: EntryBody, facts: PartitionFacts, faults: RuleFault[]): void {
  if (body.action !== 'refund' && body.action !== 'reversal') return;
  const original = body.refersTo === undefined ? undefined : facts.remaining(body.refersTo);
  if (body.refersTo === undefined || original === undefined) {
    faults.push({ code: 'unknown-payment', rule: 'P10', payment: body.refersTo });
    return;
  }
  // Less than nothing given back would make more to be given back.
  const possible =
    body.amount > 0n &&
    (body.action === 'refund'
      ? original.action === 'sale' && body.amount <= original.remaining
      : original.remaining === original.amount && body.amount === original.amount);
  if (!possible) faults.push({ code: 'not-refundable', rule: 'P10', payment: body.refersTo, remaining: original.remaining });
}

/** P9: every bounded account that the entry lowers must have that much in this journal. */
function floorFaults(body: EntryBody, facts: PartitionFacts, faults: RuleFault[]): void {
  for (const { account, amount } of body.postings) {
    const after = facts.balance(account) + amount;
    if (!fitsMinor(after)) faults.push({ code: 'balance-too-large', rule: 'I2', account });
    if (!isBounded(account) || !lowersAvailable(account, amount)) continue;
    const floor = facts.account(account)?.floor ?? 0n;
    if (available(account, after, floor) < 0n) {
      faults.push({ code: 'below-floor', rule: 'P9', account, available: available(account, facts.balance(account), floor) });
    }
  }
}

/** How an entry changes what can still be refunded: of itself when it is a payment, of the one it refers to when it undoes one. */
export type RemainingChange =
  | { readonly kind: 'opens'; readonly payment: PaymentId; readonly amount: Minor }
  | { readonly kind: 'lowers'; readonly payment: PaymentId; readonly by: Minor };

export function remainingChange(body: EntryBody): RemainingChange | undefined {
  switch (body.action) {
    case 'open':
    case 'limit-raise':
    case 'limit-lower':
      return undefined;
    case 'refund':
    case 'reversal':
      return body.refersTo === undefined ? undefined : { kind: 'lowers', payment: body.refersTo, by: body.amount };
    default:
      return { kind: 'opens', payment: body.paymentId, amount: body.amount };
  }
}
