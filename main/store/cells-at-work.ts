/** The cells in use as the writer thread runs them: a run whose cell is granted randomness gets a seed, which its trace keeps. */
import type { CellsInUse } from '../cell-host/cells-in-use.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import type { Cells } from '../gateway/cells.ts';
import { type Entropy, randomHex } from '../platform/entropy.ts';

const SEED_BYTES = 16;

export function cellsAtWork(cells: CellsInUse, entropy: Entropy): Cells {
  const known = new WeakMap<PreparedCell, boolean>();
  const wantsSeed = (method: string): boolean => {
    const prepared = cells.inUse(method);
    if (prepared === undefined) return false;
    let wants = known.get(prepared);
    if (wants === undefined) {
      wants = prepared.manifest.grants.imports.some((name) => name.startsWith('wasi:random/'));
      known.set(prepared, wants);
    }
    return wants;
  };
  return {
    ...cells,
    decide: (method, payment, facts) =>
      cells.decide(method, payment, facts, wantsSeed(method) ? randomHex(entropy, SEED_BYTES) : undefined),
  };
}
