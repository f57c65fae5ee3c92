/** The writer thread of the centre's tables: the only connection that writes. One request after the other, each its own transaction. */
import { parentPort, workerData } from 'node:worker_threads';
import { StorageFault } from '../tables.ts';
import { openDatabase } from './open.ts';
import { createSqliteTables } from './sqlite-tables.ts';
import type { Answer, Request, WorkerSetup } from './tables-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const tables = createSqliteTables(openDatabase((workerData as WorkerSetup).path));

const run = (request: Request): Promise<unknown> => {
  const method = tables[request.method] as (...args: unknown[]) => Promise<unknown>;
  return method(...request.args);
};

const faultOf = (id: number, error: unknown): Answer => {
  if (error instanceof StorageFault) return { id, fault: error.code, message: error.message };
  return { id, fault: 'defect', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
};

port.on('message', (request: Request | 'close') => {
  if (request === 'close') {
    void tables.close().then(() => port.close());
    return;
  }
  run(request).then(
    (value) => port.postMessage({ id: request.id, value } satisfies Answer),
    (error: unknown) => port.postMessage(faultOf(request.id, error)),
  );
});
