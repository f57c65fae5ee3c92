/** What cells keep: their partition's state, and what they queue for head office beside the money. The limits are those of the WIT. */
import type { Migration } from './migration.ts';

export const cells: Migration = {
  number: 4,
  name: 'cells',
  sql: `
CREATE TABLE cell_state (
  partition TEXT NOT NULL CHECK (length(partition) BETWEEN 1 AND 128),
  key TEXT NOT NULL CHECK (length(key) <= 128),
  value BLOB NOT NULL CHECK (length(value) <= 4096),
  PRIMARY KEY (partition, key)
) STRICT, WITHOUT ROWID;

-- Coalesced by key; sequence says which was queued last.
CREATE TABLE outbox (
  key TEXT PRIMARY KEY CHECK (length(key) <= 256),
  payload BLOB NOT NULL CHECK (length(payload) <= 1024),
  sequence INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
`,
};
