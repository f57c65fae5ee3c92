/** The writer thread's parts put together, over any cells: the thread's entry gives the installed ones, tests and benches others. */
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';

import type { CellFacts } from '../cell-host/cell.ts';
import type { CellChoices } from '../cell-host/cells-in-use.ts';
import type { Cells } from '../gateway/cells.ts';
import { handlersOf } from '../gateway/handle.ts';
import { systemClock } from '../platform/clock.ts';
import { openDatabase } from './database.ts';
import type { Opened } from './group-commit.ts';
import { checkMark } from './journal-mark.ts';
import { ProgressTeller } from './progress.ts';
import { StorageFault, storageFaultOf } from './storage-fault.ts';
import { storeOf } from './store.ts';
import { checkTail } from './tail-check.ts';
import type { WriterSetup } from './writer.ts';
import type { WriterParts } from './writer-worker.ts';

/** `host`: cells, or what makes them of the choices that the database keeps. */
export function writerParts(setup: WriterSetup, host: Cells | ((choices: CellChoices) => Cells)): WriterParts {
  const progress = setup.progress === undefined ? undefined : new ProgressTeller(setup.progress, () => systemClock.monotonic());
  let serving = typeof host === 'function' ? undefined : watching(host, progress);
  const open = (): Opened => {
    const connection = openDatabase(setup.databasePath, setup.synchronous);
    const store = storeOf(connection, sha256Hex, setup.printReceipts);
    const { gateway } = store.site.name;
    if (gateway !== setup.gateway || store.site.currency !== setup.currency) {
      connection.close();
      throw new StorageFault(
        'other-gateway',
        `${setup.databasePath} is the journal of ${gateway} in ${store.site.currency}, not of ${setup.gateway} in ${setup.currency}; name the right folder with --data`,
      );
    }
    try {
      checkTail(connection, store.site.name, setup.databasePath);
      if (setup.mark !== undefined) checkMark(connection, store.site.name.epoch, setup.mark, setup.databasePath);
    } catch (error) {
      connection.close();
      throw storageFaultOf(error, setup.databasePath);
    }
    const cells = typeof host === 'function' ? watching(host(store), progress) : (serving ?? host);
    serving = cells;
    return { connection, store, handlers: handlersOf(store, cells, sha256Hex) };
  };
  return {
    open,
    get methods() {
      return (serving?.methods() ?? []).map(({ method, actions }) => ({ method, actions: [...actions] }));
    },
    troubles: () => serving?.takeTroubles?.() ?? [],
    ...(progress === undefined ? {} : { begins: (order: number) => progress.begins(order) }),
  };
}

function watching(host: Cells, progress: ProgressTeller | undefined): Cells {
  return progress === undefined ? host : { ...host, decide: watched(host, progress) };
}

/** What the cell's run and its reads of SQLite tell the main thread. */
function watched({ decide, ready, isSlow }: Cells, progress: ProgressTeller): Cells['decide'] {
  const readingThrough = (facts: CellFacts): CellFacts => ({
    find: (id) => progress.inRead(() => facts.find(id)),
    available: (id) => progress.inRead(() => facts.available(id)),
    refundable: (payment) => progress.inRead(() => facts.refundable(payment)),
    stateGet: (key) => progress.inRead(() => facts.stateGet(key)),
  });
  return (method, payment, facts) => {
    ready?.(method);
    return progress.inCell(() => decide(method, payment, readingThrough(facts)), isSlow?.(method));
  };
}
