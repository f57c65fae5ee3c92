/** A sensors' thread's entry over the simple cells. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../main/platform/clock.ts';
import { systemTimers } from '../../../main/platform/timers.ts';
import type { SensorSetup } from '../../../main/sensors/sensor-messages.ts';
import { serveSensors } from '../../../main/sensors/sensor-worker.ts';
import { simpleJudge, simpleTelemetry } from './simple-cells.ts';

if (parentPort === null) throw new Error('this is the entry of a worker thread');
await serveSensors(parentPort, workerData as SensorSetup, () => ({ cells: [simpleTelemetry, simpleJudge], elsewhere: [] }), {
  clock: systemClock,
  timers: systemTimers,
});
