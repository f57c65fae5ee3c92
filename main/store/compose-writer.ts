/** The writer thread's entry: the installed cells and the real database. */
import { parentPort, workerData } from 'node:worker_threads';
import { cellsInUse } from '../cell-host/cells-in-use.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { systemEntropy } from '../platform/entropy.ts';
import { cellsAtWork } from './cells-at-work.ts';
import { writerParts } from './compose-parts.ts';
import type { WriterSetup } from './writer-thread.ts';
import { serveWriter } from './writer-worker.ts';

const setup = workerData as WriterSetup;
if (parentPort === null) throw new Error('this is the entry of a worker thread');
serveWriter(parentPort, setup.groupLimit, () => {
  const registry = new CellRegistry({ shipped: setup.cellsDirectory, installed: setup.installedCellsDirectory });
  registry.warm();
  return writerParts(setup, (choices) => cellsAtWork(cellsInUse(registry, choices), systemEntropy));
});
