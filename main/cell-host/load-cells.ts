/**
 * A host of the cells in one folder, each in its standard version, strictly: for tests, benches and tools. A gateway hosts its cells
 * through `cells-in-use.ts`, which leaves out what is broken and follows the switches.
 */
import { resolve } from 'node:path';
import type { CellHost } from './cell.ts';
import { CellLoadError } from './cell-folder.ts';
import { cellHost, type HostedCell, programOf } from './cell-host.ts';
import { isPaymentManifest } from './manifest.ts';
import type { PreparedCell } from './prepared-cell.ts';
import { CellRegistry } from './registry.ts';

/** A payment cell as the host takes it; undefined for cells of other worlds. */
export function hosted(prepared: PreparedCell): HostedCell | undefined {
  const { manifest, digest } = prepared;
  return isPaymentManifest(manifest) ? { manifest, digest, program: programOf(prepared) } : undefined;
}

/** Every cell of `directory`, synchronously; a worker thread may call it. Throws a CellLoadError at the first cell that is not right. */
export function loadPrepared(directory: string): PreparedCell[] {
  const registry = new CellRegistry({ shipped: resolve(directory) });
  return registry.names().map((name) => {
    const cell = registry.standard(name);
    const [broken] = registry.broken();
    if (broken !== undefined) throw new CellLoadError(broken.fault);
    if (cell === undefined) throw new CellLoadError({ code: 'missing-file', detail: `the cell ${name} has no version` });
    return cell;
  });
}

export function loadCells(directory: string): CellHost {
  return cellHost(loadPrepared(directory).flatMap((prepared) => hosted(prepared) ?? []));
}
