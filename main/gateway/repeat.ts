/** An id that was seen before (I3, K2): the same body gets the first answer again, another body is a conflict. */
import type { PaymentId } from '../../ledger-sync/ledger/ids.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { Book } from './book.ts';
import type { CommandFault, PaymentOutcome } from './commands.ts';

export function repeatOf(book: Pick<Book, 'recorded'>, id: PaymentId, bodyHash: string): Result<PaymentOutcome, CommandFault> | undefined {
  const recorded = book.recorded(id);
  if (recorded === undefined) return undefined;
  if (recorded.bodyHash === bodyHash) return ok({ ...recorded.outcome, repeated: true });
  return err({ code: 'id-conflict', detail: `${id} was used for something else; ask with a new id` });
}

export const fencedFault = (reason: string): CommandFault => ({
  code: 'fenced',
  detail: `this box takes no payments until head office has looked at it: ${reason}`,
});
