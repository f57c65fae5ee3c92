/**
 * Traces of cells' runs, and cells that did not come back, in the writer thread. Both are droppable and bounded (I13): past their limit the
 * oldest go. Written in the transaction of their payment, so a payment that was rolled back left none.
 */
import type { SiteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { CellHangRow, Traces } from '../gateway/book.ts';
import type { CellRef, KeptTrace } from '../gateway/trace.ts';
import type { Connection } from './database.ts';
import { traceText } from './trace-text.ts';

/** About 25 MB of a busy shop's payments. */
export const TRACES_KEPT = 100_000;
export const HANGS_KEPT = 1_000;
/** The oldest go in handfuls: cheaper than one by one. */
const DROP_EVERY = 64;

export class TraceTables implements Traces {
  private readonly site: SiteAccounts;
  private readonly sql: ReturnType<typeof statementsOf>;
  private readonly cells = new Map<string, number>();
  private last: number | undefined;

  constructor(connection: Connection, site: SiteAccounts) {
    this.site = site;
    this.sql = statementsOf(connection);
  }

  /** After a rollback: the numbers were not given. */
  forget(): void {
    this.cells.clear();
    this.last = undefined;
  }

  keepTrace(trace: KeptTrace): number {
    this.last ??= this.sql.last.get() as number;
    const number = this.last + 1;
    const { request, fuel, cell } = trace;
    this.sql.add.run(number, request.id, this.cellNumber(cell), fuel, request.at, traceText(trace, this.site));
    this.last = number;
    if (number % DROP_EVERY === 0) this.sql.drop.run(number - TRACES_KEPT);
    return number;
  }

  private cellNumber({ name, version, digest }: CellRef): number {
    // One component may be shipped under several names.
    const key = `${name} ${version} ${digest}`;
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    this.sql.addCell.run(name, version, digest);
    const number = this.sql.cell.get(name, version, digest) as number;
    this.cells.set(key, number);
    return number;
  }

  recordHang({ payment, method, action, cell, elapsedMs, at }: CellHangRow): void {
    const { lastInsertRowid } = this.sql.addHang.run(payment, method, action, cell?.version ?? null, cell?.digest ?? null, elapsedMs, at);
    this.sql.dropHangs.run(Number(lastInsertRowid) - HANGS_KEPT);
  }
}

function statementsOf(connection: Connection) {
  return {
    last: connection.prepare('SELECT coalesce(max(number), 0) FROM trace').pluck(),
    add: connection.prepare('INSERT INTO trace (number, payment, cell, fuel, at, body) VALUES (?, ?, ?, ?, ?, ?)'),
    drop: connection.prepare('DELETE FROM trace WHERE number <= ?'),
    cell: connection.prepare('SELECT number FROM traced_cell WHERE name = ? AND version = ? AND digest = ?').pluck(),
    addCell: connection.prepare('INSERT INTO traced_cell (name, version, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    addHang: connection.prepare(
      'INSERT INTO cell_hang (payment, method, action, version, digest, elapsed_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    dropHangs: connection.prepare('DELETE FROM cell_hang WHERE number <= ?'),
  };
}
