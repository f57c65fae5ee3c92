/** Leases: in the writer thread what was taken and what a cell is lent of it, for reading how much is left. */
import { type AccountId, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import type { Leases } from '../gateway/book.ts';
import type { HeldLease } from '../gateway/lease.ts';
import type { Connection } from './database.ts';

type LeaseColumns = {
  readonly number: number;
  readonly partition: string;
  readonly first: number;
  readonly past: number;
  readonly line: string;
};

const leaseOf = ({ number, partition, first, past, line }: LeaseColumns): HeldLease => ({ number, partition, from: first, to: past, line });

/** The one key that the host lends; no other that begins with `host.` is there. */
const LEASE = 'host.lease';

export class LeaseTables implements Leases {
  private readonly sql: ReturnType<typeof statementsOf>;

  constructor(connection: Connection) {
    this.sql = statementsOf(connection);
  }

  /** The newest one: the one in use. */
  lease(partition: string): HeldLease | undefined {
    const row = this.sql.newest.get(partition) as LeaseColumns | undefined;
    return row === undefined ? undefined : leaseOf(row);
  }

  leaseNumbered(number: number): HeldLease | undefined {
    const row = this.sql.numbered.get(number) as LeaseColumns | undefined;
    return row === undefined ? undefined : leaseOf(row);
  }

  addLease(lease: HeldLease, at: number): void {
    this.sql.add.run(lease.number, lease.partition, lease.from, lease.to, lease.line, at);
  }

  /** What a cell reads under a key of the host. */
  lent(partition: string, key: string): Uint8Array | undefined {
    const line = key === LEASE ? this.lease(partition)?.line : undefined;
    return line === undefined ? undefined : Buffer.from(line, 'latin1');
  }
}

const statementsOf = (connection: Connection) => ({
  newest: connection.prepare('SELECT number, partition, first, past, line FROM lease WHERE partition = ? ORDER BY past DESC LIMIT 1'),
  numbered: connection.prepare('SELECT number, partition, first, past, line FROM lease WHERE number = ?'),
  add: connection.prepare('INSERT INTO lease (number, partition, first, past, line, at) VALUES (?, ?, ?, ?, ?, ?)'),
});

/** A lease in use, without the meter's key. */
export type LeaseView = {
  readonly number: number;
  readonly account: AccountId;
  readonly from: number;
  readonly to: number;
  /** The last count that was used; 0 before the first. */
  readonly lastCount: number;
  readonly mode: string;
  readonly unit: string;
  readonly price: string;
  readonly currency: string;
  readonly takenAt: number;
};

type ViewColumns = LeaseColumns & { readonly at: number; readonly count: Buffer | null };

export function leasesOf(connection: Connection): readonly LeaseView[] {
  const rows = connection
    .prepare(
      `SELECT l.number, l.partition, l.first, l.past, l.line, l.at, s.value AS count FROM lease l
       LEFT JOIN cell_state s ON s.partition = l.partition AND s.key = 'count'
       WHERE l.past = (SELECT max(past) FROM lease WHERE partition = l.partition) ORDER BY l.partition`,
    )
    .all() as ViewColumns[];
  return rows.map(({ number, partition, first, past, line, at, count }) => {
    const [mode = '', unit = '', price = '', currency = ''] = line.split(' ').slice(7);
    const account = must(parseAccountId(partition.slice(partition.indexOf('/') + 1)), 'the account of a lease');
    const lastCount = Number(count?.toString('latin1') ?? 0);
    return { number, account, from: first, to: past, lastCount, mode, unit, price, currency, takenAt: at };
  });
}
