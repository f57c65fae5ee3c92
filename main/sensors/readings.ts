/**
 * What the sensors' thread is asked and what it answers. An answer means that what it says is committed. The same request of a device
 * gets the same answer within its window; below the window it is refused, so nothing is ever counted twice.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';

type Asked = {
  /** The cell; left out where the only one of its world, or the shipped one, is meant. */
  readonly cell?: string;
  readonly deviceId: string;
  /** The device's own number for it, from 1, rising. Without one a repetition cannot be told from a second reading. */
  readonly request?: number;
};

export type Metric = Asked & { readonly type: 'metric'; readonly metric: bigint };
export type Reading = Asked & {
  readonly type: 'reading';
  readonly kind: string;
  readonly value: bigint;
  /** When it was taken, by the gateway's clock: milliseconds since 1970. */
  readonly at: number;
};
/** Where the device stands: the highest number that was taken of it. For a device that lost its own count. */
export type Standing = Asked & { readonly type: 'standing'; readonly world: 'telemetry-cell' | 'decision-cell' };
export type SensorOrder = Metric | Reading | Standing;

export type Decision = { readonly type: 'decision'; readonly anomaly?: string; readonly command: string; readonly argument: bigint };
export type SensorAnswer =
  | { readonly type: 'total'; readonly total: bigint }
  | Decision
  /** The cell's own no, in its words; final like any answer. */
  | { readonly type: 'refused'; readonly detail: string }
  | { readonly type: 'standing'; readonly highest: number };

/** Append only: the number of a code on the wire is its place here. */
export const SENSOR_FAULT_CODES = [
  'invalid',
  'unknown-cell',
  'not-allowed',
  'stale',
  'id-conflict',
  'cell-failed',
  'cell-stopped',
  'too-many-devices',
  'busy',
  'storage',
  'interrupted',
  'stopping',
] as const;
export type SensorFaultCode = (typeof SENSOR_FAULT_CODES)[number];
export type SensorFault = { readonly code: SensorFaultCode; readonly detail: string };
export type SensorOutcome = Result<SensorAnswer, SensorFault>;

export function fault(code: SensorFaultCode, detail: string): { readonly ok: false; readonly error: SensorFault } {
  return err({ code, detail });
}

const DEVICE_ID = new RegExp(`^[A-Za-z0-9._:-]{1,${SENSOR_LIMITS.deviceIdCharsMax}}$`);
const KIND = new RegExp(`^[a-z][a-z0-9.-]{0,${SENSOR_LIMITS.kindCharsMax - 1}}$`);
const U64_MAX = 2n ** 64n - 1n;
const S64_MIN = -(2n ** 63n);
const S64_MAX = 2n ** 63n - 1n;
/** Kinds that set a device's rules and come from a person. */
const SETTING = 'set.';

export const isDeviceId = (text: string): boolean => DEVICE_ID.test(text);
export const isSetting = (kind: string): boolean => kind.startsWith(SETTING);

/** The order as it may be taken, whoever sent it. */
export function checkOrder(order: SensorOrder): Result<SensorOrder, SensorFault> {
  if (!isDeviceId(order.deviceId)) return fault('invalid', 'a device has an id of 1 to 64 letters, digits or . _ : -');
  if (order.request !== undefined && (!Number.isSafeInteger(order.request) || order.request < 1)) {
    return fault('invalid', 'a request has a whole number from 1 to 9007199254740991');
  }
  if (order.type === 'metric' && (order.metric < 0n || order.metric > U64_MAX)) {
    return fault('invalid', 'a metric is a whole number from 0 to 18446744073709551615');
  }
  if (order.type === 'reading') {
    if (!KIND.test(order.kind)) return fault('invalid', 'a kind is lower-case words, digits, dots and hyphens, at most 64');
    if (order.value < S64_MIN || order.value > S64_MAX) return fault('invalid', 'a reading has a whole number of 64 bits with sign');
    if (!Number.isSafeInteger(order.at) || order.at < 0) return fault('invalid', 'a reading has a time in milliseconds since 1970');
  }
  return ok(order);
}
