/** Opens an account with what it holds at first: the one place where issued money starts at a gateway (P1). */
import { type AccountId, isBounded, isSiteKind, kindOf, nameOf } from '../../ledger-sync/ledger/account.ts';
import type { EntryBody, HashHex } from '../../ledger-sync/ledger/entry.ts';
import { openedFloor } from '../../ledger-sync/ledger/limit.ts';
import { balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { err, must, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { ruleFaults } from '../../ledger-sync/ledger/rules.ts';
import { openAccountHash } from './body-hash.ts';
import type { Book } from './book.ts';
import type { CommandFault, OpenAccount } from './commands.ts';
import { fencedFault, repeatOf } from './repeat.ts';

type Opened = Result<{ readonly number?: number; readonly repeated: boolean }, CommandFault>;

export function openAccount(book: Book, hashHex: HashHex, request: OpenAccount): Opened {
  const bodyHash = openAccountHash(request, hashHex);
  const repeat = repeatOf(book, request.id, bodyHash);
  if (repeat !== undefined) {
    if (!repeat.ok) return repeat;
    return ok({ ...(repeat.value.status === 'approved' ? { number: repeat.value.entry.number } : {}), repeated: true });
  }
  const fault = refusal(book, request);
  if (fault !== undefined) return err(fault);

  const postings: readonly Posting[] =
    request.opening === 0n
      ? []
      : [
          { account: book.site.accounts.opening, amount: request.opening },
          { account: request.account, amount: -request.opening },
        ];
  const body: EntryBody = {
    method: 'journal',
    action: 'open',
    paymentId: request.id,
    account: request.account,
    amount: request.opening === 0n ? (request.limit ?? 0n) : request.opening,
    currency: request.currency,
    postings: must(balance(postings), 'the lines of an opening'),
    operator: request.operator,
    at: request.at,
  };
  const [broken] = ruleFaults(body, book);
  if (broken !== undefined) return err({ code: 'bad-opening', detail: `${request.account} cannot be opened: ${broken.code}` });
  const { account, currency, name } = request;
  const floor = openedFloor(body);
  book.addAccount({ id: account, currency, floor, open: true, ...(name === undefined || name === '' ? {} : { name }) }, request.at);
  const entry = book.post(body);
  book.recordApproval(entry, bodyHash, []);
  return ok({ number: entry.number, repeated: false });
}

function refusal(book: Book, request: OpenAccount): CommandFault | undefined {
  const fenced = book.fenced();
  if (fenced !== undefined) return fencedFault(fenced);
  if (book.account(request.account) !== undefined) return { code: 'already-open', detail: `${request.account} is open already` };
  if (request.currency !== book.site.currency) {
    return { code: 'other-currency', detail: `this site keeps its books in ${book.site.currency}, not ${request.currency}` };
  }
  if (!mayBeOpened(request.account, book.site.name.gateway)) {
    return { code: 'bad-opening', detail: `${request.account} is not an account that can be opened at this box` };
  }
  if (request.limit !== undefined && kindOf(request.account) !== 'khata') {
    return { code: 'bad-opening', detail: `${request.account} has no limit: only a khata is credit` };
  }
  if (request.limit !== undefined && (request.limit < 0n || request.opening !== 0n)) {
    return { code: 'bad-opening', detail: 'a khata opens with a limit of nothing or more, and with no money in it' };
  }
  if (request.opening < 0n) return { code: 'bad-opening', detail: 'an account opens with nothing or with more' };
  if (request.opening > 0n && !isBounded(request.account)) {
    return { code: 'bad-opening', detail: `${request.account} opens with nothing: only stored value can be there from the start` };
  }
  return undefined;
}

/** Of a site's own accounts only this one's float is opened: its others are there from the start. What head office books alone is not opened here. */
export function mayBeOpened(account: AccountId, gateway: string): boolean {
  const kind = kindOf(account);
  if (isSiteKind(kind)) return kind === 'float' && nameOf(account) === gateway;
  return kind !== 'transit' && kind !== 'shortfall';
}
