/** The writer thread's entry: the installed cells and the real database. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadCells } from '../cell-host/load-cells.ts';
import { writerParts } from './compose-parts.ts';
import type { WriterSetup } from './writer-thread.ts';
import { serveWriter } from './writer-worker.ts';

const setup = workerData as WriterSetup;
if (parentPort === null) throw new Error('this is the entry of a worker thread');
serveWriter(parentPort, setup.groupLimit, () => writerParts(setup, loadCells(setup.cellsDirectory)));
