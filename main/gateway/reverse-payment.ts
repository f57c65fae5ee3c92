/** Undoes a payment of this journal as a whole, by a new entry that names it (I4). No cell is asked: the lines are the original's. */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { reversalOf } from '../../ledger-sync/ledger/reversal.ts';
import { ruleFaults } from '../../ledger-sync/ledger/rules.ts';
import { reversePaymentHash } from './body-hash.ts';
import type { Book } from './book.ts';
import { partitionOf } from './cells.ts';
import type { CommandFault, PaymentOutcome, ReversePayment } from './commands.ts';
import { declineReason } from './decline-reason.ts';
import { undoFault } from './lease.ts';
import { fencedFault, repeatOf } from './repeat.ts';
import { approvalOf } from './take-payment.ts';

export function reversePayment(book: Book, hashHex: HashHex, request: ReversePayment): Result<PaymentOutcome, CommandFault> {
  const bodyHash = reversePaymentHash(request, hashHex);
  const repeat = repeatOf(book, request.id, bodyHash);
  if (repeat !== undefined) return repeat;
  const fenced = book.fenced();
  if (fenced !== undefined) return err(fencedFault(fenced));
  const original = book.entryOfPayment(request.refersTo);
  if (original === undefined) return err({ code: 'unknown-payment', detail: `${request.refersTo} is not a payment of this box` });

  const body = reversalOf(original, { paymentId: request.id, operator: request.operator, reason: request.reason, at: request.at });
  const [fault] = ruleFaults(body, book);
  const reason =
    undoFault(book, partitionOf(original.method, original.account)) ?? (fault === undefined ? undefined : declineReason(fault));
  if (reason !== undefined) {
    book.recordDecline(request.id, bodyHash, reason, request.at);
    return ok({ status: 'declined', repeated: false, id: request.id, at: request.at, reason });
  }
  const entry = book.post(body);
  book.recordApproval(entry, bodyHash, []);
  if (book.site.printReceipts) book.addReceipt(entry.paymentId, request.at);
  return ok(approvalOf(entry, []));
}
