/** Traces and hangs, read: by the box for its status, by whoever runs a payment again. */
import type { ReadTrace } from '../gateway/trace.ts';
import type { Connection } from './database.ts';
import { traceOf } from './trace-text.ts';

export type HangRow = {
  readonly payment: string;
  readonly method: string;
  readonly version?: string;
  readonly elapsedMs: number;
  readonly at: number;
};
/** `count`: of those that are on record, the newest thousand at most. */
export type Hangs = { readonly count: number; readonly last?: HangRow };

export function hangsReader(connection: Connection): () => Hangs {
  const count = connection.prepare('SELECT count(*) FROM cell_hang').pluck();
  const last = connection.prepare(
    'SELECT payment, method, version, elapsed_ms AS elapsedMs, at FROM cell_hang ORDER BY number DESC LIMIT 1',
  );
  return () => {
    const row = last.get() as (Omit<HangRow, 'version'> & { version: string | null }) | undefined;
    if (row === undefined) return { count: 0 };
    const { version, ...rest } = row;
    return { count: count.get() as number, last: version === null ? rest : { ...rest, version } };
  };
}

type TraceRow = {
  readonly payment: string;
  readonly at: number;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly fuel: number;
  readonly body: string;
};

export interface TraceReader {
  /** How a payment was decided; undefined where no cell decided it, or where it is too long ago. */
  of(payment: string): ReadTrace | undefined;
  /** What a method's cell was asked since a time, oldest first: as many of the newest as `limit` says. */
  since(method: string, at: number, limit: number): ReadTrace[];
}

export function traceReader(connection: Connection, gateway: string): TraceReader {
  const columns = 'payment, at, name, version, digest, fuel, body FROM trace JOIN traced_cell ON traced_cell.number = trace.cell';
  const read = ({ name, version, digest, ...row }: TraceRow): ReadTrace => traceOf({ cell: { name, version, digest }, ...row }, gateway);
  const one = connection.prepare(
    `SELECT ${columns} WHERE trace.number = (SELECT trace FROM payment WHERE id = $payment) AND trace.payment = $payment`,
  );
  const many = connection.prepare(`SELECT ${columns} WHERE name = ? AND at >= ? ORDER BY trace.number DESC LIMIT ?`);
  return {
    of: (payment) => {
      const row = one.get({ payment }) as TraceRow | undefined;
      return row === undefined ? undefined : read(row);
    },
    since: (method, at, limit) => (many.all(method, at, limit) as TraceRow[]).reverse().map(read),
  };
}
