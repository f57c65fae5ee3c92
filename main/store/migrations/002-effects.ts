/** Effects (E1): what is to happen outside the database, in the transaction of the payment that wants it. */
import type { Migration } from './migration.ts';

export const effects: Migration = {
  number: 2,
  name: 'effects',
  sql: `
CREATE TABLE effect (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('receipt')),
  payment TEXT NOT NULL REFERENCES payment (id),
  copy INTEGER NOT NULL CHECK (copy >= 0),
  state TEXT NOT NULL CHECK (state IN ('due', 'started', 'done', 'unsure')),
  at INTEGER NOT NULL,
  detail TEXT CHECK (length(detail) <= 256),
  UNIQUE (payment, kind, copy)
) STRICT;
CREATE INDEX effect_waiting ON effect (state, id) WHERE state IN ('due', 'started');

CREATE TRIGGER effect_is_born_due BEFORE INSERT ON effect WHEN NEW.state <> 'due' BEGIN
  SELECT RAISE(ABORT, 'an effect begins as due');
END;
CREATE TRIGGER effect_goes_its_way BEFORE UPDATE OF state ON effect
WHEN NOT ((OLD.state = 'due' AND NEW.state = 'started') OR (OLD.state = 'started' AND NEW.state IN ('due', 'done', 'unsure'))) BEGIN
  SELECT RAISE(ABORT, 'an effect goes from due to started to done or unsure');
END;
CREATE TRIGGER effect_is_never_another BEFORE UPDATE OF id, kind, payment, copy ON effect BEGIN
  SELECT RAISE(ABORT, 'an effect stays what it is');
END;
CREATE TRIGGER effect_is_never_deleted BEFORE DELETE ON effect BEGIN
  SELECT RAISE(ABORT, 'an effect is kept');
END;
`,
};
