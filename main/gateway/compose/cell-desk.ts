/** The box's cells in the main thread: prepared for this release before anything is served, and listed for whoever asks. The writer runs them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ListedCell, listCells } from '../../cell-host/list-cells.ts';
import { prepareAgain } from '../../cell-host/prepare-again.ts';
import { CellRegistry, type CellRoots } from '../../cell-host/registry.ts';
import type { Timers } from '../../platform/timers.ts';
import type { CellInUse } from '../book.ts';

export class CellDesk {
  private readonly roots: CellRoots;
  private readonly chosen: () => ReadonlyMap<string, CellInUse> | undefined;
  private registry: CellRegistry | undefined;

  constructor(roots: CellRoots, chosen: () => ReadonlyMap<string, CellInUse> | undefined) {
    this.roots = roots;
    this.chosen = chosen;
  }

  /** A line for each version that another release had prepared. */
  async prepare(timers: Timers, say: (line: string) => void): Promise<void> {
    const { shipped, installed } = this.roots;
    for (const root of installed === undefined ? [shipped] : [shipped, installed]) {
      for (const line of await prepareAgain(root, timers)) say(line);
    }
  }

  /** Verified as the host does it; what was verified once is not read again. */
  list(): Promise<ListedCell[]> {
    if (this.registry === undefined) this.registry = new CellRegistry(this.roots);
    else this.registry.look();
    const chosen = this.chosen();
    return listCells(
      this.registry,
      (name) => chosen?.get(name),
      () => nextTurn(),
    );
  }
}
