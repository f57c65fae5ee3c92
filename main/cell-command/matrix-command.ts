/** `chautari cell matrix`: each cell unchanged on every runtime that is found, the answers compared; exit 1 where some differ. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineCommand } from 'citty';
import { CellCompileError } from '../../cells/sdk/cell-compile-error.ts';
import { isCellName, isCellVersion } from '../cell-host/manifest.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { isClean, type MatrixCell, type MatrixRow, RUNTIMES, runMatrix } from './run-matrix.ts';
import { openTrialCell } from './trial-cell.ts';
import { readCases } from './try-cases.ts';

const args = {
  cells: { type: 'string', valueHint: 'DIR', description: 'The cells to run (default: those that this release ships)' },
  cell: { type: 'string', valueHint: 'DIR|FILE', description: 'One cell alone: its folder of sources, or its signed file' },
  json: { type: 'boolean', default: false, description: 'As JSON, one line a cell' },
} as const;

const SHIPPED = join(import.meta.dirname, '../../dist/cells');

/** The signed files of a folder of cells, every version. */
function filesIn(root: string): string[] {
  if (!existsSync(root)) throw new ExitFault(2, `there are no cells in ${root}: npm run build, or name them with --cells`);
  const names = readdirSync(root).filter(isCellName).toSorted();
  const files = names.flatMap((name) =>
    readdirSync(join(root, name))
      .filter(isCellVersion)
      .toSorted()
      .map((version) => join(root, name, version, 'cell.wasm')),
  );
  if (files.length === 0) throw new ExitFault(2, `there are no cells in ${root}: npm run build, or name them with --cells`);
  return files;
}

function cellText(cell: MatrixCell): string {
  return cell.outcome === 'differs' ? `DIFFERS (${cell.requests})` : cell.outcome;
}

function table(rows: readonly MatrixRow[]): string {
  const lines = [
    ['cell', 'class', 'requests', ...RUNTIMES],
    ...rows.map((row) => [
      `${row.cell} ${row.version}`,
      row.class,
      String(row.requests),
      ...RUNTIMES.map((name) => cellText(row.runtimes[name])),
    ]),
  ];
  const widths = lines[0]?.map((_title, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What a person needs of each runtime that is not the same. */
function remarks(rows: readonly MatrixRow[]): string[] {
  const seen = new Set<string>();
  for (const row of rows) {
    for (const name of RUNTIMES) {
      const cell = row.runtimes[name];
      if ('why' in cell) seen.add(`${name}: ${cell.outcome}: ${cell.why}`);
      if (cell.outcome === 'differs') {
        const { asked, expected, came } = cell.example;
        seen.add(`${row.cell} on ${name}, asked ${JSON.stringify(asked)}\n  expected ${expected}\n  came     ${came}`);
      }
    }
  }
  return [...seen];
}

async function rowOf(path: string): Promise<MatrixRow> {
  const cell = await openTrialCell(path);
  try {
    const cases = join(path, 'cases.json');
    return await runMatrix(cell, existsSync(cases) ? readCases(cases) : undefined);
  } finally {
    cell.close();
  }
}

export const matrixCommand = defineCommand({
  meta: { name: 'matrix', description: 'Run cells unchanged on every runtime that is found here, and compare the answers' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const rows: MatrixRow[] = [];
    for (const path of given.cell === undefined ? filesIn(given.cells ?? SHIPPED) : [given.cell]) {
      const row = await rowOf(path).catch((error: unknown) => {
        throw error instanceof CellCompileError ? new ExitFault(1, error.message) : error;
      });
      rows.push(row);
      if (given.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    }
    if (!given.json) process.stdout.write(`${[table(rows), '', ...remarks(rows)].join('\n').trimEnd()}\n`);
    if (!rows.every(isClean)) throw new ExitFault(1, 'a cell does not answer the same everywhere: see above');
  },
});
