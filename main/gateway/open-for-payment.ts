/**
 * An account that a payment opens: a voucher begins with its sale, so where the manifest says so (`opens`) the gateway opens the request's
 * account in the same transaction, by an `open` entry of its own before the payment's. A declined payment opens nothing.
 */
import { type Account, type AccountId, kindOf } from '../../ledger-sync/ledger/account.ts';
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { Book } from './book.ts';
import type { Cells } from './cells.ts';
import type { TakePayment } from './commands.ts';
import { mayBeOpened, openAccount } from './open-account.ts';
import { openingIdOf } from './own-ids.ts';

/** The account that the payment would open; undefined where there is nothing to open. */
export function accountToOpen(book: Book, cells: Cells, { method, action, account, currency }: TakePayment): Account | undefined {
  if (account === undefined || cells.opens?.(method, action) !== kindOf(account)) return undefined;
  if (!mayBeOpened(account, book.site.name.gateway) || book.account(account) !== undefined) return undefined;
  return { id: account, currency, floor: 0n, open: true };
}

/** The book as it would be with the account open: for deciding, not for writing. */
export const bookWith = (book: Book, opened: Account | undefined): Book =>
  opened === undefined ? book : { ...book, account: (id: AccountId) => (id === opened.id ? opened : book.account(id)) };

export function openForPayment(book: Book, opened: Account, request: TakePayment, hashHex: HashHex): void {
  const { currency, operator, at } = request;
  const id = openingIdOf(book.site.name.gateway, opened.id, hashHex);
  const done = openAccount(book, hashHex, { id, account: opened.id, currency, opening: 0n, operator, at });
  // It was looked at before the cell decided; what is different now is a fault of this program, and the savepoint undoes it.
  if (!done.ok) throw new Error(`${opened.id} could not be opened for ${request.id}: ${done.error.detail}`);
}
