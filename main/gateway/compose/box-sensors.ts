/** The box's sensors put together: both threads over the cells that are in use, measured, and as the status tells of them. */
import type { SensorsStatusBody } from '../../api/sensor-schemas.ts';
import type { CellRoots } from '../../cell-host/registry.ts';
import type { SensorCellSource } from '../../sensors/installed-sensor-cells.ts';
import { loadSensorSecret } from '../../sensors/sensor-keys.ts';
import { SensorLanes } from '../../sensors/sensor-lanes.ts';
import type { SensorOptions } from '../../sensors/sensor-thread.ts';
import type { BoxOptions } from './box-options.ts';
import type { GatewayMetrics } from './metrics.ts';
import { measureSensors } from './sensor-metrics.ts';

type Chosen = () => Iterable<readonly [string, { readonly version: string; readonly digest: string }]>;

/** Without its key the port stays closed, and the till opens. */
function listeningOf({ dataDirectory, entropy, log, sensorsAddress: address }: BoxOptions): SensorOptions['listen'] {
  if (address === undefined) return undefined;
  try {
    return { address, secret: new Uint8Array(loadSensorSecret(dataDirectory, entropy)) };
  } catch (fault) {
    log.error(`no datagrams are taken, payments are: ${(fault as Error).message}`);
    return undefined;
  }
}

export function boxSensors(options: BoxOptions, roots: CellRoots, chosen: Chosen, metrics: GatewayMetrics): SensorLanes {
  const { dataDirectory, clock, timers, log } = options;
  const listen = listeningOf(options);
  const lanes = new SensorLanes({
    directory: dataDirectory,
    cells: (cellClass): SensorCellSource => ({ roots, chosen: Object.fromEntries(chosen()), class: cellClass }),
    ...(listen === undefined ? {} : { listen }),
    clock,
    timers,
    onTrouble: (line) => log.warn(line),
  });
  measureSensors(metrics.registry, lanes);
  return lanes;
}

export function sensorsBody(lanes: SensorLanes): SensorsStatusBody {
  const { fast, slow } = lanes.state();
  const lane = (state: typeof fast) => ({ ...state, stopped: [...state.stopped] });
  return { fast: lane(fast), slow: lane(slow), cells: lanes.cells().map((cell) => ({ ...cell })) };
}
