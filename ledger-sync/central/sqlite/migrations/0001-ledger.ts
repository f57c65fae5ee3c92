/**
 * The ledger of all journals. Balances are kept as two integers (`high` x 2^64 + `balance`), because the sum over journals of amounts
 * that each fit 64 bits need not fit; `high` is 0 unless somebody signs nonsense.
 */
export const ledger = `
CREATE TABLE gateway (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL REFERENCES gateway (id),
  epoch TEXT NOT NULL,
  public_key BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32),
  enrolled_at INTEGER NOT NULL,
  number INTEGER NOT NULL DEFAULT 0 CHECK (number >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  announced INTEGER NOT NULL DEFAULT 0,
  last_contact INTEGER,
  fenced_at INTEGER,
  fence_reason TEXT,
  currency TEXT,
  entries INTEGER NOT NULL DEFAULT 0,
  forked INTEGER NOT NULL DEFAULT 0,
  batches INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (gateway, epoch)
) STRICT;

-- Words that repeat in every entry: methods, actions, currencies, operators.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  kind TEXT NOT NULL,
  balance INTEGER NOT NULL DEFAULT 0,
  high INTEGER NOT NULL DEFAULT 0,
  entries INTEGER NOT NULL DEFAULT 0,
  first_journal INTEGER NOT NULL REFERENCES journal (id),
  UNIQUE (name, currency)
) STRICT;

CREATE TABLE position (
  journal INTEGER NOT NULL REFERENCES journal (id),
  account INTEGER NOT NULL REFERENCES account (id),
  balance INTEGER NOT NULL,
  high INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  known INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (account, journal)
) STRICT, WITHOUT ROWID;

-- standing: 0 canonical, 1 forked.
CREATE TABLE entry (
  sequence INTEGER PRIMARY KEY,
  journal INTEGER NOT NULL REFERENCES journal (id),
  number INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  previous BLOB NOT NULL,
  method INTEGER NOT NULL REFERENCES word (id),
  action INTEGER NOT NULL REFERENCES word (id),
  payment TEXT NOT NULL,
  refers_to TEXT,
  account INTEGER NOT NULL REFERENCES account (id),
  amount INTEGER NOT NULL,
  currency INTEGER NOT NULL REFERENCES word (id),
  operator INTEGER NOT NULL REFERENCES word (id),
  memo TEXT,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  standing INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX entry_canonical ON entry (journal, number) WHERE standing = 0;
CREATE INDEX entry_forked ON entry (journal, number) WHERE standing = 1;

CREATE TABLE posting (
  entry INTEGER NOT NULL REFERENCES entry (sequence),
  line INTEGER NOT NULL,
  account INTEGER NOT NULL REFERENCES account (id),
  amount INTEGER NOT NULL,
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_account ON posting (account, entry);

-- The first canonical entry of each payment id (K5), with what can still be refunded of it in its journal (P10); amount is null where
-- nothing can: a refund's own id.
CREATE TABLE payment (
  id TEXT NOT NULL PRIMARY KEY,
  journal INTEGER NOT NULL REFERENCES journal (id),
  action INTEGER NOT NULL REFERENCES word (id),
  amount INTEGER,
  remaining INTEGER
) STRICT, WITHOUT ROWID;
-- The same id once more: a break, but its facts are kept.
CREATE TABLE payment_again (
  id TEXT NOT NULL,
  journal INTEGER NOT NULL REFERENCES journal (id),
  action INTEGER NOT NULL REFERENCES word (id),
  amount INTEGER,
  remaining INTEGER,
  PRIMARY KEY (id, journal)
) STRICT, WITHOUT ROWID;

CREATE TABLE break (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  journal INTEGER NOT NULL REFERENCES journal (id),
  number INTEGER NOT NULL,
  hash BLOB,
  rule TEXT NOT NULL,
  detail TEXT NOT NULL,
  account TEXT,
  amount INTEGER,
  at INTEGER NOT NULL,
  stage TEXT NOT NULL DEFAULT 'found' CHECK (stage IN ('found', 'closed'))
) STRICT;
CREATE INDEX break_hash ON break (hash);

CREATE TABLE raw (
  journal INTEGER NOT NULL REFERENCES journal (id),
  number INTEGER NOT NULL,
  hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (journal, number, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE staged (
  journal INTEGER NOT NULL REFERENCES journal (id),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (journal, first)
) STRICT;

CREATE TABLE day (
  day INTEGER NOT NULL,
  currency TEXT NOT NULL,
  entries INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (day, currency)
) STRICT, WITHOUT ROWID;
`;
