/**
 * What the HTTP face may ask of the gateway. Compose gives the real things; tests give small ones.
 * `ledger()` is undefined until the box is enrolled: then there is no journal yet, and money cannot be taken.
 */
import type { Result } from '../../ledger-sync/ledger/result.ts';
import type { Lease } from '../../ledger-sync/protocol/lease.ts';
import type { ListedCell } from '../cell-host/list-cells.ts';
import type { EventHub } from '../platform/http/event-stream.ts';
import type { SensorOrder, SensorOutcome } from '../sensors/readings.ts';
import type { KnownDevice } from '../sensors/sensor-messages.ts';
import type { Reader } from '../store/reader.ts';
import type { MethodList, Writer } from '../store/writer.ts';
import type { CatalogueBody, CatalogueEditBody, EnrolmentBody, StatusBody } from './schemas.ts';
import type { Sessions } from './sessions.ts';

export type Ledger = { readonly writer: Writer; readonly reader: Reader };
export type FaceFault = { readonly code: string; readonly detail: string };

export interface CatalogueDesk {
  read(): Promise<CatalogueBody>;
  edit(edit: CatalogueEditBody, at: number): Promise<Result<CatalogueBody, FaceFault>>;
}

export interface SensorFace {
  /** Answered after the commit. */
  ask(order: SensorOrder): Promise<SensorOutcome>;
  /** By cell; undefined while the thread cannot say. */
  device(deviceId: string): Promise<readonly KnownDevice[] | undefined>;
}

export interface GatewayFace {
  readonly sessions: Sessions;
  readonly events: EventHub;
  readonly catalogue: CatalogueDesk;
  readonly sensors: SensorFace;
  ledger(): Ledger | undefined;
  methods(): MethodList;
  /** Every cell of the box with its versions. */
  cells(): Promise<readonly ListedCell[]>;
  status(): StatusBody;
  /** The highest entry number that was handed to the link. */
  sentNumber(): number;
  /** Undefined when payments can be taken, else why not. */
  trouble(): string | undefined;
  enrolment(): EnrolmentBody;
  enrol(voucher: string): Promise<Result<EnrolmentBody, FaceFault>>;
  /** A lease out of its text, if the head office that enrolled this box signed it. */
  openLease(text: string): Result<Lease, FaceFault>;
  /** Asks the village to change this gateway's link; undefined where no village started it. */
  readonly switchLink: ((state: 'up' | 'bad' | 'cut') => Promise<Result<void, FaceFault>>) | undefined;
  /** Prometheus text. */
  metrics(): Promise<string>;
  now(): number;
}
