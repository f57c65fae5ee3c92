/**
 * The host: loads every cell of a folder and lets each decide payments of its method, a fresh instance a request. Whatever a cell
 * does, the answer is a decision; after a trap or a broken limit nothing that the request wrote remains.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CellHost } from './cell.ts';
import { cellHost } from './cell-host.ts';
import { CellLoadError, type InstalledCell, installedCell } from './installed-cell.ts';
import { jcoProgram } from './jco-program.ts';
import { LIMITS } from './limits.ts';
import { isPaymentManifest } from './manifest.ts';
import type { JcoParts, PreparedCell } from './prepared-cell.ts';

/** A host of the given cells; `loadCells` is how they come from a folder. */
export function hostOf(cells: readonly InstalledCell[]): CellHost {
  if (cells.length > LIMITS.cellsMax) throw new CellLoadError('too-many-cells', `${cells.length} cells; the limit is ${LIMITS.cellsMax}`);
  const names = new Set<string>();
  for (const { manifest } of cells) {
    if (names.has(manifest.name)) throw new CellLoadError('name-twice', `two cells are called ${manifest.name}`);
    names.add(manifest.name);
  }
  return cellHost(
    cells.flatMap(({ manifest, instantiate }) => {
      if (!isPaymentManifest(manifest)) return [];
      const jco: JcoParts = {
        load: () => ({ instantiate: (_getCoreModule, imports) => instantiate(imports) }),
        module: (name) => {
          throw new Error(`the module ${name} is compiled already`);
        },
      };
      const prepared: PreparedCell = { manifest, digest: manifest.component.sha256, key: '', fast: undefined, jco };
      return [{ manifest, digest: prepared.digest, program: jcoProgram(prepared, { metered: false }) }];
    }),
  );
}

/** Loads every folder of `directory`, synchronously; a worker thread may call it. Throws a CellLoadError at the first cell that is not right. */
export function loadCells(directory: string): CellHost {
  let names: string[];
  try {
    names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted();
  } catch (error) {
    throw new CellLoadError('missing-file', `there are no cells in ${directory}: run "npm run build"`, { cause: error });
  }
  return hostOf(names.map((name) => installedCell(join(resolve(directory), name))));
}
