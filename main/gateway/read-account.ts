/** An account as it stands here: what may be spent now, from this journal's position (P1). */
import { type AccountId, available, kindOf } from '../../ledger-sync/ledger/account.ts';
import type { AccountBody, AccountListBody } from '../api/schemas.ts';
import type { AccountFilter, AccountRow, Reader } from '../store/reader.ts';
import { isoTime } from './seal.ts';

export function readAccount(reader: Pick<Reader, 'account'>, id: AccountId, now: number): AccountBody | undefined {
  const row = reader.account(id);
  return row === undefined ? undefined : accountBody(row, now);
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
