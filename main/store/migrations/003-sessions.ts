/** Who may ask: paired kiosks and third parties. Only a token's hash is kept, so this file lends nobody a key. */
import type { Migration } from './migration.ts';

export const sessions: Migration = {
  number: 3,
  name: 'sessions',
  sql: `
CREATE TABLE session (
  token_hash TEXT PRIMARY KEY CHECK (length(token_hash) BETWEEN 32 AND 128),
  session TEXT NOT NULL UNIQUE CHECK (length(session) = 10),
  kiosk TEXT NOT NULL CHECK (length(kiosk) BETWEEN 1 AND 40),
  scopes TEXT NOT NULL CHECK (length(scopes) BETWEEN 1 AND 256),
  at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
`,
};
