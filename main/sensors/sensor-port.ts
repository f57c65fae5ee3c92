/**
 * The UDP port of the sensors. A datagram is dropped and counted unless it is within the rate, small enough, well formed and rightly
 * sealed; then it becomes an order, and its reply is sealed with the same device's key and sent after the commit. A device whose
 * reply is lost sends the same datagram again and gets the same answer. Nothing that is not sealed is ever answered.
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import { type Request, readRequest, TAG_BYTES, writeReply } from './datagram.ts';
import { checkOrder, fault, isDeviceId, isSetting, type SensorOrder, type SensorOutcome } from './readings.ts';
import { type DeviceKeys, opened, sealed } from './sensor-keys.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import type { SensorRate } from './sensor-rate.ts';

export const DROPS = ['flood', 'size', 'form', 'seal', 'queue'] as const;
export type Drop = (typeof DROPS)[number];
/** From a datagram's arrival in the thread to its commit, over the last that were answered; milliseconds. */
export type CommitTimes = { readonly count: number; readonly p50Ms: number; readonly p99Ms: number; readonly p999Ms: number };
export type PortCounts = { received: number; replied: number; readonly dropped: Record<Drop, number> };

class Durations {
  private readonly ring = new Float64Array(8192);
  private count = 0;

  add(ms: number): void {
    this.ring[this.count++ % this.ring.length] = ms;
  }
  summary(): CommitTimes {
    const count = Math.min(this.count, this.ring.length);
    const sorted = this.ring.slice(0, count).sort();
    const at = (part: number): number => sorted[Math.min(count - 1, Math.floor(count * part))] ?? 0;
    return { count, p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999) };
  }
}

export const noCounts = (): PortCounts => ({ received: 0, replied: 0, dropped: { flood: 0, size: 0, form: 0, seal: 0, queue: 0 } });

export type PortParts = {
  readonly socket: Pick<Socket, 'send'>;
  readonly keys: DeviceKeys;
  readonly rate: SensorRate;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** False where the queue is full. */
  readonly submit: (order: SensorOrder, answer: (outcome: SensorOutcome) => void) => boolean;
};

export class SensorPort {
  readonly counts = noCounts();
  private readonly durations = new Durations();
  private readonly parts: PortParts;

  constructor(parts: PortParts) {
    this.parts = parts;
  }

  commits(): CommitTimes {
    return this.durations.summary();
  }

  take(datagram: Buffer, from: RemoteInfo): void {
    this.counts.received++;
    const drop = this.read(datagram, from);
    if (drop !== undefined) this.counts.dropped[drop]++;
  }

  private read(datagram: Buffer, from: RemoteInfo): Drop | undefined {
    const { rate, keys } = this.parts;
    if (!rate.admits(from.address)) return 'flood';
    if (datagram.length > SENSOR_LIMITS.datagramBytesMax) return 'size';
    const request = datagram.length <= TAG_BYTES ? undefined : readRequest(datagram.subarray(0, -TAG_BYTES));
    if (request === undefined || !isDeviceId(request.deviceId)) return 'form';
    const key = keys.of(request.deviceId);
    if (opened(key, datagram) === undefined) return 'seal';
    return this.submit(request, key, from) ? undefined : 'queue';
  }

  private submit(request: Request, key: Buffer, from: RemoteInfo): boolean {
    const takenMs = this.parts.monotonic();
    const reply = (outcome: SensorOutcome): void => {
      this.counts.replied++;
      this.durations.add(this.parts.monotonic() - takenMs);
      // Lost on the way or refused by the network: the device sends its request again.
      this.parts.socket.send(sealed(key, writeReply(request.request, outcome)), from.port, from.address, () => {});
    };
    const order = checkOrder(request.order(this.parts.now()));
    if (!order.ok) {
      reply(order);
      return true;
    }
    if (order.value.type === 'reading' && isSetting(order.value.kind)) {
      reply(fault('not-allowed', 'kinds that begin with set. come from a person, over HTTP'));
      return true;
    }
    return this.parts.submit(order.value, reply);
  }
}
