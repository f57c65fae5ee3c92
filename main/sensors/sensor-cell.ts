/**
 * A cell of the worlds telemetry-cell and decision-cell as the sensors' thread runs it: one export, once, over the state of one partition,
 * which is (cell, device). What it wrote comes back beside its answer; a run that failed, or that the cell refused, wrote nothing.
 */
import type { CellFacts, CellOutboxItem, CellStateWrite } from '../cell-host/cell.ts';
import { CellImports } from '../cell-host/cell-imports.ts';
import type { SensorManifest } from '../cell-host/manifest.ts';
import type { CellProgram } from '../cell-host/program.ts';

export type SensorWorld = SensorManifest['world'];

export type SensorRun =
  | {
      readonly outcome: 'answered';
      readonly value: unknown;
      readonly writes: readonly CellStateWrite[];
      readonly outbox: readonly CellOutboxItem[];
    }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly detail: string };

export type SensorCell = {
  readonly name: string;
  readonly version: string;
  readonly world: SensorWorld;
  /** `at`: the request's time, which a granted clock shows. */
  run(exportName: string, args: readonly unknown[], stateGet: (key: string) => Uint8Array | undefined, at: number): SensorRun;
};

/** `elsewhere`: names of the other class's cells, which another thread runs. */
export type FoundCells = { readonly cells: readonly SensorCell[]; readonly elsewhere: readonly string[] };

/** No account exists for a sensor's cell, whatever it asks. */
const noMoney: Omit<CellFacts, 'stateGet'> = { find: () => undefined, available: () => 0n, refundable: () => 0n };

/** `seed`: what granted randomness of one run begins with. */
export function sensorCellOf(manifest: SensorManifest, program: CellProgram, seed: () => string): SensorCell {
  return {
    name: manifest.name,
    version: manifest.version,
    world: manifest.world,
    run(exportName, args, stateGet, at) {
      const imports = new CellImports([], { ...noMoney, stateGet }, { at: BigInt(at), seed: seed() });
      const run = program.run(exportName, args, imports);
      if (run.outcome === 'failed') return { outcome: 'failed', code: run.code, detail: run.detail };
      const result = run.value as { readonly tag?: unknown; readonly val?: unknown } | undefined;
      if (result?.tag === 'err' && typeof result.val === 'string') return { outcome: 'refused', detail: result.val };
      if (result?.tag !== 'ok') return { outcome: 'failed', code: 'bad-answer', detail: `${exportName} gave no result` };
      return { outcome: 'answered', value: result.val, writes: imports.stateWrites(), outbox: imports.outbox() };
    },
  };
}
