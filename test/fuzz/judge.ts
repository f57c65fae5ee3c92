/** Every built cell against jco's own output: a seed is one cell and a handful of requests, which see what the ones before them kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { loadPrepared } from '../../main/cell-host/load-cells.ts';
import type { PreparedCell } from '../../main/cell-host/prepared-cell.ts';
import { Judge } from '../cells/differential.ts';
import type { FuzzTarget } from './target.ts';

const REQUESTS = 20;

type Built = { readonly folder: string; readonly cells: readonly PreparedCell[] };
let built: Promise<Built> | undefined;

/** Built once; cells of the class slow are left to the tests, because one of their requests takes as long as a hundred others. */
async function builtCells(): Promise<Built> {
  const folder = await ensureBuilt();
  return { folder, cells: loadPrepared(folder).filter(({ manifest }) => manifest.class === 'fast') };
}

export const judgeTarget: FuzzTarget = {
  name: 'judge',
  // The cells' own suite asks more: test/cells/differential.test.ts.
  seedsInTests: 28,
  run: async (seed) => {
    built ??= builtCells();
    const { folder, cells } = await built;
    const prepared = cells[seed % cells.length];
    if (prepared === undefined) throw new Error('there is no cell of the class fast');
    const { name, version } = prepared.manifest;
    // A judge of its own, so that a seed alone says what happens.
    const judge = new Judge(prepared, readFileSync(join(folder, name, version, 'cell.wasm')));
    const outcomes = judge.requests(seed, REQUESTS).map((request) => judge.judge(request));
    return `${name}: ${outcomes.includes('approved') ? 'with approvals' : 'declines alone'}`;
  },
};
