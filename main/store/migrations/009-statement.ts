/**
 * Statements: what happened to a customer's account, newest first, without reading the whole journal. Partial, so that the postings of a
 * cash sale cost nothing; a site's own accounts are in nearly every entry, and are found by walking back from the last.
 */
import type { Migration } from './migration.ts';

/** The queries say this word for word, or SQLite does not see that the index is meant. */
export const OF_CUSTOMER = "substr(account, 1, 6) IN ('khata:', 'wallet', 'vouche', 'energy')";
export const WITHOUT_POSTING = "action IN ('open', 'limit-raise', 'limit-lower')";

export const statement: Migration = {
  number: 9,
  name: 'statement',
  sql: `
CREATE INDEX posting_of_customer ON posting (account, entry) WHERE ${OF_CUSTOMER};
CREATE INDEX entry_without_posting ON entry (account, number) WHERE ${WITHOUT_POSTING};
`,
};
