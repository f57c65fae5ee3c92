/** What the office needs beside the ledger: vouchers, sessions, documents, settings, and what was refused. */
export const office = `
CREATE TABLE voucher (
  id TEXT NOT NULL PRIMARY KEY,
  gateway TEXT NOT NULL,
  site TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  public_key BLOB,
  epoch TEXT
) STRICT;

CREATE TABLE refused (
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  key_fingerprint TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (topic, reason, key_fingerprint)
) STRICT;

CREATE TABLE document (name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE document_peer (
  name TEXT NOT NULL,
  gateway TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (name, gateway)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE session (token_hash TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
