/**
 * The sensors' cells among those of a box: of each name the version that was put into use, or the release's. One thread runs the class
 * fast, another the class slow, so that a cell that waits for its network does not hold up a train. Called in those threads.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '../cell-host/cell-host.ts';
import { type CellClass, isPaymentManifest, PAYMENT_WORLD } from '../cell-host/manifest.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import { CellRegistry, type CellRoots, type Listed } from '../cell-host/registry.ts';
import { type FoundCells, type SensorCell, sensorCellOf } from './sensor-cell.ts';

export type SensorCellSource = {
  readonly roots: CellRoots;
  /** What was put into use, by name. */
  readonly chosen: Readonly<Record<string, { readonly version: string; readonly digest: string }>>;
  readonly class: CellClass;
};

/** A glance at the manifest beside the cell spares verifying every payment cell; what counts is the signed one, read after. */
function mayBeSensors(roots: CellRoots, { name, version, origin }: Listed): boolean {
  try {
    const root = origin === 'shipped' ? roots.shipped : (roots.installed ?? '');
    const { world } = JSON.parse(readFileSync(join(root, name, version, 'manifest.json'), 'utf8')) as { world?: unknown };
    return world !== PAYMENT_WORLD;
  } catch {
    return false;
  }
}

export function installedSensorCells(source: SensorCellSource, seed: () => string, trouble: (line: string) => void): FoundCells {
  const registry = new CellRegistry(source.roots);
  const inUse = (name: string): PreparedCell | undefined => {
    if (!registry.versions(name).some((listed) => mayBeSensors(source.roots, listed))) return undefined;
    const choice = Object.hasOwn(source.chosen, name) ? source.chosen[name] : undefined;
    if (choice === undefined) return registry.standard(name);
    const found = registry.find(name, choice.version, choice.digest);
    if (found.ok) return found.value;
    trouble(`the cell ${name} ${choice.version} cannot be used: ${found.error.detail}`);
    return registry.standard(name);
  };
  const cells: SensorCell[] = [];
  const elsewhere: string[] = [];
  for (const name of registry.names()) {
    const prepared = inUse(name);
    if (prepared === undefined || isPaymentManifest(prepared.manifest)) continue;
    if (prepared.manifest.class === source.class) {
      // Compiled now, so that the first train does not wait for it.
      prepared.fast?.module();
      cells.push(sensorCellOf(prepared.manifest, programOf(prepared), seed));
    } else elsewhere.push(name);
  }
  for (const { name, version, fault } of registry.broken()) trouble(`the cell ${name} ${version} is out: ${fault.detail}`);
  return { cells, elsewhere };
}
