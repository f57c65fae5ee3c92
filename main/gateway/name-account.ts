/** Gives an account a name for people. Money is not touched, so there is no entry. */
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { Book } from './book.ts';
import type { Commands } from './commands.ts';

export function nameAccount(book: Book, request: Commands['name-account']['in']): Commands['name-account']['out'] {
  if (book.account(request.account) === undefined)
    return err({ code: 'unknown-account', detail: `${request.account} is not known at this box` });
  book.nameAccount(request.account, request.name);
  return ok({ account: request.account });
}
