/**
 * How a payment was decided: the cell's version, its fuel, what it was asked and what it read, so that it can be run again. `trace` of a
 * payment points there; traces are droppable (I13), so what it points to may be gone. And cells that did not come back.
 */
import type { Migration } from './migration.ts';

export const trace: Migration = {
  number: 7,
  name: 'trace',
  sql: `
CREATE TABLE traced_cell (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 48),
  version TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 20),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  UNIQUE (name, version, digest)
) STRICT;

CREATE TABLE trace (
  number INTEGER PRIMARY KEY,
  payment TEXT NOT NULL CHECK (length(payment) BETWEEN 1 AND 64),
  cell INTEGER NOT NULL,
  fuel INTEGER NOT NULL CHECK (fuel >= 0),
  at INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (length(body) <= 65536)
) STRICT;

ALTER TABLE payment ADD COLUMN trace INTEGER CHECK (trace >= 1);

CREATE TABLE cell_hang (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  payment TEXT NOT NULL CHECK (length(payment) BETWEEN 1 AND 64),
  method TEXT NOT NULL CHECK (length(method) BETWEEN 1 AND 64),
  action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  version TEXT CHECK (length(version) BETWEEN 1 AND 20),
  digest TEXT CHECK (length(digest) = 64),
  elapsed_ms INTEGER NOT NULL CHECK (elapsed_ms >= 0),
  at INTEGER NOT NULL
) STRICT;
`,
};
