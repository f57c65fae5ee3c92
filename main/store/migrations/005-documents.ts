/** Mergeable documents (I11: no money in them): their bytes here, and the heads that head office is known to have. */
import type { Migration } from './migration.ts';

export const documents: Migration = {
  number: 5,
  name: 'documents',
  sql: `
CREATE TABLE document (
  name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  bytes BLOB NOT NULL CHECK (length(bytes) <= 16777216),
  acknowledged BLOB CHECK (length(acknowledged) <= 65536),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
