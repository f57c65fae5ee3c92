/** A writer thread's entry over the simple cells. `crash` as a memo ends the thread: for tests of what happens then. */
import { parentPort, workerData } from 'node:worker_threads';
import { writerParts } from '../../../main/store/compose-parts.ts';
import type { WriterSetup } from '../../../main/store/writer.ts';
import { serveWriter } from '../../../main/store/writer-worker.ts';
import { simpleCells } from './simple-cells.ts';

const setup = workerData as WriterSetup;
if (parentPort === null) throw new Error('this is the entry of a worker thread');
const decide: typeof simpleCells.decide = (method, payment, facts) => {
  if (payment.operator === 'crash') process.exit(9);
  return simpleCells.decide(method, payment, facts);
};
serveWriter(parentPort, setup.groupLimit, () => writerParts(setup, { decide, methods: simpleCells.methods }));
