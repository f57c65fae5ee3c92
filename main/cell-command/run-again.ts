/**
 * A request run again on the facts that it saw, and its answer compared with the one on record. Both are brought to the same few lines: what
 * the record shows of an answer, and the hash of what it does not show.
 */
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { CellDecision } from '../cell-host/cell.ts';
import { decideWith, type HostedCell } from '../cell-host/cell-host.ts';
import { FactsError } from '../cell-host/cell-imports.ts';
import { factsFromTrace } from '../cell-host/trace-facts.ts';
import { reasonOfDecline, reasonOfFailure } from '../gateway/cells.ts';
import type { DeclineReason, PaymentOutcome, ReceiptLine } from '../gateway/commands.ts';
import type { KeptTrace } from '../gateway/trace.ts';
import { answerHash } from '../gateway/trace-answer.ts';

/** Put on the receipt by the gateway, from the request: no cell's word. */
const ITEM = 'item.';

export type Answer = { readonly lines: readonly string[]; readonly fuel: number };

const approvalLines = (postings: readonly { account: string; amount: bigint }[], receipt: readonly ReceiptLine[]): string[] => [
  'approved',
  ...postings.map(({ account, amount }) => `posting ${account} ${amount}`),
  ...receipt.filter(({ name }) => !name.startsWith(ITEM)).map(({ name, value }) => `receipt ${name} = ${value}`),
];

const declineLines = ({ code, detail, availableHere }: DeclineReason): string[] => [
  `declined ${code}`,
  `because ${detail}`,
  ...(availableHere === undefined ? [] : [`available here ${availableHere}`]),
];

type Request = Pick<KeptTrace, 'fuel' | 'answer'>;

/** A cell that approved what the ledger then declined. */
const isOverruled = (outcome: PaymentOutcome, { answer }: Request): boolean => outcome.status === 'declined' && answer !== undefined;

/** The answer on record, as far as it is the cell's. */
export function recordedAnswer(outcome: PaymentOutcome, trace: Request): Answer {
  const hash = trace.answer === undefined ? [] : [`hash of the whole answer ${trace.answer}`];
  const { fuel } = trace;
  if (isOverruled(outcome, trace)) return { lines: ['approved (and declined by the ledger)', ...hash], fuel };
  const lines = outcome.status === 'approved' ? approvalLines(outcome.postings, outcome.receipt) : declineLines(outcome.reason);
  return { lines: [...lines, ...hash], fuel };
}

function linesOf(method: string, decision: CellDecision, outcome: PaymentOutcome, trace: Request): string[] {
  if (decision.outcome === 'declined') return declineLines(reasonOfDecline(decision.decline));
  if (decision.outcome === 'failed') return declineLines(reasonOfFailure(method, decision.fault));
  const hash = `hash of the whole answer ${answerHash(decision, sha256Hex)}`;
  if (isOverruled(outcome, trace)) return ['approved (and declined by the ledger)', hash];
  const lines = approvalLines(decision.approval.postings, decision.approval.receipt);
  return trace.answer !== undefined || decision.stateWrites.length > 0 || decision.outbox.length > 0 ? [...lines, hash] : lines;
}

export type RunAgain =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  /** The cell asked for what is not on record. */
  | { readonly outcome: 'fact-missing'; readonly detail: string };

export function runAgain(cell: HostedCell, trace: KeptTrace, outcome: PaymentOutcome): RunAgain {
  const { name } = cell.manifest;
  try {
    const decision = decideWith(cell, trace.request, factsFromTrace(trace), trace.seed);
    return { outcome: 'answered', answer: { lines: linesOf(name, decision, outcome, trace), fuel: decision.trace?.fuel ?? 0 } };
  } catch (error) {
    if (error instanceof FactsError) return { outcome: 'fact-missing', detail: error.message };
    throw error;
  }
}

/** The first line in which two answers differ: how it was, and how it is. */
export function firstDifference(was: readonly string[], is: readonly string[]): { readonly was: string; readonly is: string } | undefined {
  const most = Math.max(was.length, is.length);
  for (let index = 0; index < most; index++) {
    if (was[index] !== is[index]) return { was: was[index] ?? '(nothing)', is: is[index] ?? '(nothing)' };
  }
  return undefined;
}
