/** Meters and the leases of their counters (P12): ranges of one meter only rise, and what was given stays given. Keys are secrets. */
export const leases = `
CREATE TABLE meter (
  meter TEXT NOT NULL PRIMARY KEY CHECK (length(meter) BETWEEN 1 AND 48),
  key BLOB NOT NULL CHECK (length(key) = 16),
  starting_code INTEGER NOT NULL CHECK (starting_code BETWEEN 0 AND 999999999),
  extended INTEGER NOT NULL CHECK (extended IN (0, 1)),
  restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
  mode TEXT NOT NULL,
  unit TEXT NOT NULL,
  price INTEGER NOT NULL CHECK (price > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  last_count INTEGER NOT NULL CHECK (last_count >= 1),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  meter TEXT NOT NULL REFERENCES meter (meter),
  journal INTEGER NOT NULL REFERENCES journal (id),
  first INTEGER NOT NULL CHECK (first >= 1),
  past INTEGER NOT NULL CHECK (past > first AND past <= 65535),
  price INTEGER NOT NULL CHECK (price > 0),
  issued_at INTEGER NOT NULL,
  request TEXT UNIQUE CHECK (length(request) BETWEEN 1 AND 64),
  taken_over TEXT CHECK (length(taken_over) BETWEEN 1 AND 200)
) STRICT;
CREATE INDEX lease_by_meter ON lease (meter, past);

CREATE TRIGGER lease_ranges_rise BEFORE INSERT ON lease
WHEN NEW.first < (SELECT max(past) FROM lease WHERE meter = NEW.meter)
  OR NEW.first <= (SELECT last_count FROM meter WHERE meter = NEW.meter) BEGIN
  SELECT RAISE(ABORT, 'a range of counts is given once');
END;
CREATE TRIGGER lease_is_never_changed BEFORE UPDATE ON lease BEGIN SELECT RAISE(ABORT, 'what was leased stays leased'); END;
CREATE TRIGGER lease_is_never_deleted BEFORE DELETE ON lease BEGIN SELECT RAISE(ABORT, 'what was leased stays leased'); END;
CREATE TRIGGER meter_is_never_changed BEFORE UPDATE ON meter BEGIN SELECT RAISE(ABORT, 'a meter keeps its key'); END;
CREATE TRIGGER meter_is_never_deleted BEFORE DELETE ON meter BEGIN SELECT RAISE(ABORT, 'a meter keeps its key'); END;
`;
