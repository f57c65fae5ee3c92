/**
 * `chautari replay FILE`: a real payment file through real processes, over links that follow a trace, with processes killed (-9) on the
 * way; then head office, the gateways and a fold of our own are compared. Exit 0 when exact, 1 when not.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineCommand } from 'citty';
import { refuseUnknown, wholeNumber } from '../../platform/arguments.ts';
import { systemClock } from '../../platform/clock.ts';
import { seededEntropy, systemEntropy } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { readTrace, seededTrace, type Trace } from '../trace.ts';
import { readPaysim } from './paysim.ts';
import { replay } from './replay.ts';
import { printReport } from './report.ts';

const args = {
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'Operations in PaySim’s columns, .csv or .csv.gz' },
  gateways: { type: 'string', default: '3', valueHint: 'N', description: 'How many gateways share the clients' },
  link: { type: 'string', valueHint: 'TRACE', description: 'A link trace to follow; a seeded one where none is given' },
  speed: { type: 'string', default: '20', valueHint: 'N', description: 'How many times faster than recorded the trace is played' },
  seed: { type: 'string', default: '1', valueHint: 'S', description: 'Of repeats, kills and the seeded trace' },
  kills: { type: 'string', default: '30', valueHint: 'N', description: 'How many processes are killed (-9) on the way' },
  limit: { type: 'string', default: '0', valueHint: 'N', description: 'Only the first N operations; 0: all' },
  window: { type: 'string', default: '24', valueHint: 'N', description: 'Requests in flight at a gateway' },
  data: { type: 'string', valueHint: 'DIR', description: 'Keep the data there (an empty or new folder); thrown away without it' },
  report: { type: 'string', valueHint: 'FILE', description: 'Write the report as JSON too' },
} as const;

export const replayCommand = defineCommand({
  meta: { name: 'replay', description: 'Send a real payment file through real processes and prove the result exact' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const seed = wholeNumber('seed', given.seed, 0, 2 ** 31 - 1);
    const entropy = seededEntropy(seed);
    const trace: Trace = given.link === undefined ? seededTrace(seededEntropy(seed + 1), 7_200) : readTrace(resolve(given.link));
    const limit = wholeNumber('limit', given.limit, 0, 1e9);
    const rows = readPaysim(resolve(given.file), limit === 0 ? undefined : limit);
    const kept = given.data !== undefined;
    const dataDirectory = kept ? resolve(given.data as string) : mkdtempSync(join(tmpdir(), 'chautari-replay-'));
    try {
      const report = await replay({
        rows,
        dataDirectory,
        gateways: wholeNumber('gateways', given.gateways, 1, 32),
        trace,
        speed: wholeNumber('speed', given.speed, 1, 10_000),
        kills: wholeNumber('kills', given.kills, 0, 10_000),
        window: wholeNumber('window', given.window, 1, 256),
        seed,
        entropy,
        worldEntropy: systemEntropy,
        clock: systemClock,
        cores: availableParallelism(),
        progress: process.stderr,
      });
      printReport(report, process.stdout);
      if (given.report !== undefined) writeFileSync(resolve(given.report), `${JSON.stringify(report, null, 2)}\n`);
      if (!report.exact) throw new ExitFault(1, `not exact: ${report.differenceCount} differences, the first ones above`);
    } finally {
      if (!kept) rmSync(dataDirectory, { recursive: true, force: true });
    }
  },
});
