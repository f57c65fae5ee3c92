/**
 * The cells in use as the writer thread runs them: what a run needs is read and compiled before it, so that a slow disk or a large module
 * never counts as the cell's own time; and a run whose cell is granted randomness gets a seed, which its trace keeps.
 */
import type { CellsInUse } from '../cell-host/cells-in-use.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import type { Cells } from '../gateway/cells.ts';
import { type Entropy, randomHex } from '../platform/entropy.ts';

const SEED_BYTES = 16;

type Ready = { readonly wantsSeed: boolean };

export function cellsAtWork(cells: CellsInUse, entropy: Entropy): Cells {
  const known = new WeakMap<PreparedCell, Ready>();
  const readyOf = (prepared: PreparedCell): Ready => {
    const before = known.get(prepared);
    if (before !== undefined) return before;
    if (prepared.fast === undefined) compileAhead(prepared);
    else {
      prepared.fast.module();
      prepared.fast.glue();
    }
    const ready = { wantsSeed: prepared.manifest.grants.imports.some((name) => name.startsWith('wasi:random/')) };
    known.set(prepared, ready);
    return ready;
  };
  const readied = (method: string): Ready | undefined => {
    const prepared = cells.inUse(method);
    return prepared === undefined ? undefined : readyOf(prepared);
  };
  return {
    ...cells,
    ready: (method) => void readied(method),
    isSlow: (method) => cells.inUse(method)?.fast === undefined,
    decide: (method, payment, facts) =>
      cells.decide(method, payment, facts, readied(method)?.wantsSeed === true ? randomHex(entropy, SEED_BYTES) : undefined),
  };
}

const anything = new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) });
class Enough extends Error {}

/** jco asks for its modules before it instantiates the first: so far it is let, with nothing of the cell run. */
function compileAhead({ jco }: PreparedCell): void {
  try {
    jco.load().instantiate(
      (name) => jco.module(name, true),
      anything,
      () => {
        throw new Enough();
      },
    );
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}
