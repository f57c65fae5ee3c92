/**
 * What the host checks of an approval, whatever the cell believes: the entry balances (I2), bounded positions stay at or above their
 * floor (I6), every account is one that this request is about and of a kind that the manifest grants (I10), debits are those that
 * the action may make, and the money that moves is the money that was asked for. Pure; the first fault found is given.
 */
import { type AccountId, isBounded, kindOf, lowersAvailable, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import { fitsMinor } from '../../ledger-sync/ledger/money.ts';
import { balance, type Posting, type PostingFault } from '../../ledger-sync/ledger/posting.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { CellApproval, CellFacts, CellFault, CellPayment } from './cell.ts';
import { isSoundText } from './check-request.ts';
import { LIMITS } from './limits.ts';
import type { ActionRule, PaymentManifest } from './manifest.ts';

type Check = Result<undefined, CellFault>;

const FINE: Check = ok(undefined);
const SITE_ROLES = ['drawer', 'sales', 'agency', 'takings', 'float'] as const;
/** What the host lends a cell of the lease of its counter (P12). */
const LEASE = 'host.lease';
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

function fault(code: CellFault['code'], detail: string): Check {
  return err({ code, detail });
}

function fieldOf(payment: CellPayment, name: string): string | undefined {
  return payment.fields.find((field) => field.name === name)?.value;
}

/** The accounts that this request is about: its partition, as far as money goes. */
type Parties = {
  /** The account that the action serves: the request's own, or in a refund that leaves it out, the original's. */
  served: string;
  site: ReadonlySet<string>;
  /** In a refund: whom the original paid. */
  originalPayee: string | undefined;
  all: ReadonlySet<string>;
};

function partiesOf(payment: CellPayment, rule: ActionRule): Parties {
  const site = new Set<string>();
  for (const role of SITE_ROLES) {
    const account = fieldOf(payment, `site.${role}`);
    if (account !== undefined && account !== '') site.add(account);
  }
  const original = rule.refunds ? (fieldOf(payment, 'original.account') ?? '') : '';
  const paid = rule.refunds ? (fieldOf(payment, 'original.counterparty') ?? '') : '';
  const originalPayee = rule.refunds ? paid || fieldOf(payment, 'site.takings') : undefined;
  const all = new Set([...site, payment.account, payment.counterparty, original, paid]);
  all.delete('');
  return { served: payment.account === '' ? original : payment.account, site, originalPayee, all };
}

function unbalanced(fault: PostingFault): string {
  if (fault.code === 'not-balanced') return `the postings sum to ${fault.sum}, not to 0`;
  return 'account' in fault ? `${fault.code} (${fault.account})` : fault.code;
}

function checkBalance(approval: CellApproval): Result<readonly Posting[], CellFault> {
  if (approval.postings.length === 0) return err({ code: 'not-balanced', detail: 'an approval needs postings' });
  if (approval.postings.length > LIMITS.postingsMax) {
    return err({ code: 'limit', detail: `${approval.postings.length} postings; the limit is ${LIMITS.postingsMax}` });
  }
  const postings: Posting[] = [];
  for (const { account, amount } of approval.postings) {
    const id = parseAccountId(account);
    if (!id.ok) return err({ code: 'bad-answer', detail: `${JSON.stringify(id.error.text)} is not an account` });
    postings.push({ account: id.value, amount });
  }
  const balanced = balance(postings);
  if (balanced.ok) return ok(balanced.value);
  return err({ code: 'not-balanced', detail: unbalanced(balanced.error) });
}

function checkAccount(id: AccountId, manifest: PaymentManifest, payment: CellPayment, parties: Parties, facts: CellFacts): Check {
  if (!manifest.grants.accounts.includes(kindOf(id))) return fault('not-granted', `${id}: the manifest does not grant ${kindOf(id)}`);
  if (!parties.all.has(id)) return fault('outside-partition', `${id} is not an account of this request`);
  const account = facts.find(id);
  if (account === undefined || account.id !== id) return fault('unknown-account', `${id} is not known here`);
  if (!account.open) return fault('unknown-account', `${id} is closed`);
  if (account.currency !== payment.currency)
    return fault('unknown-account', `${id} is kept in ${account.currency}, not in ${payment.currency}`);
  return FINE;
}

/** A bounded account may lose only what the action lets it lose, and never more than it has here. */
function checkDebit({ account, amount }: Posting, rule: ActionRule, parties: Parties, facts: CellFacts): Check {
  if (!isBounded(account)) return FINE;
  const here = facts.available(account);
  if (!lowersAvailable(account, amount)) {
    return fitsMinor(here + (amount < 0n ? -amount : amount)) ? FINE : fault('wrong-amount', `${account} cannot hold so much`);
  }
  const pays = rule.served === 'pays' && account === parties.served;
  const listed = rule.debits.includes(kindOf(account)) && (parties.site.has(account) || account === parties.originalPayee);
  if (!pays && !listed) return fault('debit-not-allowed', `${account} may not be debited here`);
  const taken = amount < 0n ? -amount : amount;
  return taken > here ? fault('below-floor', `${account} has ${here} available here, the cell took ${taken}`) : FINE;
}

function checkMoved(postings: readonly Posting[], rule: ActionRule, payment: CellPayment, parties: Parties): Check {
  let debited = 0n;
  for (const { account, amount } of postings) {
    if (amount > 0n) debited += amount;
    if (amount > payment.amount || -amount > payment.amount) return fault('wrong-amount', `${account} moves by ${amount}`);
  }
  const asked = payment.amount * BigInt(rule.legs);
  if (debited !== asked) return fault('wrong-amount', `the postings move ${debited}; asked was ${asked} (${rule.legs} x the amount)`);
  if (rule.served === 'none') return FINE;
  const served = postings.find((posting) => posting.account === parties.served);
  const wanted = rule.served === 'pays' ? payment.amount : -payment.amount;
  if (served?.amount !== wanted) return fault('wrong-amount', `${parties.served || 'the account'} must move by ${wanted}`);
  return FINE;
}

function checkReceipt(approval: CellApproval): Check {
  if (approval.receipt.length > LIMITS.receiptLinesMax) return fault('limit', `the receipt has ${approval.receipt.length} lines`);
  for (const { name, value } of approval.receipt) {
    if (name.length + value.length > LIMITS.receiptLineCharsMax) return fault('limit', 'a line of the receipt is too long');
    if (!/^[a-z][a-z0-9-]*$/.test(name)) return fault('bad-answer', 'a line of the receipt has a name that is not lower-case words');
    if (!isSoundText(value, LIMITS.receiptLineCharsMax) || CONTROL.test(value)) {
      return fault('bad-answer', `the receipt's ${name} is not plain text of one line`);
    }
  }
  return FINE;
}

export function checkDecision(manifest: PaymentManifest, payment: CellPayment, approval: CellApproval, facts: CellFacts): Check {
  const rule = Object.hasOwn(manifest.actions, payment.action) ? manifest.actions[payment.action] : undefined;
  if (rule === undefined) return fault('unknown-action', `${manifest.name} has no action ${payment.action}`);
  if (rule.owned === true && facts.stateGet(LEASE) === undefined) {
    return fault('not-granted', `${payment.action} uses up an owned counter, and there is no lease of it here`);
  }
  const receipt = checkReceipt(approval);
  if (!receipt.ok) return receipt;
  const balanced = checkBalance(approval);
  if (!balanced.ok) return balanced;
  if (rule.refunds) {
    const left = payment.refersTo === undefined ? 0n : facts.refundable(payment.refersTo);
    if (payment.amount > left) return fault('not-refundable', `${left} can still be refunded of ${payment.refersTo ?? 'no payment'}`);
  }
  const parties = partiesOf(payment, rule);
  for (const posting of balanced.value) {
    const account = checkAccount(posting.account, manifest, payment, parties, facts);
    if (!account.ok) return account;
  }
  const moved = checkMoved(balanced.value, rule, payment, parties);
  if (!moved.ok) return moved;
  for (const posting of balanced.value) {
    const debit = checkDebit(posting, rule, parties, facts);
    if (!debit.ok) return debit;
  }
  return FINE;
}
