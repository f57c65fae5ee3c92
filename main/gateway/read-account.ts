/** An account as it stands here: what may be spent now, from this journal's position (P1). */
import { type AccountId, available, kindOf } from '../../ledger-sync/ledger/account.ts';
import type { AccountBody, AccountListBody, StatementBody } from '../api/schemas.ts';
import type { AccountFilter, AccountRow, Reader, StatementPlace } from '../store/reader.ts';
import { isoTime } from './seal.ts';

export function readAccount(reader: Pick<Reader, 'account'>, id: AccountId, now: number): AccountBody | undefined {
  const row = reader.account(id);
  return row === undefined ? undefined : accountBody(row, now);
}

/** `from` is the `next` of the page before: the entry and the balance that it goes on from. */
export function readStatement(
  reader: Pick<Reader, 'statement'>,
  id: AccountId,
  page: { readonly from?: StatementPlace; readonly limit: number },
  now: number,
): StatementBody | undefined {
  const read = reader.statement(id, page.from, page.limit);
  if (read === undefined) return undefined;
  const own = (amount: bigint): string => available(id, amount, 0n).toString();
  return {
    account: accountBody(read.account, now),
    lines: read.rows.map(({ entry, change, balance }) => ({
      number: entry.number,
      id: entry.paymentId,
      at: isoTime(entry.at),
      method: entry.method,
      action: entry.action,
      amount: entry.amount.toString(),
      change: own(change),
      balance: own(balance),
      ...(entry.refersTo === undefined ? {} : { refersTo: entry.refersTo }),
      ...(entry.memo === undefined ? {} : { memo: entry.memo }),
    })),
    ...(read.next === undefined ? {} : { next: `${read.next.before}.${read.next.balance}` }),
  };
}

const PLACE = /^([1-9][0-9]{0,15})\.(-?[0-9]{1,20})$/;

/** Undefined for what no page of a statement gave as its `next`. */
export function statementPlace(text: string): StatementPlace | undefined {
  const parts = PLACE.exec(text);
  const before = Number(parts?.[1]);
  return parts === null || !Number.isSafeInteger(before) ? undefined : { before, balance: BigInt(parts[2] ?? '0') };
}

export const readAccounts = (reader: Pick<Reader, 'accounts'>, filter: AccountFilter, now: number): AccountListBody => ({
  accounts: reader.accounts(filter).map((row) => accountBody(row, now)),
});

const accountBody = (row: AccountRow, now: number): AccountBody => ({
  id: row.id,
  kind: kindOf(row.id),
  currency: row.currency,
  ...(row.name === undefined ? {} : { name: row.name }),
  availableHere: available(row.id, row.balance, row.floor).toString(),
  asOf: isoTime(now),
  limit: (-row.floor).toString(),
  open: row.open,
});
