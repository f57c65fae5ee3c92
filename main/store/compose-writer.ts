/** The writer thread's entry: the installed cells and the real database. */
import { parentPort, workerData } from 'node:worker_threads';
import { cellsInUse } from '../cell-host/cells-in-use.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { systemEntropy } from '../platform/entropy.ts';
import { cellsAtWork } from './cells-at-work.ts';
import { writerParts } from './compose-parts.ts';
import type { WriterSetup } from './writer.ts';
import { serveWriter } from './writer-worker.ts';

/** Cells that are read in one go while there is time. */
const READ_AT_ONCE = 8;

const setup = workerData as WriterSetup;
if (parentPort === null) throw new Error('this is the entry of a worker thread');
serveWriter(
  parentPort,
  setup.groupLimit,
  () => {
    const registry = new CellRegistry({ shipped: setup.cellsDirectory, installed: setup.installedCellsDirectory });
    if (setup.methods === undefined) registry.warm();
    else warmBetween(registry, registry.names());
    return writerParts(setup, (choices) => cellsAtWork(cellsInUse(registry, choices), systemEntropy));
  },
  setup.methods,
);

/** In the place of a thread that hung: payments first, the cells that nobody asked for yet between them. */
function warmBetween(registry: CellRegistry, names: readonly string[]): void {
  setImmediate(() => {
    for (const name of names.slice(0, READ_AT_ONCE)) registry.standard(name);
    if (names.length > READ_AT_ONCE) warmBetween(registry, names.slice(READ_AT_ONCE));
  });
}
