/**
 * Says how much the holder of a khata may owe: the shop's own credit, so the shop decides. The journal keeps by how much the limit moved
 * (ledger/limit.ts); a limit is never lowered below what is owed, for a floor does not move under who stands on it (I6).
 */
import { kindOf } from '../../ledger-sync/ledger/account.ts';
import type { EntryBody, HashHex } from '../../ledger-sync/ledger/entry.ts';
import { balance } from '../../ledger-sync/ledger/posting.ts';
import { err, must, ok } from '../../ledger-sync/ledger/result.ts';
import { ruleFaults } from '../../ledger-sync/ledger/rules.ts';
import { setLimitHash } from './body-hash.ts';
import type { Book } from './book.ts';
import type { Commands, SetLimit } from './commands.ts';
import { limitIdOf } from './own-ids.ts';
import { fencedFault } from './repeat.ts';

export function setLimit(book: Book, hashHex: HashHex, request: SetLimit): Commands['set-limit']['out'] {
  const fenced = book.fenced();
  if (fenced !== undefined) return err(fencedFault(fenced));
  const account = book.account(request.account);
  if (account === undefined) return err({ code: 'unknown-account', detail: `${request.account} is not known at this box` });
  if (kindOf(account.id) !== 'khata') return err({ code: 'bad-limit', detail: `${account.id} has no limit: only a khata is credit` });
  const change = request.limit + account.floor;
  if (change === 0n) return ok({});
  const body: EntryBody = {
    method: 'journal',
    action: change > 0n ? 'limit-raise' : 'limit-lower',
    paymentId: limitIdOf(book.site.name, book.head().number + 1, hashHex),
    account: account.id,
    amount: change > 0n ? change : -change,
    currency: book.site.currency,
    postings: must(balance([]), 'a limit has no lines'),
    operator: request.operator,
    at: request.at,
  };
  const [fault] = ruleFaults(body, book);
  if (fault !== undefined) {
    const owed = book.balance(account.id);
    const detail =
      fault.code === 'bad-limit' && change < 0n
        ? `${owed} is owed on ${account.id}: its limit cannot be less until it is paid back`
        : `the limit of ${account.id} cannot be changed: ${fault.code}`;
    return err({ code: 'bad-limit', detail });
  }
  const entry = book.post(body);
  book.recordApproval(entry, setLimitHash(request, hashHex), []);
  return ok({ number: entry.number });
}
