/** `chautari cell try DIR|FILE`: runs a cell against a made-up ledger; exit 1 where a case does not come out as expected. */
import { existsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineCommand } from 'citty';
import { CellCompileError } from '../../cells/sdk/cell-compile-error.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { readFolderManifest } from './cell-files.ts';
import { judgeTrial } from './judge-trial.ts';
import { runTrial } from './run-trial.ts';
import { showTrial } from './show-trial.ts';
import { openTrialCell } from './trial-cell.ts';
import { readCases } from './try-cases.ts';
import { CasesError } from './wit-json.ts';

const args = {
  cell: { type: 'positional', required: true, valueHint: 'DIR|FILE', description: 'The folder of a cell, or a signed cell' },
  cases: {
    type: 'string',
    valueHint: 'FILE',
    description: 'What it is asked and shall answer (default: cases.json in its folder, or beside the file)',
  },
  watch: { type: 'boolean', default: false, description: 'Again after each change in the folder' },
  json: { type: 'boolean', default: false, description: 'The results as JSON, one line a case' },
} as const;

const SETTLE_MS = 150;

/** The number of cases that did not come out. */
async function tryOnce(path: string, casesPath: string, json: boolean): Promise<number> {
  // What is no cell at all is said before what its cases lack.
  if (!existsSync(path) || statSync(path).isDirectory()) readFolderManifest(path);
  const cases = readCases(casesPath);
  const cell = await openTrialCell(path);
  try {
    const { name, version, world, class: cellClass } = cell.manifest;
    if (!json) process.stdout.write(`${name} ${version}, a ${world} of the class ${cellClass}, ${cell.component.length} bytes\n\n`);
    let wrong = 0;
    for (const result of runTrial(cell, cases)) {
      const faults = judgeTrial(result);
      if (faults.length > 0) wrong += 1;
      if (json) process.stdout.write(`${JSON.stringify({ case: result.case.name, ...result.came, fuel: result.fuel, faults })}\n`);
      else
        process.stdout.write(`${[...showTrial(result, cell.manifest), ...faults.map((line) => `  WRONG     ${line}`), ''].join('\n')}\n`);
    }
    if (!json) process.stdout.write(`${cases.cases.length - wrong} of ${cases.cases.length} cases as expected\n`);
    return wrong;
  } finally {
    cell.close();
  }
}

/** The author's own slips are said in one line; anything else is ours and shows where it came from. */
async function guarded(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CasesError || error instanceof CellCompileError) throw new ExitFault(1, error.message);
    throw error;
  }
}

async function watchFolder(folder: string, run: () => Promise<void>): Promise<never> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const again = () => {
    running = running.then(run);
  };
  again();
  watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(again, SETTLE_MS);
  });
  return new Promise<never>(() => undefined);
}

export const tryCommand = defineCommand({
  meta: { name: 'try', description: 'Run a cell against a made-up ledger, case by case' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const beside = existsSync(given.cell) && statSync(given.cell).isFile() ? dirname(given.cell) : given.cell;
    const casesPath = given.cases ?? join(beside, 'cases.json');
    const once = () => guarded(() => tryOnce(given.cell, casesPath, given.json));
    if (given.watch) {
      await watchFolder(given.cell, async () => {
        await once().catch((error: unknown) => process.stderr.write(`${error instanceof ExitFault ? error.message : String(error)}\n`));
        process.stdout.write('\nwaiting for a change; Ctrl-C ends\n');
      });
    }
    const wrong = await once();
    if (wrong > 0) throw new ExitFault(1, `${wrong} ${wrong === 1 ? 'case did' : 'cases did'} not come out as expected`);
  },
});
