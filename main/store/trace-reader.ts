/** Traces and hangs, read: by the box for its status, by whoever runs a payment again. */
import { type ReadTrace, traceOf } from '../gateway/trace.ts';
import type { Connection } from './database.ts';

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
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly fuel: number;
  readonly body: string;
};
const TRACE_COLUMNS = 'name, version, digest, fuel, body FROM trace JOIN traced_cell ON traced_cell.number = trace.cell';

const readTrace = ({ name, version, digest, fuel, body }: TraceRow, gateway: string): ReadTrace =>
  traceOf({ cell: { name, version, digest }, fuel, body }, gateway);

/** How a payment was decided; undefined where no cell decided it, or where it is too long ago. */
export function traceOfPayment(connection: Connection, gateway: string, payment: string): ReadTrace | undefined {
  const row = connection
    .prepare(`SELECT ${TRACE_COLUMNS} WHERE trace.number = (SELECT trace FROM payment WHERE id = ?) AND trace.payment = ?`)
    .get(payment, payment) as TraceRow | undefined;
  return row === undefined ? undefined : readTrace(row, gateway);
}

/** What a method's cell was asked since a time, oldest first: as many of the newest as `limit` says. */
export function tracesSince(connection: Connection, gateway: string, method: string, since: number, limit: number): ReadTrace[] {
  const rows = connection
    .prepare(`SELECT ${TRACE_COLUMNS} WHERE name = ? AND at >= ? ORDER BY trace.number DESC LIMIT ?`)
    .all(method, since, limit) as TraceRow[];
  return rows.reverse().map((row) => readTrace(row, gateway));
}
