/**
 * What the sensors keep: `sensors.sqlite`, opened by the sensors' thread alone. Readings are not money: WAL with synchronous=NORMAL, so a
 * process that is killed loses nothing that was answered, and a power cut loses at most what was answered since the log was last synced
 * (a checkpoint); the file is whole either way. Nothing here is the journal's, and the journal never waits for it.
 */
import Database from 'better-sqlite3';
import type { CellOutboxItem, CellStateWrite } from '../cell-host/cell.ts';
import type { SensorWorld } from './sensor-cell.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';

export const SENSORS_FILE = 'sensors.sqlite';
/** "CHSE", in the file's header. */
const APPLICATION_ID = 0x43_48_53_45;
const SHAPE = 1;
const CACHE_KIB = 4 * 1024;
/** Syncing the log is what can take milliseconds: it is done when nothing comes, and under load once in so many pages. */
const CHECKPOINT_PAGES = 8_000;
const WAL_LIMIT_BYTES = 48 * 1024 * 1024;

const TABLES = `
CREATE TABLE device (
  cell TEXT NOT NULL, id TEXT NOT NULL,
  highest INTEGER NOT NULL DEFAULT 0, readings INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL DEFAULT 0,
  last BLOB, changed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (cell, id)
) WITHOUT ROWID;
CREATE INDEX device_changed ON device (cell, id) WHERE changed = 1;
CREATE TABLE state (
  cell TEXT NOT NULL, device TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (cell, device, key)
) WITHOUT ROWID;
CREATE TABLE answered (
  cell TEXT NOT NULL, device TEXT NOT NULL, request INTEGER NOT NULL, kind TEXT NOT NULL, value BLOB NOT NULL, answer BLOB NOT NULL,
  PRIMARY KEY (cell, device, request)
) WITHOUT ROWID;
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  cell TEXT NOT NULL, device TEXT NOT NULL, key TEXT NOT NULL, payload BLOB NOT NULL,
  UNIQUE (cell, device, key)
);
CREATE TABLE decision (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  cell TEXT NOT NULL, device TEXT NOT NULL, kind TEXT NOT NULL, value BLOB NOT NULL, at INTEGER NOT NULL, answer BLOB NOT NULL
);
`;

export type Partition = { readonly cell: string; readonly device: string };
export type DeviceRow = { readonly highest: number; readonly readings: number; readonly at: number; readonly last: Uint8Array | null };
export type AnsweredRow = { readonly kind: string; readonly value: bigint; readonly answer: Buffer };
export type DeviceReport = DeviceRow & { readonly cell: string; readonly outbox: number };
export type Taken = Partition & {
  readonly world: SensorWorld;
  readonly kind: string;
  readonly value: bigint;
  readonly at: number;
  readonly answer: Uint8Array;
};

