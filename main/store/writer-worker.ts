/**
 * The writer thread's loop: takes what has come, commits it as groups, answers, and waits again. It alone writes to the database, from
 * the moment when it is told to open it.
 * Invariant: orders are done in the order in which they came; `stop` comes behind all that were accepted before it.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { ExitFault } from '../platform/exit.ts';
import { ownThreadPath } from '../platform/thread-time.ts';
import { GroupCommit, type Opened, type Order } from './group-commit.ts';
import { exitFaultOf, StorageFault } from './storage-fault.ts';
import type { MethodList } from './writer.ts';
import type { FromWorker, ToWorker } from './writer-messages.ts';

export type WriterParts = {
  readonly open: () => Opened;
  /** As they are now. */
  readonly methods: MethodList;
  /** Lines for the log, each once. */
  readonly troubles?: () => string[];
  /** Told of each order before it is done. */
  readonly begins?: (order: number) => void;
};

/** `parts` may throw an ExitFault or a StorageFault: then the thread says so and ends. `known`: the methods, where they are known already. */
export function serveWriter(port: MessagePort, groupLimit: number, parts: () => WriterParts, known?: MethodList): void {
  const send = (message: FromWorker): void => port.postMessage(message);
  const orFail = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      const fault = error instanceof StorageFault ? exitFaultOf(error) : error;
      const exitCode = fault instanceof ExitFault && fault.code === 3 ? 3 : 1;
      send({ type: 'failed', exitCode, detail: fault instanceof Error ? fault.message : String(fault) });
      port.close();
      return undefined;
    }
  };
  const loaded = orFail(parts);
  if (loaded === undefined) return;
  send({ type: 'loaded', timesPath: ownThreadPath() });
  // A spare waits here until the thread before it is gone.
  port.once('message', (_open: ToWorker) => {
    const group = orFail(() => new GroupCommit(loaded.open, loaded.begins, known !== undefined));
    if (group === undefined) return;
    send({ type: 'ready', methods: known ?? loaded.methods, troubles: loaded.troubles?.() ?? [] });
    serve(port, groupLimit, group, loaded);
  });
}

function serve(port: MessagePort, groupLimit: number, group: GroupCommit, loaded: WriterParts): void {
  const send = (message: FromWorker): void => port.postMessage(message);

  const commit = (orders: readonly Order[]): void => {
    for (let start = 0; start < orders.length; start += groupLimit) {
      const result = group.run(orders.slice(start, start + groupLimit));
      const troubles = [...result.troubles, ...(loaded.troubles?.() ?? [])];
      const methods = result.committed?.cells === true ? { methods: loaded.methods } : {};
      send({ type: 'answers', ...result, troubles, ...methods });
    }
  };

  port.on('message', (first: ToWorker) => {
    // Whatever lies in the port already belongs to this group: the longer a commit takes, the larger the next one.
    let orders: Order[] = [];
    let next: ToWorker | undefined = first;
    while (next !== undefined && next.type === 'orders') {
      orders = orders.length === 0 ? [...next.orders] : [...orders, ...next.orders];
      next = orders.length >= groupLimit ? undefined : (receiveMessageOnPort(port)?.message as ToWorker | undefined);
    }
    commit(orders);
    if (next === undefined) return;
    group.close();
    send({ type: 'stopped' });
    port.close();
  });
}
