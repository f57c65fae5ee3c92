/** The entries of an account, newest first: those that post to it and those that only speak of it, merged, so that a page costs a page. */
import { type AccountId, kindOf } from '../../ledger-sync/ledger/account.ts';
import type { Connection } from './database.ts';
import { OF_CUSTOMER, WITHOUT_POSTING } from './migrations/009-statement.ts';

const query = (condition: string): string => `
  SELECT entry AS number FROM posting WHERE account = $account AND entry < $before${condition}
  UNION SELECT number FROM entry WHERE account = $account AND number < $before AND ${WITHOUT_POSTING}
  ORDER BY number DESC LIMIT $limit`;

export const STATEMENT_OF_CUSTOMER: string = query(` AND ${OF_CUSTOMER}`);
/** Walks back through the journal: a site's own account is in nearly every entry. */
export const STATEMENT_OF_ANY: string = query('');

const CUSTOMERS: readonly string[] = ['khata', 'wallet', 'voucher', 'energy'];

export type StatementNumbers = (account: AccountId, before: number, limit: number) => readonly number[];

export function statementNumbers(connection: Connection): StatementNumbers {
  const ofCustomer = connection.prepare(STATEMENT_OF_CUSTOMER).pluck();
  const ofAny = connection.prepare(STATEMENT_OF_ANY).pluck();
  return (account, before, limit) => (CUSTOMERS.includes(kindOf(account)) ? ofCustomer : ofAny).all({ account, before, limit }) as number[];
}