/** A limit of the store; the request fails alone. */
export class StoreLimit extends Error {
  readonly code: 'too-many-devices' | 'cell-failed';
  constructor(code: StoreLimit['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Whole numbers of 64 bits, with or without sign, as 8 bytes: SQLite's own stop at 63. */
const bytesOf = (value: bigint): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
  return bytes;
};

export class SensorStore {
  private readonly connection: Database.Database;
  private readonly sql;

  constructor(path: string) {
    const connection = new Database(path, { timeout: 5_000 });
    this.connection = connection;
    try {
      this.shape(path);
      this.sql = statementsOf(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private shape(path: string): void {
    const { connection } = this;
    const version = Number(connection.pragma('user_version', { simple: true }));
    if (version > SHAPE)
      throw new Error(`${path} was written by a newer release; install that release, or move the file away to count anew`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('temp_store = MEMORY');
    connection.pragma('trusted_schema = OFF');
    connection.pragma(`cache_size = -${CACHE_KIB}`);
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
    if (version === SHAPE) return;
    connection.transaction(() => {
      connection.exec(TABLES);
      connection.pragma(`application_id = ${APPLICATION_ID}`);
      connection.pragma(`user_version = ${SHAPE}`);
    })();
  }

  begin(): void {
    this.sql.begin.run();
  }
  commit(): void {
    this.sql.commit.run();
  }
  rollback(): void {
    if (this.connection.inTransaction) this.sql.rollback.run();
  }
  /** One reading of a group: gone alone where `work` throws. */
  apart<T>(work: () => T): T {
    this.sql.savepoint.run();
    try {
      const value = work();
      this.sql.release.run();
      return value;
    } catch (error) {
      // A full or broken disk may have rolled everything back by itself.
      if (this.connection.inTransaction) {
        this.sql.undo.run();
        this.sql.release.run();
      }
      throw error;
    }
  }
  get inTransaction(): boolean {
    return this.connection.inTransaction;
  }

  device({ cell, device }: Partition): DeviceRow | undefined {
    return this.sql.device.get(cell, device) as DeviceRow | undefined;
  }

  stateGet({ cell, device }: Partition, key: string): Uint8Array | undefined {
    const value = this.sql.stateGet.get(cell, device, key) as Buffer | undefined;
    return value;
  }

  answered({ cell, device }: Partition, request: number): AnsweredRow | undefined {
    const row = this.sql.answered.get(cell, device, request) as { kind: string; value: Buffer; answer: Buffer } | undefined;
    return row === undefined ? undefined : { ...row, value: row.value.readBigUInt64BE() };
  }

  /** A device that is new here gets its row, unless there are too many. */
  admit({ cell, device }: Partition): void {
    if (Number(this.sql.deviceCount.get()) >= SENSOR_LIMITS.devicesMax) {
      throw new StoreLimit('too-many-devices', `this box knows ${SENSOR_LIMITS.devicesMax} devices; no further one is taken`);
    }
    this.sql.admit.run(cell, device);
  }

  /** What a run wrote, into its own partition. */
  keepWrites({ cell, device }: Partition, writes: readonly CellStateWrite[], outbox: readonly CellOutboxItem[]): void {
    for (const { key, value } of writes) {
      if (value === undefined) this.sql.stateDelete.run(cell, device, key);
      else this.sql.stateSet.run(cell, device, key, value);
    }
    if (writes.length > 0 && Number(this.sql.keyCount.get(cell, device)) > SENSOR_LIMITS.keysMax) {
      throw new StoreLimit('cell-failed', `the state of ${device} would have more than ${SENSOR_LIMITS.keysMax} keys`);
    }
    for (const { key, payload } of outbox) {
      const { lastInsertRowid } = this.sql.enqueue.run(cell, device, key, payload);
      if (Number(lastInsertRowid) % SENSOR_LIMITS.pruneEvery === 0) this.sql.pruneOutbox.run(SENSOR_LIMITS.outboxRowsMax);
    }
  }

  /** The answer beside what it was given for; a numbered one takes its place in the window. */
  keepAnswer(taken: Taken, request: number | undefined): void {
    const { cell, device, at, answer, world } = taken;
    if (request !== undefined) {
      this.sql.keepAnswered.run(cell, device, request, taken.kind, bytesOf(taken.value), answer);
      this.sql.pruneAnswered.run(cell, device, request - SENSOR_LIMITS.windowMax);
    }
    this.sql.keepDevice.run(request ?? 0, at, answer, world === 'telemetry-cell' ? 1 : 0, cell, device);
    if (world !== 'decision-cell') return;
    const { lastInsertRowid } = this.sql.keepDecision.run(cell, device, taken.kind, bytesOf(taken.value), at, answer);
    if (Number(lastInsertRowid) % SENSOR_LIMITS.pruneEvery === 0) this.sql.pruneDecisions.run(SENSOR_LIMITS.decisionRowsMax);
  }

  /** Devices whose changes no reconciliation has seen, a bounded number of them. */
  changed(): Partition[] {
    return this.sql.changed.all(SENSOR_LIMITS.reconcileMax) as Partition[];
  }
  reconciled({ cell, device }: Partition): void {
    this.sql.reconciled.run(cell, device);
  }

  reports(device: string): DeviceReport[] {
    return this.sql.reports.all(device) as DeviceReport[];
  }
  outboxRows(): number {
    return Number(this.sql.outboxCount.get());
  }

  /** Folds the log into the file and syncs it: from here on a power cut loses nothing of it. */
  checkpoint(): void {
    this.connection.pragma('wal_checkpoint(PASSIVE)');
  }

  close(): void {
    this.connection.close();
  }
}

function statementsOf(connection: Database.Database) {
  const prepare = (sql: string) => connection.prepare(sql);
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
    savepoint: prepare('SAVEPOINT reading'),
    release: prepare('RELEASE reading'),
    undo: prepare('ROLLBACK TO reading'),
    device: prepare('SELECT highest, readings, at, last FROM device WHERE cell = ? AND id = ?'),
    deviceCount: prepare('SELECT count(*) FROM device').pluck(),
    admit: prepare('INSERT INTO device (cell, id) VALUES (?, ?)'),
    keepDevice: prepare(
      'UPDATE device SET highest = max(highest, ?), readings = readings + 1, at = ?, last = ?, changed = max(changed, ?) WHERE cell = ? AND id = ?',
    ),
    stateGet: prepare('SELECT value FROM state WHERE cell = ? AND device = ? AND key = ?').pluck(),
    stateSet: prepare('INSERT INTO state (cell, device, key, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    stateDelete: prepare('DELETE FROM state WHERE cell = ? AND device = ? AND key = ?'),
    keyCount: prepare('SELECT count(*) FROM state WHERE cell = ? AND device = ?').pluck(),
    answered: prepare('SELECT kind, value, answer FROM answered WHERE cell = ? AND device = ? AND request = ?'),
    keepAnswered: prepare('INSERT INTO answered (cell, device, request, kind, value, answer) VALUES (?, ?, ?, ?, ?, ?)'),
    pruneAnswered: prepare('DELETE FROM answered WHERE cell = ? AND device = ? AND request <= ?'),
    enqueue: prepare('INSERT OR REPLACE INTO outbox (cell, device, key, payload) VALUES (?, ?, ?, ?)'),
    pruneOutbox: prepare('DELETE FROM outbox WHERE sequence <= (SELECT sequence FROM outbox ORDER BY sequence DESC LIMIT 1 OFFSET ?)'),
    outboxCount: prepare('SELECT count(*) FROM outbox').pluck(),
    keepDecision: prepare('INSERT INTO decision (cell, device, kind, value, at, answer) VALUES (?, ?, ?, ?, ?, ?)'),
    pruneDecisions: prepare(
      'DELETE FROM decision WHERE sequence <= (SELECT sequence FROM decision ORDER BY sequence DESC LIMIT 1 OFFSET ?)',
    ),
    changed: prepare('SELECT cell, id AS device FROM device WHERE changed = 1 LIMIT ?'),
    reconciled: prepare('UPDATE device SET changed = 0 WHERE cell = ? AND id = ?'),
    reports: prepare(
      'SELECT cell, highest, readings, at, last, (SELECT count(*) FROM outbox WHERE outbox.cell = device.cell AND outbox.device = device.id) AS outbox FROM device WHERE id = ? ORDER BY cell',
    ),
  };
}
