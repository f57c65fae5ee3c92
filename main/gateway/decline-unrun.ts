/**
 * Answers a payment whose cell did not come back. What the cell had done was rolled back with its thread, so the decline is a payment's
 * answer like any other: recorded under its id before it is told, and given again to whoever asks again (K2).
 */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import { ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { takePaymentHash } from './body-hash.ts';
import type { Book } from './book.ts';
import type { Cells } from './cells.ts';
import type { CommandFault, Commands, DeclineReason, PaymentOutcome } from './commands.ts';
import { repeatOf } from './repeat.ts';

type Given = Commands['decline-unrun']['in'];

export function declineUnrun(book: Book, cells: Cells, hashHex: HashHex, { payment, hang }: Given): Result<PaymentOutcome, CommandFault> {
  const bodyHash = takePaymentHash(payment, hashHex);
  const repeat = repeatOf(book, payment.id, bodyHash);
  if (repeat !== undefined) return repeat;
  const { id, method, action, at } = payment;
  const detail =
    hang === undefined
      ? `the cell ${method} hung several times and is set aside for a minute; ask then with a new id, or put another version to use`
      : `the cell ${method} did not come back within ${hang.elapsedMs} ms and was stopped`;
  const reason: DeclineReason = { code: 'budget', detail };
  book.recordDecline(id, bodyHash, reason, at);
  if (hang !== undefined) book.recordHang({ payment: id, method, action, cell: cells.cellOf?.(method), ...hang });
  return ok({ status: 'declined', repeated: false, id, at, reason });
}
