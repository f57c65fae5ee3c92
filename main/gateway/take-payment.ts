/**
 * Takes a payment: a cell decides, the host checks (I2, I6, I10 and the manifest), the journal records, and only then is it answered
 * (I1, K2). A cell never moves money: it names postings, and what breaks a rule is declined.
 */
import { type AccountId, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody, HashHex } from '../../ledger-sync/ledger/entry.ts';
import { isPayment } from '../../ledger-sync/ledger/limit.ts';
import { balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { ruleFaults } from '../../ledger-sync/ledger/rules.ts';
import type { CellDecision, CellPayment } from '../cell-host/cell.ts';
import { takePaymentHash } from './body-hash.ts';
import type { Book } from './book.ts';
import { type Cells, factsOf, partitionOf, reasonOfDecline, reasonOfFailure } from './cells.ts';
import type { CommandFault, DeclineReason, PaymentOutcome, ReceiptLine, TakePayment } from './commands.ts';
import { declineReason } from './decline-reason.ts';
import { counterFault } from './lease.ts';
import { accountToOpen, bookWith, openForPayment } from './open-for-payment.ts';
import { fencedFault, repeatOf } from './repeat.ts';
import { answerHash, isShown } from './trace-answer.ts';

const ITEM = 'item.';
/** Written by the journal itself; no cell decides them. */
const isReserved = (action: string): boolean => action === 'reversal' || !isPayment(action);

export function takePayment(book: Book, cells: Cells, hashHex: HashHex, request: TakePayment): Result<PaymentOutcome, CommandFault> {
  const bodyHash = takePaymentHash(request, hashHex);
  const repeat = repeatOf(book, request.id, bodyHash);
  if (repeat !== undefined) return repeat;
  const opened = accountToOpen(book, cells, request);
  const facts = bookWith(book, opened);
  const refused = refusal(facts, cells, request);
  if (refused !== undefined) return err(refused);

  const original = request.refersTo === undefined ? undefined : book.entryOfPayment(request.refersTo);
  const draft = drafted(book, request, original);
  if ('reason' in draft) return decline(book, request, bodyHash, draft.reason);
  const partition = partitionOf(request.method, draft.account);
  const decision = cells.decide(request.method, draft.payment, factsOf(facts, partition));
  const checked = checkedDecision(facts, request, draft, decision);
  const trace = keptTrace(book, draft.payment, decision, 'reason' in checked, hashHex);
  if ('reason' in checked) return decline(book, request, bodyHash, checked.reason, trace);

  const { approval, stateWrites, outbox } = checked.decision;
  if (opened !== undefined) openForPayment(book, opened, request, hashHex);
  const entry = book.post(checked.body);
  const receipt = [...approval.receipt, ...itemLines(request)];
  book.recordApproval(entry, bodyHash, receipt, trace);
  if (stateWrites.length > 0 || outbox.length > 0) book.keepCellWrites(partition, stateWrites, outbox);
  if (book.site.printReceipts) book.addReceipt(entry.paymentId, request.at);
  return ok(approvalOf(entry, receipt));
}

/** What was sold, as the kiosk says it (`item.1` = `quantity|amount|English|Nepali`): for the receipt alone, so no cell sees it. */
const itemLines = (request: TakePayment): ReceiptLine[] =>
  Object.entries(request.fields)
    .filter(([name]) => name.startsWith(ITEM))
    .map(([name, value]) => ({ name, value }));

export const approvalOf = (entry: Entry, receipt: readonly ReceiptLine[]): PaymentOutcome => ({
  status: 'approved',
  repeated: false,
  id: entry.paymentId,
  entry: { gateway: entry.gateway, epoch: entry.epoch, number: entry.number, hash: entry.hash },
  at: entry.at,
  postings: entry.postings,
  receipt,
});

/** What is wrong with the request itself. Nothing is recorded, so the same id may come again when it was put right. */
function refusal(book: Book, cells: Cells, request: TakePayment): CommandFault | undefined {
  const fenced = book.fenced();
  if (fenced !== undefined) return fencedFault(fenced);
  const actions = actionsOf(cells, request.method);
  if (actions === undefined) {
    return {
      code: 'unknown-method',
      detail: `there is no method ${request.method}; there are ${methodNames(cells)}`,
    };
  }
  if (!actions.includes(request.action) || isReserved(request.action)) {
    return { code: 'unknown-action', detail: `${request.method} does not do ${request.action}; it does ${actions.join(', ')}` };
  }
  if (request.currency !== book.site.currency) {
    return { code: 'other-currency', detail: `this site takes ${book.site.currency}, not ${request.currency}` };
  }
  for (const account of [request.account, request.counterparty]) {
    if (account !== undefined && book.account(account) === undefined) {
      return { code: 'unknown-account', detail: `${account} is not known at this box` };
    }
  }
  if (request.refersTo !== undefined && book.entryOfPayment(request.refersTo) === undefined) {
    return { code: 'unknown-payment', detail: `${request.refersTo} is not a payment of this box` };
  }
  return undefined;
}

const actionsOf = (cells: Cells, method: string): readonly string[] | undefined =>
  cells.actionsOf === undefined ? cells.methods().find((one) => one.method === method)?.actions : cells.actionsOf(method);

const METHODS_NAMED = 20;
function methodNames(cells: Cells): string {
  const names = cells.methods().map(({ method }) => method);
  return names.length > METHODS_NAMED ? `${names.length} others` : names.join(', ');
}

type Draft = { readonly payment: CellPayment; readonly account: AccountId };
type Refused = { readonly reason: DeclineReason };

/** The other account of an entry of two lines; none where there are more. */
export const counterpartyOf = (entry: EntryBody): AccountId | undefined =>
  entry.postings.length === 2 ? entry.postings.find(({ account }) => account !== entry.account)?.account : undefined;

/** The request as its cell sees it. A refund goes back the way its original came. */
function drafted(book: Book, request: TakePayment, original: Entry | undefined): Draft | Refused {
  let account = request.account;
  let counterparty = request.counterparty;
  const fields: ReceiptLine[] = [];
  for (const [name, value] of Object.entries(request.fields)) {
    if (name.startsWith('site.') || name.startsWith('original.')) {
      return { reason: { code: 'invalid', detail: `the field ${name} is for the gateway to fill in` } };
    }
    if (!name.startsWith(ITEM)) fields.push({ name, value });
  }
  const { drawer, sales, agency, takings, float } = book.site.accounts;
  fields.push({ name: 'site.drawer', value: drawer }, { name: 'site.sales', value: sales }, { name: 'site.agency', value: agency });
  fields.push({ name: 'site.takings', value: takings }, { name: 'site.float', value: float });
  if (original !== undefined) {
    if (request.action !== 'refund') return { reason: { code: 'invalid', detail: 'only a refund refers to another payment' } };
    const other = counterpartyOf(original);
    if (original.method !== request.method) {
      return { reason: { code: 'not-allowed', detail: `${original.paymentId} was paid by ${original.method}; give it back the same way` } };
    }
    if (account !== undefined && account !== original.account) {
      return { reason: { code: 'invalid', detail: `${original.paymentId} was paid by ${original.account}, not ${account}` } };
    }
    if (counterparty !== undefined && counterparty !== other) {
      return { reason: { code: 'invalid', detail: `${original.paymentId} was not paid to ${counterparty}` } };
    }
    account = request.account ?? (original.account === drawer ? undefined : original.account);
    counterparty = request.counterparty ?? (other !== undefined && !isOfSite(book, other) ? other : undefined);
    fields.push({ name: 'original.method', value: original.method }, { name: 'original.action', value: original.action });
    fields.push({ name: 'original.account', value: original.account });
    if (other !== undefined) fields.push({ name: 'original.counterparty', value: other });
  }
  return {
    account: account ?? drawer,
    payment: {
      id: request.id,
      action: request.action,
      account: account ?? '',
      counterparty: counterparty ?? '',
      amount: request.amount,
      currency: request.currency,
      ...(request.refersTo === undefined ? {} : { refersTo: request.refersTo }),
      operator: request.operator,
      at: BigInt(request.at),
      fields,
    },
  };
}

function isOfSite(book: Book, account: AccountId): boolean {
  const site = book.site.accounts;
  return account === site.drawer || account === site.sales || account === site.agency || account === site.takings || account === site.float;
}

type Approved = Extract<CellDecision, { outcome: 'approved' }>;
type Checked = { readonly body: EntryBody; readonly decision: Approved };

/** The host has checked the cell's manifest and partition; the ledger has the last word on what enters the journal (I2, I6). */
function checkedDecision(book: Book, request: TakePayment, draft: Draft, decision: CellDecision): Checked | Refused {
  if (decision.outcome === 'declined') return { reason: reasonOfDecline(decision.decline) };
  if (decision.outcome === 'failed') return { reason: reasonOfFailure(request.method, decision.fault) };
  const wrong = (what: string): Refused => ({
    reason: { code: 'not-allowed', detail: `the cell ${request.method} asked for what it may not: ${what}` },
  });
  const postings: Posting[] = [];
  for (const { account, amount } of decision.approval.postings) {
    const parsed = parseAccountId(account);
    if (!parsed.ok) return wrong(`an account ${parsed.error.text}`);
    postings.push({ account: parsed.value, amount });
  }
  const balanced = balance(postings);
  if (!balanced.ok) return wrong(balanced.error.code);
  if (balanced.value.length === 0) return wrong('no posting');
  const body: EntryBody = {
    method: request.method,
    action: request.action,
    paymentId: request.id,
    ...(request.refersTo === undefined ? {} : { refersTo: request.refersTo }),
    account: draft.account,
    amount: request.amount,
    currency: request.currency,
    postings: balanced.value,
    operator: request.operator,
    ...(request.memo === undefined ? {} : { memo: request.memo }),
    at: request.at,
  };
  const [fault] = ruleFaults(body, book);
  if (fault !== undefined) return { reason: declineReason(fault) };
  const reason = counterFault(book, partitionOf(request.method, draft.account), decision.stateWrites);
  return reason === undefined ? { body, decision } : { reason };
}

/** How it was decided, kept for whoever wants to run it again; undefined where no cell ran. */
function keptTrace(book: Book, request: CellPayment, decision: CellDecision, isDeclined: boolean, hashHex: HashHex): number | undefined {
  if (decision.trace === undefined) return undefined;
  const answer = isShown(decision, isDeclined) ? {} : { answer: answerHash(decision, hashHex) };
  const { cell, fuel, reads, seed } = decision.trace;
  return book.keepTrace({ cell, fuel, reads, ...(seed === undefined ? {} : { seed }), request, ...answer });
}

function decline(
  book: Book,
  request: TakePayment,
  bodyHash: string,
  reason: DeclineReason,
  trace?: number,
): Result<PaymentOutcome, CommandFault> {
  book.recordDecline(request.id, bodyHash, reason, request.at, trace);
  return ok({ status: 'declined', repeated: false, id: request.id, at: request.at, reason });
}
