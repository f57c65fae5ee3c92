/**
 * Rows to values and back. The database is written by this release's code alone and its columns are CHECKed, so ids are cast here, not
 * parsed again; `chautari verify` is where content is doubted.
 */
import type { Account, AccountId } from '../../ledger-sync/ledger/account.ts';
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import { type EntryHash, GENESIS } from '../../ledger-sync/ledger/ids.ts';
import type { JournalName } from '../../ledger-sync/ledger/journal.ts';
import type { Posting } from '../../ledger-sync/ledger/posting.ts';
import type { DeclineReason, ReceiptLine } from '../gateway/commands.ts';

export const hexOf = (bytes: Uint8Array): string => (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString('hex');
export const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** With safe integers on: every INTEGER is a bigint. */
export type EntryRow = {
  readonly number: bigint;
  readonly hash: Buffer;
  readonly method: string;
  readonly action: string;
  readonly payment_id: string;
  readonly refers_to: string | null;
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly operator: string;
  readonly memo: string | null;
  readonly at: bigint;
};
export type PostingRow = { readonly entry: bigint; readonly account: string; readonly amount: bigint };

export const ENTRY_COLUMNS = 'number, hash, method, action, payment_id, refers_to, account, amount, currency, operator, memo, at';

export function entryOf(name: JournalName, row: EntryRow, previous: EntryHash, postings: readonly Posting[]): Entry {
  const entry: Record<string, unknown> = {
    method: row.method,
    action: row.action,
    paymentId: row.payment_id,
    account: row.account,
    amount: row.amount,
    currency: row.currency,
    postings,
    operator: row.operator,
    at: Number(row.at),
    gateway: name.gateway,
    epoch: name.epoch,
    number: Number(row.number),
    previous,
    hash: hexOf(row.hash),
  };
  if (row.refers_to !== null) entry.refersTo = row.refers_to;
  if (row.memo !== null) entry.memo = row.memo;
  return entry as unknown as Entry;
}

export const postingOf = (row: PostingRow): Posting => ({ account: row.account as AccountId, amount: row.amount });

/**
 * Entries in a row of a journal from rows in the order of their numbers. `rows` may begin with the entry before the first that is
 * wanted, whose hash is the first one's `previous`.
 */
export function entriesOf(name: JournalName, after: number, rows: readonly EntryRow[], postings: readonly PostingRow[]): Entry[] {
  const entries: Entry[] = [];
  let previous: EntryHash = GENESIS;
  let index = 0;
  for (const row of rows) {
    if (Number(row.number) > after) {
      const lines: Posting[] = [];
      while (index < postings.length && (postings[index] as PostingRow).entry < row.number) index++;
      for (; index < postings.length && (postings[index] as PostingRow).entry === row.number; index++) {
        lines.push(postingOf(postings[index] as PostingRow));
      }
      entries.push(entryOf(name, row, previous, lines));
      previous = (entries.at(-1) as Entry).hash;
    } else previous = hexOf(row.hash) as EntryHash;
  }
  return entries;
}

export type AccountColumns = {
  readonly id: string;
  readonly currency: string;
  readonly floor: bigint;
  readonly open: bigint;
  readonly name: string | null;
};

export const accountOf = (row: AccountColumns): Account => ({
  id: row.id as AccountId,
  currency: row.currency,
  floor: row.floor,
  open: row.open === 1n,
  ...(row.name === null ? {} : { name: row.name }),
});

/** A receipt's lines as text: pairs, because names and values are all there is. */
export const receiptText = (receipt: readonly ReceiptLine[]): string =>
  receipt.length === 0 ? '[]' : JSON.stringify(receipt.map(({ name, value }) => [name, value]));

export const receiptOf = (text: string): ReceiptLine[] =>
  (JSON.parse(text) as [string, string][]).map(([name, value]) => ({ name, value }));

export const reasonText = (reason: DeclineReason): string =>
  JSON.stringify(reason, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));

export function reasonOf(text: string): DeclineReason {
  const { availableHere, ...reason } = JSON.parse(text) as Omit<DeclineReason, 'availableHere'> & { availableHere?: string };
  return availableHere === undefined ? reason : { ...reason, availableHere: BigInt(availableHere) };
}
