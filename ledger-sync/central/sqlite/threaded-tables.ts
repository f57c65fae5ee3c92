/**
 * The tables over SQLite with a writer thread: the thread alone writes (and waits for the disk), the main thread reads through a connection
 * of its own that cannot write. So a commit never holds up HTTP, and the next batch is decoded while the last one is stored.
 * Invariants: an answer of a write comes after its commit; a thread that dies answers all it had with a StorageFault, and the next write
 * starts another.
 */
import { Worker } from 'node:worker_threads';
import { StorageFault, type Tables } from '../tables.ts';
import { openDatabase } from './open.ts';
import { packBatch, packForked } from './pack.ts';
import { createSqliteTables, type SqliteTables } from './sqlite-tables.ts';
import { type Answer, type Request, type WorkerSetup, WRITING, type Writing } from './tables-messages.ts';

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

class WriterThread {
  private readonly path: string;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(path: string) {
    this.path = path;
    this.worker = this.start();
  }

  call(method: Writing, args: readonly unknown[]): Promise<unknown> {
    if (this.closed) return Promise.reject(new StorageFault('storage', 'the database is closed'));
    const worker = this.worker ?? this.start();
    this.worker = worker;
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args } satisfies Request);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const worker = this.worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  private start(): Worker {
    const worker = new Worker(new URL('./tables-worker.ts', import.meta.url), { workerData: { path: this.path } satisfies WorkerSetup });
    worker.on('message', (answer: Answer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('value' in answer) waiting?.resolve(answer.value);
      else if (answer.fault === 'defect') waiting?.reject(new Error(answer.message));
      else waiting?.reject(new StorageFault(answer.fault, answer.message));
    });
    worker.on('error', (error) => this.lost(worker, error.message));
    worker.on('exit', () => this.lost(worker, 'the writer thread ended'));
    return worker;
  }

  private lost(worker: Worker, reason: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(new StorageFault('storage', reason));
  }
}

/**
 * Opens, and brings up to date, the file at `path`; throws an OpenFault where it must not be touched. `wasMade`: a ledger was here before,
 * so none is made in its place.
 */
export function createThreadedTables(path: string, wasMade = false): Tables {
  openDatabase(path, { wasMade }).close();
  const thread = new WriterThread(path);
  const reads = createSqliteTables(openDatabase(path, { readonly: true }));
  const writes = Object.fromEntries(
    WRITING.map((method) => [method, (...args: unknown[]) => thread.call(method, args)]),
  ) as unknown as Pick<SqliteTables, Writing>;
  return {
    ...reads,
    ...writes,
    store: (batch) => writes.storePacked(packBatch(batch)),
    storeForked: (batch) => writes.storeForkedPacked(packForked(batch)),
    async close() {
      await thread.close();
      await reads.close();
    },
  };
}
