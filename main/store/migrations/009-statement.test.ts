import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';
import { STATEMENT_OF_ANY, STATEMENT_OF_CUSTOMER } from '../statement.ts';

it('a customer’s statement is read from the indexes, a page at a time; any other from the end of the journal', () => {
  const db = migratedTo(9);
  const plan = (sql: string): string[] =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ account: '', before: 0, limit: 1 }) as { detail: string }[]).map(({ detail }) => detail);
  const indexed = plan(STATEMENT_OF_CUSTOMER).join('\n');
  expect(indexed).toContain('posting_of_customer');
  expect(indexed).toContain('entry_without_posting');
  expect(indexed).not.toContain('TEMP B-TREE');
  expect(plan(STATEMENT_OF_ANY).join('\n')).not.toContain('TEMP B-TREE');
});
