/**
 * Which versions of cells were put into use, in the writer thread. Read once and kept beside the statements, for every payment asks; what
 * is undone with its transaction is read again.
 */
import type { CellInUse, CellSwitches } from '../gateway/book.ts';
import type { Connection } from './database.ts';

type Row = { readonly name: string; readonly version: string; readonly digest: string; readonly from_version: string | null };

export const CHOSEN_CELLS = 'SELECT name, version, digest, from_version FROM cell_active';

export const chosenCellsOf = (rows: unknown[]): Map<string, CellInUse> =>
  new Map(
    (rows as Row[]).map(({ name, version, digest, from_version: from }) => [
      name,
      from === null ? { version, digest } : { version, digest, from },
    ]),
  );

export class CellSwitchTable implements CellSwitches {
  private readonly sql;
  private known: Map<string, CellInUse> | undefined;
  private changed = false;

  constructor(connection: Connection) {
    this.sql = {
      active: connection.prepare(CHOSEN_CELLS),
      add: connection.prepare('INSERT INTO cell_switch VALUES ((SELECT coalesce(max(number), 0) + 1 FROM cell_switch), ?, ?, ?, ?, ?, ?)'),
    };
  }

  chosen(name: string): CellInUse | undefined {
    this.known ??= chosenCellsOf(this.sql.active.all());
    return this.known.get(name);
  }

  switchCell(name: string, choice: CellInUse, who: string, at: number): void {
    this.sql.add.run(name, choice.from ?? null, choice.version, choice.digest, who, at);
    this.known?.set(name, choice);
    this.changed = true;
  }

  /** A command was undone: what it switched is not. */
  forget(): void {
    this.known = undefined;
  }

  takeChanged(): boolean {
    const { changed } = this;
    this.changed = false;
    return changed;
  }
}
