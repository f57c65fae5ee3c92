/** A shipped sensors' cell as its thread runs it, over a state in memory: for the cells' own tests. */
import { ensureBuilt } from '../../../cells/sdk/build-cells.ts';
import { programOf } from '../../../main/cell-host/cell-host.ts';
import { loadPrepared } from '../../../main/cell-host/load-cells.ts';
import { isPaymentManifest } from '../../../main/cell-host/manifest.ts';
import { sensorCellOf } from '../../../main/sensors/sensor-cell.ts';

export type TriedDevice = {
  /** The export's result; a run that fails throws. */
  run(exportName: string, args: readonly unknown[]): unknown;
  readonly outbox: [string, string][];
};
export type TriedCell = { device(id: string): TriedDevice };

export async function trySensorCell(name: string): Promise<TriedCell> {
  const prepared = loadPrepared(await ensureBuilt()).find(({ manifest }) => manifest.name === name);
  if (prepared === undefined || isPaymentManifest(prepared.manifest)) throw new Error(`there is no sensors' cell ${name}`);
  const cell = sensorCellOf(prepared.manifest, programOf(prepared), () => '00');
  return {
    device: () => {
      const state = new Map<string, Uint8Array>();
      const outbox: [string, string][] = [];
      return {
        outbox,
        run(exportName, args) {
          const run = cell.run(exportName, args, (key) => state.get(key), 0);
          if (run.outcome === 'failed') throw new Error(`${run.code}: ${run.detail}`);
          if (run.outcome === 'refused') return { tag: 'err', val: run.detail };
          for (const { key, value } of run.writes) {
            if (value === undefined) state.delete(key);
            else state.set(key, value);
          }
          for (const { key, payload } of run.outbox) outbox.push([key, Buffer.from(payload).toString('hex')]);
          return { tag: 'ok', val: run.value };
        },
      };
    },
  };
}
