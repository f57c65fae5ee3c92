/** The thread of `prepare-again.ts`: prepares what it is given, one after the other, and says of each what became of it. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { readSigned } from './cell-folder.ts';
import { placePrepared } from './place-cell.ts';
import { prepareCell } from './prepare.ts';
import type { PreparedLine, Unprepared } from './prepare-again.ts';

async function prepareOne({ root, name, version }: Unprepared): Promise<PreparedLine> {
  const file = readSigned(join(root, name, version), name, version);
  // A broken file is the registry's to report.
  if (!file.ok) return { line: undefined, broken: false };
  const prepared = await prepareCell(file.value);
  const done = prepared.ok ? placePrepared(root, name, version, prepared.value) : prepared;
  const line = done.ok ? `prepared ${name} ${version} for this release` : `${name} ${version} cannot be prepared: ${done.error.detail}`;
  return { line, broken: !prepared.ok && prepared.error.code === 'not-a-component' };
}

for (const one of workerData as readonly Unprepared[]) {
  const told = await prepareOne(one);
  parentPort?.postMessage(told);
  if (told.broken) break;
}
