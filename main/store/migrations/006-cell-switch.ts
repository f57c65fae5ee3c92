/**
 * Which version of a cell is in use: the one that its last switch names, where it has one. The history only appends, and what is in use
 * is read from it, so the two cannot disagree. `digest` pins the component itself, not only its version's text.
 */
import type { Migration } from './migration.ts';

export const cellSwitch: Migration = {
  number: 6,
  name: 'cell-switch',
  sql: `
CREATE TABLE cell_switch (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 48),
  from_version TEXT CHECK (length(from_version) BETWEEN 5 AND 20),
  version TEXT NOT NULL CHECK (length(version) BETWEEN 5 AND 20),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  who TEXT NOT NULL CHECK (length(who) BETWEEN 1 AND 64),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX cell_switch_by_name ON cell_switch (name, number);

CREATE TRIGGER cell_switch_follows BEFORE INSERT ON cell_switch
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM cell_switch) BEGIN
  SELECT RAISE(ABORT, 'switches of cells only append');
END;
CREATE TRIGGER cell_switch_is_never_changed BEFORE UPDATE ON cell_switch BEGIN
  SELECT RAISE(ABORT, 'switches of cells only append');
END;
CREATE TRIGGER cell_switch_is_never_deleted BEFORE DELETE ON cell_switch BEGIN
  SELECT RAISE(ABORT, 'switches of cells only append');
END;

CREATE VIEW cell_active AS
SELECT name, from_version, version, digest, who, at FROM cell_switch
WHERE number IN (SELECT max(number) FROM cell_switch GROUP BY name);
`,
};
