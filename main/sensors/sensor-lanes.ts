/**
 * Both threads of the sensors: one for cells of the class fast, which also has the port, one for those of the class slow, which is started
 * when a reading first names one. Each has its own queue and its own database, so neither waits for the other.
 */
import { join } from 'node:path';
import type { SensorFault, SensorOrder, SensorOutcome } from './readings.ts';
import type { KnownDevice, SensorCellName, SensorCounts } from './sensor-messages.ts';
import { SENSORS_FILE } from './sensor-store.ts';
import { type SensorOptions, Sensors, type SensorsState } from './sensor-thread.ts';

const SLOW_HANG_MS = 5_000;
const SLOW_SENSORS_FILE = 'sensors-slow.sqlite';

export type LaneOptions = Omit<SensorOptions, 'databasePath' | 'cells'> & {
  readonly directory: string;
  /** What each thread finds its cells by; asked at every start of one. */
  readonly cells: (cellClass: 'fast' | 'slow') => unknown;
};

const isUnknown = (outcome: SensorOutcome): outcome is { readonly ok: false; readonly error: SensorFault } =>
  !outcome.ok && outcome.error.code === 'unknown-cell';

export class SensorLanes {
  private readonly fast: Sensors;
  private readonly slow: Sensors;

  constructor({ directory, cells, listen, ...shared }: LaneOptions) {
    this.fast = new Sensors({
      ...shared,
      databasePath: join(directory, SENSORS_FILE),
      cells: () => cells('fast'),
      ...(listen === undefined ? {} : { listen }),
    });
    // A slow cell may wait for its network, and load an engine first; who comes behind it is not kept waiting for its commit as well.
    this.slow = new Sensors({
      hangMs: SLOW_HANG_MS,
      ...shared,
      databasePath: join(directory, SLOW_SENSORS_FILE),
      cells: () => cells('slow'),
      groupMax: 1,
    });
  }

  start(): Promise<void> {
    return this.fast.start();
  }

  /** The fast cells first; a name that is none of theirs may be a slow one's. */
  async ask(order: SensorOrder): Promise<SensorOutcome> {
    const isSlow = (): boolean => order.cell !== undefined && this.fast.others().includes(order.cell);
    if (isSlow()) return this.slow.ask(order);
    const outcome = await this.fast.ask(order);
    // The first answer comes when the thread knows its cells.
    return isUnknown(outcome) && isSlow() ? this.slow.ask(order) : outcome;
  }

  async device(deviceId: string): Promise<readonly KnownDevice[] | undefined> {
    const fast = await this.fast.device(deviceId);
    const slow = this.slow.state().state === 'serving' ? await this.slow.device(deviceId) : [];
    return fast === undefined ? undefined : [...fast, ...(slow ?? [])];
  }

  counts(): Promise<SensorCounts | undefined> {
    return this.fast.counts();
  }

  state(): { readonly fast: SensorsState; readonly slow: SensorsState } {
    return { fast: this.fast.state(), slow: this.slow.state() };
  }

  cells(): readonly SensorCellName[] {
    return [...this.fast.list(), ...this.slow.list()];
  }

  /** Other versions are in use: threads that run are started again with them. */
  refresh(): void {
    this.fast.refresh();
    this.slow.refresh();
  }

  async stop(): Promise<void> {
    await Promise.all([this.fast.stop(), this.slow.stop()]);
  }
}
