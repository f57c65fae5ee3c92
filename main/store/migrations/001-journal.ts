/**
 * The money: one journal a database. Entries and postings only append (I4); an entry's number is the one after the last (I14); what is
 * kept beside them (balances, remaining) is a fold of them (I5) and held to its floor by a CHECK (I6).
 * An entry's `previous` is not stored: it is the hash of the row before, so a broken link cannot be written down.
 */
import type { Migration } from './migration.ts';

export const journal: Migration = {
  number: 1,
  name: 'journal',
  sql: `
CREATE TABLE journal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  gateway TEXT NOT NULL CHECK (length(gateway) BETWEEN 2 AND 31),
  epoch TEXT NOT NULL CHECK (length(epoch) = 16),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  fenced TEXT CHECK (fenced <> ''),
  fenced_at INTEGER,
  CHECK ((fenced IS NULL) = (fenced_at IS NULL))
) STRICT;

CREATE TRIGGER journal_keeps_its_name BEFORE UPDATE OF gateway, epoch, currency ON journal BEGIN
  SELECT RAISE(ABORT, 'a journal keeps its name and currency');
END;
CREATE TRIGGER journal_stays_fenced BEFORE UPDATE OF fenced ON journal WHEN OLD.fenced IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'a fenced journal stays fenced');
END;

CREATE TABLE setting (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64),
  value TEXT NOT NULL CHECK (value <> '' AND length(value) <= 65536)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id TEXT PRIMARY KEY CHECK (instr(id, ':') > 1 AND length(id) <= 64),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  floor INTEGER NOT NULL CHECK (floor <= 0),
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  name TEXT CHECK (length(name) BETWEEN 1 AND 80)
) STRICT, WITHOUT ROWID;

-- ceiling: the floor of a bounded account seen from the debit side, NULL for an unbounded one. No bounded account passes it.
CREATE TABLE balance (
  account TEXT PRIMARY KEY REFERENCES account (id),
  amount INTEGER NOT NULL,
  ceiling INTEGER CHECK (ceiling >= 0),
  at INTEGER NOT NULL,
  CHECK (ceiling IS NULL OR amount <= ceiling)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  method TEXT NOT NULL,
  action TEXT NOT NULL,
  payment_id TEXT NOT NULL UNIQUE REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
  refers_to TEXT REFERENCES payment (id),
  account TEXT NOT NULL REFERENCES account (id),
  amount INTEGER NOT NULL CHECK (amount > 0 OR (amount = 0 AND action = 'open')),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  operator TEXT NOT NULL CHECK (length(operator) <= 64),
  memo TEXT CHECK (length(memo) <= 140),
  at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM entry) BEGIN
  SELECT RAISE(ABORT, 'entries are numbered without gaps');
END;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN
  SELECT RAISE(ABORT, 'entries only append');
END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry BEGIN
  SELECT RAISE(ABORT, 'entries only append');
END;

CREATE TABLE posting (
  entry INTEGER NOT NULL REFERENCES entry (number),
  line INTEGER NOT NULL CHECK (line BETWEEN 0 AND 31),
  account TEXT NOT NULL REFERENCES account (id),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER posting_belongs_to_the_last_entry BEFORE INSERT ON posting
WHEN NEW.entry <> (SELECT max(number) FROM entry) BEGIN
  SELECT RAISE(ABORT, 'a posting belongs to the entry that is being written');
END;
CREATE TRIGGER posting_is_never_changed BEFORE UPDATE ON posting BEGIN
  SELECT RAISE(ABORT, 'postings only append');
END;
CREATE TRIGGER posting_is_never_deleted BEFORE DELETE ON posting BEGIN
  SELECT RAISE(ABORT, 'postings only append');
END;

-- What was answered to an id (K2). answer: the receipt's lines of an approval, the reason of a decline; as JSON, for it is only given back.
CREATE TABLE payment (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
  outcome TEXT NOT NULL CHECK (outcome IN ('approved', 'declined')),
  entry INTEGER REFERENCES entry (number),
  answer TEXT NOT NULL,
  at INTEGER NOT NULL,
  CHECK ((outcome = 'approved') = (entry IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER payment_names_its_own_entry BEFORE INSERT ON payment
WHEN NEW.entry IS NOT NULL AND NEW.id IS NOT (SELECT payment_id FROM entry WHERE number = NEW.entry) BEGIN
  SELECT RAISE(ABORT, 'a payment names its own entry');
END;
CREATE TRIGGER payment_is_never_changed BEFORE UPDATE ON payment BEGIN
  SELECT RAISE(ABORT, 'an answer stays as it was given');
END;
CREATE TRIGGER payment_is_never_deleted BEFORE DELETE ON payment BEGIN
  SELECT RAISE(ABORT, 'an answer stays as it was given');
END;

-- What can still be refunded of a payment of which something was refunded or reversed. No row: all of it (P10).
CREATE TABLE remaining (
  payment TEXT PRIMARY KEY REFERENCES payment (id),
  remaining INTEGER NOT NULL CHECK (remaining >= 0)
) STRICT, WITHOUT ROWID;

-- The highest contiguous number that head office holds (received), and holds safely (archived). Neither falls (J6, J8).
CREATE TABLE watermark (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  received INTEGER NOT NULL CHECK (received >= 0),
  received_hash BLOB NOT NULL CHECK (length(received_hash) = 32),
  archived INTEGER NOT NULL CHECK (archived BETWEEN 0 AND received),
  at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER watermark_never_falls BEFORE UPDATE ON watermark
WHEN NEW.received < OLD.received OR NEW.archived < OLD.archived BEGIN
  SELECT RAISE(ABORT, 'a watermark never falls');
END;
`,
};
