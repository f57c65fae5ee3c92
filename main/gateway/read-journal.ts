/** A page of the journal, as it was hashed. */
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import type { JournalBody, JournalEntryBody } from '../api/schemas.ts';
import type { Reader } from '../store/reader.ts';
import { isoTime } from './seal.ts';

export function readJournal(
  reader: Pick<Reader, 'head' | 'entriesAfter'>,
  page: { readonly after: number; readonly limit: number },
): JournalBody {
  const head = reader.head();
  const entries = reader.entriesAfter(page.after, page.limit);
  const last = entries.at(-1)?.number ?? page.after;
  return { entries: entries.map(entryBody), head: { ...head }, ...(last < head.number ? { next: last } : {}) };
}

const entryBody = (entry: Entry): JournalEntryBody => ({
  gateway: entry.gateway,
  epoch: entry.epoch,
  number: entry.number,
  hash: entry.hash,
  previous: entry.previous,
  method: entry.method,
  action: entry.action,
  paymentId: entry.paymentId,
  ...(entry.refersTo === undefined ? {} : { refersTo: entry.refersTo }),
  account: entry.account,
  amount: entry.amount.toString(),
  currency: entry.currency,
  postings: entry.postings.map(({ account, amount }) => ({ account, amount: amount.toString() })),
  operator: entry.operator,
  ...(entry.memo === undefined ? {} : { memo: entry.memo }),
  at: isoTime(entry.at),
});
