/**
 * A cell's answer as text that two runs are compared by, line by line. What a payment's record shows of it (postings, receipt, a reason) is
 * not kept twice; where it shows less, its hash is.
 */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { CellDecision } from '../cell-host/cell.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** One line a statement, in the cell's own order. */
export function answerLines(decision: CellDecision): string[] {
  switch (decision.outcome) {
    case 'approved':
      return [
        'approved',
        ...decision.approval.postings.map(({ account, amount }) => `posting ${account} ${amount}`),
        ...decision.approval.receipt.map(({ name, value }) => `receipt ${name} ${JSON.stringify(value)}`),
        ...decision.stateWrites.map(({ key, value }) => `state ${JSON.stringify(key)} ${value === undefined ? 'deleted' : hex(value)}`),
        ...decision.outbox.map(({ key, payload }) => `outbox ${JSON.stringify(key)} ${hex(payload)}`),
      ];
    case 'declined': {
      const { tag, detail, availableHere } = decision.decline;
      return [
        `declined ${tag}`,
        `detail ${JSON.stringify(detail)}`,
        ...(availableHere === undefined ? [] : [`available ${availableHere}`]),
      ];
    }
    case 'failed':
      return [`failed ${decision.fault.code}`, `detail ${JSON.stringify(decision.fault.detail)}`];
  }
}

const encoder = new TextEncoder();

export const answerHash = (decision: CellDecision, hashHex: HashHex): string =>
  hashHex(encoder.encode(answerLines(decision).join('\n'))).slice(0, 32);

/** Whether the payment's record says all that the cell answered: not what it keeps for itself, nor an approval that the ledger refused. */
export function isShown(decision: CellDecision, isDeclined: boolean): boolean {
  if (decision.outcome !== 'approved') return true;
  return !isDeclined && decision.stateWrites.length === 0 && decision.outbox.length === 0;
}
