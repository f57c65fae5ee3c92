/** Meters and leases over SQLite. */
import type Database from 'better-sqlite3';
import type { Epoch, GatewayId } from '../../ledger/ids.ts';
import { COUNT_LIMIT, type MeterUnit, type TokenMode } from '../../protocol/lease.ts';
import { type IssueLease, LEASE_LIMITS, type LeaseIssue, type LeaseRow, type LeaseTables, type MeterRow } from '../lease-tables.ts';

type MeterRecord = {
  meter: string;
  key: Buffer;
  starting_code: number;
  extended: number;
  restricted: number;
  mode: string;
  unit: string;
  price: number;
  currency: string;
  last_count: number;
  created_at: number;
};

const meterOf = (row: MeterRecord): MeterRow => ({
  meter: row.meter,
  key: row.key.toString('hex'),
  startingCode: row.starting_code,
  extended: row.extended === 1,
  restricted: row.restricted === 1,
  mode: row.mode as TokenMode,
  unit: row.unit as MeterUnit,
  price: row.price,
  currency: row.currency,
  lastCount: row.last_count,
  createdAt: row.created_at,
});

/** Apart from when it was registered. */
const isSameMeter = (left: MeterRow, right: MeterRow): boolean =>
  (Object.keys(left) as (keyof MeterRow)[]).every((member) => member === 'createdAt' || left[member] === right[member]);

type LeaseRecord = {
  number: number;
  meter: string;
  gateway: string;
  epoch: string;
  first: number;
  past: number;
  price: number;
  issued_at: number;
  request: string | null;
  taken_over: string | null;
  fenced_at: number | null;
};

const LEASE_COLUMNS = `l.number, l.meter, g.name AS gateway, j.epoch, l.first, l.past, l.price, l.issued_at, l.request, l.taken_over, j.fenced_at
  FROM lease l JOIN journal j ON j.id = l.journal JOIN gateway g ON g.id = j.gateway`;

const leaseOf = (row: LeaseRecord): LeaseRow => ({
  number: row.number,
  meter: row.meter,
  gateway: row.gateway as GatewayId,
  epoch: row.epoch as Epoch,
  from: row.first,
  to: row.past,
  price: row.price,
  issuedAt: row.issued_at,
  request: row.request ?? undefined,
  takenOver: row.taken_over ?? undefined,
});

export function createLeaseTables(database: Database.Database, inTransaction: <T>(work: () => T) => T): LeaseTables {
  const meter = database.prepare<[string], MeterRecord>('SELECT * FROM meter WHERE meter = ?');
  const meters = database.prepare<[string, number], MeterRecord>('SELECT * FROM meter WHERE meter > ? ORDER BY meter LIMIT ?');
  const meterCount = database.prepare<[], number>('SELECT count(*) FROM meter').pluck();
  const insertMeter = database.prepare('INSERT INTO meter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const journal = database.prepare<[string, string], { id: number; fenced_at: number | null }>(
    'SELECT j.id, j.fenced_at FROM journal j JOIN gateway g ON g.id = j.gateway WHERE g.name = ? AND j.epoch = ?',
  );
  const lastLease = database.prepare<[string], LeaseRecord>(`SELECT ${LEASE_COLUMNS} WHERE l.meter = ? ORDER BY l.past DESC LIMIT 1`);
  const byRequest = database.prepare<[string], LeaseRecord>(`SELECT ${LEASE_COLUMNS} WHERE l.request = ?`);
  const byNumber = database.prepare<[number | bigint], LeaseRecord>(`SELECT ${LEASE_COLUMNS} WHERE l.number = ?`);
  const list = database.prepare<[{ meter: string | null; limit: number }], LeaseRecord>(
    `SELECT ${LEASE_COLUMNS} WHERE $meter IS NULL OR l.meter = $meter ORDER BY l.number DESC LIMIT $limit`,
  );
  const insertLease = database.prepare(
    'INSERT INTO lease (meter, journal, first, past, price, issued_at, request, taken_over) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const issueInside = (wanted: IssueLease): LeaseIssue => {
    const before = wanted.request === undefined ? undefined : byRequest.get(wanted.request);
    if (before !== undefined) {
      const lease = leaseOf(before);
      const isSame =
        lease.meter === wanted.meter &&
        lease.gateway === wanted.owner.gateway &&
        lease.epoch === wanted.owner.epoch &&
        lease.to - lease.from === wanted.count &&
        (wanted.price === undefined || lease.price === wanted.price);
      return isSame ? { status: 'issued', lease, repeated: true } : { status: 'request-conflict', lease };
    }
    const row = meter.get(wanted.meter);
    if (row === undefined) return { status: 'unknown-meter' };
    const owner = journal.get(wanted.owner.gateway, wanted.owner.epoch);
    if (owner === undefined) return { status: 'unknown-journal' };
    if (owner.fenced_at !== null) return { status: 'fenced' };
    const last = lastLease.get(wanted.meter);
    const isTheirs = last !== undefined && (last.gateway !== wanted.owner.gateway || last.epoch !== wanted.owner.epoch);
    if (last !== undefined && isTheirs && last.fenced_at === null && wanted.takenOver === undefined) {
      return { status: 'owned', by: leaseOf(last) };
    }
    // What a dead owner had not used stays unused for ever.
    const from = last?.past ?? row.last_count + 1;
    const to = from + wanted.count;
    if (to > COUNT_LIMIT) return { status: 'used-up' };
    const price = wanted.price ?? row.price;
    const takenOver = isTheirs && last?.fenced_at === null ? (wanted.takenOver ?? null) : null;
    const { lastInsertRowid } = insertLease.run(wanted.meter, owner.id, from, to, price, wanted.at, wanted.request ?? null, takenOver);
    return { status: 'issued', lease: leaseOf(byNumber.get(lastInsertRowid) as LeaseRecord), repeated: false };
  };

  const addInside = (row: MeterRow): 'added' | 'known' | 'conflict' | 'full' => {
    const known = meter.get(row.meter);
    if (known !== undefined) return isSameMeter(meterOf(known), row) ? 'known' : 'conflict';
    if ((meterCount.get() ?? 0) >= LEASE_LIMITS.meters) return 'full';
    const { startingCode, mode, unit, price, currency, lastCount, createdAt } = row;
    const digits = [row.extended ? 1 : 0, row.restricted ? 1 : 0];
    insertMeter.run(row.meter, Buffer.from(row.key, 'hex'), startingCode, ...digits, mode, unit, price, currency, lastCount, createdAt);
    return 'added';
  };

  return {
    async addMeter(row) {
      return inTransaction(() => addInside(row));
    },
    async meter(id) {
      const row = meter.get(id);
      return row === undefined ? undefined : meterOf(row);
    },
    async meters(after, limit) {
      return meters.all(after, limit).map(meterOf);
    },
    async issueLease(wanted) {
      return inTransaction(() => issueInside(wanted));
    },
    async leases(query) {
      return list.all({ meter: query.meter ?? null, limit: query.limit }).map(leaseOf);
    },
  };
}
