/**
 * Leases of owned counters (P12): ranges of a partition only rise, what was taken stays, and no count of a leased partition is used twice,
 * whatever a cell or a use case believes. `line` holds a meter's key. State keys that begin with `host.` are never stored: they are lent.
 */
import type { Migration } from './migration.ts';

export const lease: Migration = {
  number: 8,
  name: 'lease',
  sql: `
CREATE TABLE lease (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  partition TEXT NOT NULL CHECK (length(partition) BETWEEN 1 AND 128),
  first INTEGER NOT NULL CHECK (first >= 1),
  past INTEGER NOT NULL CHECK (past > first),
  line TEXT NOT NULL CHECK (length(line) BETWEEN 1 AND 512),
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX lease_by_partition ON lease (partition, past);

CREATE TRIGGER lease_ranges_rise BEFORE INSERT ON lease
WHEN NEW.first < (SELECT max(past) FROM lease WHERE partition = NEW.partition) BEGIN
  SELECT RAISE(ABORT, 'a lease begins where the one before it ended, or later');
END;
CREATE TRIGGER lease_is_never_changed BEFORE UPDATE ON lease BEGIN SELECT RAISE(ABORT, 'a lease stays as it was taken'); END;
CREATE TRIGGER lease_is_never_deleted BEFORE DELETE ON lease BEGIN SELECT RAISE(ABORT, 'a lease stays as it was taken'); END;

CREATE TRIGGER count_rises BEFORE UPDATE ON cell_state
WHEN OLD.key = 'count' AND EXISTS (SELECT 1 FROM lease WHERE partition = OLD.partition)
  AND CAST(CAST(NEW.value AS TEXT) AS INTEGER) <= CAST(CAST(OLD.value AS TEXT) AS INTEGER) BEGIN
  SELECT RAISE(ABORT, 'a count is used once');
END;
CREATE TRIGGER count_stays BEFORE DELETE ON cell_state
WHEN OLD.key = 'count' AND EXISTS (SELECT 1 FROM lease WHERE partition = OLD.partition) BEGIN
  SELECT RAISE(ABORT, 'a count is used once');
END;
CREATE TRIGGER host_keys_are_lent BEFORE INSERT ON cell_state WHEN NEW.key GLOB 'host.*' BEGIN
  SELECT RAISE(ABORT, 'keys of the host are not stored');
END;
`,
};
