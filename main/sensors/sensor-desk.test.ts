import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simpleJudge, simpleTelemetry } from '../../test/support/sensors/simple-cells.ts';
import type { SensorOrder, SensorOutcome } from './readings.ts';
import type { SensorCell } from './sensor-cell.ts';
import { SensorDesk } from './sensor-desk.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import { SensorStore } from './sensor-store.ts';

let folder: string;
let path: string;
let desk: SensorDesk;
let troubles: string[];
const ran: number[] = [];

const deskOf = (cells: readonly SensorCell[], stopped: readonly string[] = []): SensorDesk =>
  new SensorDesk({
    open: () => new SensorStore(path),
    cells,
    stopped: new Set(stopped),
    now: () => 5_000,
    running: (index) => void ran.push(index),
    trouble: (line) => void troubles.push(line),
  });
const metric = (deviceId: string, amount: number, request?: number): SensorOrder => ({
  type: 'metric',
  deviceId,
  metric: BigInt(amount),
  ...(request === undefined ? {} : { request }),
});
const reading = (value: number, request?: number, kind = 'speed'): SensorOrder => ({
  type: 'reading',
  deviceId: 'S-12',
  kind,
  value: BigInt(value),
  at: 1_000,
  ...(request === undefined ? {} : { request }),
});
const told = (outcome: SensorOutcome | undefined): unknown => {
  if (outcome === undefined || !outcome.ok) return outcome?.error.code;
  return outcome.value.type === 'total' ? Number(outcome.value.total) : outcome.value;
};
const run = (...orders: SensorOrder[]): unknown[] => desk.run(orders).map(told);
const rows = (sql: string): unknown[] => {
  const connection = new Database(path, { readonly: true });
  try {
    return connection.prepare(sql).all();
  } finally {
    connection.close();
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-sensors-'));
  path = join(folder, 'sensors.sqlite');
  troubles = [];
  desk = deskOf([simpleTelemetry, simpleJudge]);
});
afterEach(() => {
  desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('readings', () => {
  it('add up by device, in a group and over a restart', () => {
    expect(run(metric('a', 1), metric('b', 10), metric('a', 2))).toEqual([1, 10, 3]);
    desk.close();
    desk = deskOf([simpleTelemetry]);
    expect(run(metric('a', 4), metric('b', 0))).toEqual([7, 10]);
  });

  it('that fail leave nothing and hurt no other', () => {
    expect(run(metric('a', 1), metric('trap', 1), metric('no', 1), metric('a', 1))).toEqual([
      1,
      'cell-failed',
      { type: 'refused', detail: 'no, thank you' },
      2,
    ]);
    expect(rows("SELECT * FROM device WHERE id = 'trap'")).toEqual([]);
    expect(rows("SELECT * FROM state WHERE device = 'no'")).toEqual([]);
  });

  it('one partition sees nothing of another: not of another device, not of another cell', () => {
    const other = { ...simpleTelemetry, name: 'other' };
    desk.close();
    desk = deskOf([simpleTelemetry, other]);
    expect(run(metric('a', 5), { ...metric('a', 1), cell: 'other' }, metric('b', 1))).toEqual([5, 1, 1]);
  });

  it('are decided, and logged', () => {
    expect(run(reading(50), reading(150))).toEqual([
      { type: 'decision', command: 'clear', argument: 100n },
      { type: 'decision', anomaly: 'too-fast', command: 'slow', argument: 100n },
    ]);
    expect(rows('SELECT device, kind FROM decision')).toHaveLength(2);
    expect(ran.slice(-4)).toEqual([1, -1, 1, -1]);
  });

  it('without a cell for them are told so', () => {
    desk.close();
    desk = deskOf([simpleTelemetry]);
    expect(run(reading(1), { ...metric('a', 1), cell: 'none' })).toEqual(['unknown-cell', 'unknown-cell']);
  });

  it('of a cell that hung too often are not run', () => {
    desk.close();
    desk = deskOf([simpleTelemetry, simpleJudge], ['train']);
    expect(run(reading(1), metric('a', 1))).toEqual(['cell-stopped', 1]);
  });
});

describe('a repeated request', () => {
  it('gets the answer that it had, over a restart too, and counts once', () => {
    expect(run(metric('a', 5, 1), metric('a', 5, 1))).toEqual([5, 5]);
    expect(run(metric('a', 5, 2))).toEqual([10]);
    desk.close();
    desk = deskOf([simpleTelemetry, simpleJudge]);
    expect(run(metric('a', 5, 1), metric('a', 5, 2), metric('a', 0, 3))).toEqual([5, 10, 10]);
    const first = run(reading(150, 9));
    expect(run(reading(150, 9))).toEqual(first);
  });

  it('with another body is a conflict', () => {
    expect(run(metric('a', 5, 1), metric('a', 6, 1), metric('a', 0, 2))).toEqual([5, 'id-conflict', 5]);
    expect(run(reading(1, 1), reading(1, 1, 'other'))).toEqual([expect.anything(), 'id-conflict']);
  });

  it('may come late within the window; below it it is refused, so nothing is counted twice', () => {
    const window = SENSOR_LIMITS.windowMax;
    expect(run(metric('a', 1, 1), metric('a', 1, window), metric('a', 1, 2))).toEqual([1, 2, 3]);
    expect(run(metric('a', 1, 1 + window))).toEqual([4]);
    expect(run(metric('a', 1, 1), metric('a', 1, 2))).toEqual(['stale', 3]);
    expect(rows('SELECT count(*) AS rows FROM answered')).toEqual([{ rows: 3 }]);
    expect(run({ type: 'standing', deviceId: 'a', world: 'telemetry-cell', request: 99 })).toEqual([
      { type: 'standing', highest: 1 + window },
    ]);
  });
});

describe('limits (I13)', () => {
  it('of a partition’s keys: the request fails, the partition stays', () => {
    expect(run(...Array.from({ length: 6 }, () => metric('many', 1)))).toEqual([1, 2, 3, 'cell-failed', 'cell-failed', 'cell-failed']);
    expect(rows('SELECT count(*) AS keys FROM state')).toEqual([{ keys: 3 * 64 + 1 }]);
  });

  it('of devices: a further one is refused, the known go on', () => {
    const all = Array.from({ length: SENSOR_LIMITS.devicesMax }, (_, index) => metric(`d${index}`, 1));
    expect(new Set(run(...all))).toEqual(new Set([1]));
    expect(run(metric('late', 1), metric('d7', 1))).toEqual(['too-many-devices', 2]);
  });
});

describe('reconciliation', () => {
  it('queues each device that changed, once, and keeps the last', () => {
    run(metric('a', 1), metric('b', 1), reading(1));
    expect(desk.reconcile()).toBe(false);
    run(metric('a', 1));
    desk.reconcile();
    desk.reconcile();
    expect(rows('SELECT device, sequence FROM outbox ORDER BY device')).toEqual([
      { device: 'a', sequence: 3 },
      { device: 'b', sequence: 2 },
    ]);
  });

  it('takes a bounded number a turn, and says that more waits', () => {
    run(...Array.from({ length: SENSOR_LIMITS.reconcileMax + 1 }, (_, index) => metric(`d${index}`, 1)));
    expect([desk.reconcile(), desk.reconcile()]).toEqual([true, false]);
    expect(desk.outboxRows()).toBe(SENSOR_LIMITS.reconcileMax + 1);
  });
});

it('a database that cannot be written answers everybody, and is opened again', () => {
  run(metric('a', 1));
  const blocker = new Database(path);
  blocker.exec('DROP TABLE answered');
  expect(run(metric('a', 1, 1), metric('a', 1))).toEqual(['storage', 2]);
  blocker.close();
  expect(troubles.join()).toContain('answered');
});
