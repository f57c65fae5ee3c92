/** The sensors' thread's entry: the installed cells of one class, the real clock and timers. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../platform/clock.ts';
import { randomHex, systemEntropy } from '../platform/entropy.ts';
import { systemTimers } from '../platform/timers.ts';
import { installedSensorCells, type SensorCellSource } from './installed-sensor-cells.ts';
import type { FromSensors, SensorSetup } from './sensor-messages.ts';
import { serveSensors } from './sensor-worker.ts';

const setup = workerData as SensorSetup<SensorCellSource>;
const main = parentPort;
if (main === null) throw new Error('this is the entry of a worker thread');
const trouble = (line: string): void => main.postMessage({ type: 'trouble', line } satisfies FromSensors);
const seed = (): string => randomHex(systemEntropy, 16);
await serveSensors(main, setup, () => installedSensorCells(setup.cells, seed, trouble), { clock: systemClock, timers: systemTimers });
