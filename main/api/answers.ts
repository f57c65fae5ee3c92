/** From what the gateway says to what the wire carries: answers of commands as bodies, faults as problems. */
import type { CommandFault, PaymentOutcome } from '../gateway/commands.ts';
import { isoTime, type SealMarks, sealOf } from '../gateway/seal.ts';
import type { ProblemInit, ProblemStatus } from '../platform/http/problem.ts';
import type { PaymentAnswerBody } from './schemas.ts';

/** Everything but the seal is the first answer, given again (I3); the seal says where the entry is now. */
export function answerBody(outcome: PaymentOutcome, marks: SealMarks): PaymentAnswerBody {
  const at = isoTime(outcome.at);
  if (outcome.status === 'declined') {
    const { availableHere, ...reason } = outcome.reason;
    return {
      id: outcome.id,
      status: 'declined',
      at,
      reason: { ...reason, ...(availableHere === undefined ? {} : { availableHere: availableHere.toString() }) },
    };
  }
  return {
    id: outcome.id,
    status: 'approved',
    entry: { ...outcome.entry },
    at,
    postings: outcome.postings.map(({ account, amount }) => ({ account, amount: amount.toString() })),
    receipt: outcome.receipt.map(({ name, value }) => ({ name, value })),
    seal: sealOf(outcome.entry.number, marks),
  };
}

const STATUS: Readonly<Record<CommandFault['code'], ProblemStatus>> = {
  'id-conflict': 409,
  'id-too-old': 410,
  'unknown-method': 422,
  'unknown-action': 422,
  'unknown-account': 404,
  'unknown-payment': 404,
  'already-open': 409,
  'bad-opening': 422,
  'bad-limit': 422,
  'other-currency': 422,
  'unknown-cell': 404,
  'bad-cell': 422,
  'other-lease': 409,
  'lease-conflict': 409,
  fenced: 503,
  storage: 503,
  busy: 503,
  stopping: 503,
  'unknown-effect': 404,
  'bad-transition': 409,
};

/** What passes says when to ask again. */
export function faultProblem(fault: CommandFault): ProblemInit {
  const status = STATUS[fault.code];
  const passing = fault.code === 'busy' || fault.code === 'storage' || fault.code === 'stopping';
  return { status, code: fault.code, detail: fault.detail, ...(passing ? { headers: { 'retry-after': '1' } } : {}) };
}

export const NOT_ENROLLED: ProblemInit = {
  status: 503,
  code: 'not-enrolled',
  detail:
    'This box is not enrolled yet, so it has no journal to keep a payment in. Open its /field/ page and type a voucher of head office.',
};
