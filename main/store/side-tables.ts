/** The tables beside the money, in the writer thread: effects, sessions, what cells keep, documents and settings. */
import type { PaymentId } from '../../ledger-sync/ledger/ids.ts';
import type { CellOutboxItem, CellStateWrite } from '../cell-host/cell.ts';
import type { Effects, Papers, Sessions } from '../gateway/book.ts';
import type { EffectState } from '../gateway/commands.ts';
import type { Connection } from './database.ts';

/** What cells queue beside the money is droppable: past this many, the oldest goes (I13). */
export const OUTBOX_LIMIT = 10_000;

export class SideTables implements Effects, Sessions, Papers {
  private readonly sql: ReturnType<typeof statementsOf>;
  private changed = { effects: false, documents: false };

  constructor(connection: Connection) {
    this.sql = statementsOf(connection);
  }

  /** What was written since the last call, for the event after the commit. */
  takeChanges(): { readonly effects: boolean; readonly documents: boolean } {
    const { changed } = this;
    this.changed = { effects: false, documents: false };
    return changed;
  }

  /** A copy that waits already is the one that is asked for: a tired finger at a printer without paper does not fill the next roll (I13). */
  addReceipt(payment: PaymentId, at: number): { readonly effect: number; readonly copy: number } {
    const waiting = this.sql.waitingCopy.get(payment) as { effect: number; copy: number } | undefined;
    if (waiting !== undefined) return waiting;
    const copy = this.sql.copies.get(payment) as number;
    const { lastInsertRowid } = this.sql.addEffect.run(payment, copy, at);
    this.changed.effects = true;
    return { effect: Number(lastInsertRowid), copy };
  }

  effect(id: number): { readonly state: EffectState } | undefined {
    return this.sql.effect.get(id) as { state: EffectState } | undefined;
  }

  moveEffect(id: number, state: EffectState, at: number, detail: string | undefined): void {
    this.sql.moveEffect.run(state, at, detail ?? null, id);
    this.changed.effects = true;
  }

  liveSessions(): number {
    return this.sql.liveSessions.get() as number;
  }

  sessionOfToken(tokenHash: string): { readonly session: string; readonly live: boolean } | undefined {
    const row = this.sql.sessionOfToken.get(tokenHash) as { session: string; live: number } | undefined;
    return row === undefined ? undefined : { session: row.session, live: row.live === 1 };
  }

  tokenOfSession(session: string): string | undefined {
    return this.sql.tokenOfSession.get(session) as string | undefined;
  }

  addSession(row: { tokenHash: string; session: string; kiosk: string; scopes: readonly string[]; at: number }): void {
    this.sql.addSession.run(row.tokenHash, row.session, row.kiosk, row.scopes.join(' '), row.at);
  }

  revokeSession(tokenHash: string, at: number): void {
    this.sql.revokeSession.run(at, tokenHash);
  }

  saveDocument(name: string, bytes: Uint8Array, acknowledged: Uint8Array | undefined, at: number): void {
    this.sql.saveDocument.run(name, bytes, acknowledged ?? null, at);
    this.changed.documents = true;
  }

  saveSetting(key: string, value: string): void {
    if (value === '') this.sql.dropSetting.run(key);
    else this.sql.saveSetting.run(key, value);
  }

  cellState(partition: string, key: string): Uint8Array | undefined {
    return this.sql.cellState.get(partition, key) as Uint8Array | undefined;
  }

  keepCellWrites(partition: string, state: readonly CellStateWrite[], outbox: readonly CellOutboxItem[]): void {
    for (const { key, value } of state) {
      if (value === undefined) this.sql.dropCellState.run(partition, key);
      else this.sql.setCellState.run(partition, key, value);
    }
    for (const { key, payload } of outbox) this.sql.queue.run(`${partition}/${key}`, payload);
    if (outbox.length > 0) this.sql.dropOldest.run(OUTBOX_LIMIT);
  }
}

function statementsOf(connection: Connection) {
  const write = (sql: string) => connection.prepare(sql);
  return {
    copies: connection.prepare("SELECT count(*) FROM effect WHERE payment = ? AND kind = 'receipt'").pluck(),
    waitingCopy: connection.prepare(
      "SELECT id AS effect, copy FROM effect WHERE payment = ? AND kind = 'receipt' AND state = 'due' AND copy > 0",
    ),
    effect: connection.prepare('SELECT state FROM effect WHERE id = ?'),
    liveSessions: connection.prepare('SELECT count(*) FROM session WHERE revoked_at IS NULL').pluck(),
    sessionOfToken: connection.prepare('SELECT session, revoked_at IS NULL AS live FROM session WHERE token_hash = ?'),
    tokenOfSession: connection.prepare('SELECT token_hash FROM session WHERE session = ?').pluck(),
    cellState: connection.prepare('SELECT value FROM cell_state WHERE partition = ? AND key = ?').pluck(),
    addEffect: write("INSERT INTO effect (kind, payment, copy, state, at) VALUES ('receipt', ?, ?, 'due', ?)"),
    moveEffect: write('UPDATE effect SET state = ?, at = ?, detail = ? WHERE id = ?'),
    addSession: write('INSERT INTO session (token_hash, session, kiosk, scopes, at) VALUES (?, ?, ?, ?, ?)'),
    revokeSession: write('UPDATE session SET revoked_at = ? WHERE token_hash = ?'),
    saveDocument: write(
      `INSERT INTO document (name, bytes, acknowledged, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, acknowledged = coalesce(excluded.acknowledged, acknowledged), at = excluded.at`,
    ),
    saveSetting: write('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
    dropSetting: write('DELETE FROM setting WHERE key = ?'),
    setCellState: write(
      'INSERT INTO cell_state (partition, key, value) VALUES (?, ?, ?) ON CONFLICT (partition, key) DO UPDATE SET value = excluded.value',
    ),
    dropCellState: write('DELETE FROM cell_state WHERE partition = ? AND key = ?'),
    queue: write(
      `INSERT INTO outbox (key, payload, sequence) VALUES (?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM outbox))
       ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, sequence = excluded.sequence`,
    ),
    // Sequences are never given twice, so this bounds the rows.
    dropOldest: write('DELETE FROM outbox WHERE sequence <= (SELECT max(sequence) FROM outbox) - ?'),
  };
}
