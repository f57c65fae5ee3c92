/** What the two ends of the sensors' thread say to each other, and the few numbers that they share. */
import type { SensorAnswer, SensorOrder, SensorOutcome } from './readings.ts';
import type { SensorWorld } from './sensor-cell.ts';
import type { CommitTimes, PortCounts } from './sensor-port.ts';
import type { DeviceReport } from './sensor-store.ts';

export type SensorCellName = { readonly name: string; readonly version: string; readonly world: SensorWorld };

/** What the thread is given; survives structured cloning. `C` is whatever the entry finds its cells by. */
export type SensorSetup<C = unknown> = {
  readonly databasePath: string;
  readonly cells: C;
  /** Where datagrams are taken; without it there is no port. */
  readonly listen?: { readonly host: string; readonly port: number; readonly secret: Uint8Array };
  readonly stopped: readonly string[];
  readonly watch: SharedArrayBuffer;
  readonly reconcileMs: number;
  /** Readings of one transaction. */
  readonly groupMax: number;
};

export type ToSensors =
  | { readonly type: 'orders'; readonly orders: readonly { readonly id: number; readonly order: SensorOrder }[] }
  | { readonly type: 'device'; readonly id: number; readonly deviceId: string }
  | { readonly type: 'counts'; readonly id: number }
  | { readonly type: 'stop' };

/** A device's row, its last answer in words. */
export type KnownDevice = Omit<DeviceReport, 'last'> & { readonly last: SensorAnswer | undefined };

export type SensorCounts = PortCounts & { readonly outboxRows: number; readonly commits?: CommitTimes };

export type FromSensors =
  | {
      readonly type: 'ready';
      readonly cells: readonly SensorCellName[];
      readonly elsewhere: readonly string[];
      readonly udp?: { readonly host: string; readonly port: number };
    }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'answers'; readonly answers: readonly { readonly id: number; readonly outcome: SensorOutcome }[] }
  | { readonly type: 'device'; readonly id: number; readonly reports: readonly KnownDevice[] | undefined }
  | { readonly type: 'counts'; readonly id: number; readonly counts: SensorCounts }
  | { readonly type: 'trouble'; readonly line: string };

/** Places in the shared words: how often work was begun or ended (odd: at work), and which cell runs (0: none). */
export const WATCH = { turns: 0, cell: 1, words: 2 } as const;
