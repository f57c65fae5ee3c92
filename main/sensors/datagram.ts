/**
 * The datagrams of sensors, version 1: what docs/sensors.md states. Numbers are big-endian, a text is its length in one byte and UTF-8.
 *   request  (1 << 4 | kind) u8, request u64, cell text, device text, body, tag 16 bytes
 *            METRIC 1: metric u64   READING 2: age u32 in milliseconds, kind text, value s64   STANDING 3: world u8
 *   reply    (1 << 4 | kind) u8, request u64, body, tag 16 bytes
 *            TOTAL 9: total u64   DECISION 10: has-anomaly u8, anomaly text, command text, argument s64
 *            STOOD 11: highest u64   REFUSED 12: detail text   FAULT 13: code u8, detail text
 * Invariant: whatever bytes come, reading gives an order or undefined; nothing is read that the length does not cover, nothing is left over.
 */
import { assertNever, ok } from '../../ledger-sync/ledger/result.ts';
import { fault, SENSOR_FAULT_CODES, type SensorOrder, type SensorOutcome } from './readings.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';

export const TAG_BYTES = 16;
const VERSION = 1 << 4;
const METRIC = 1;
const READING = 2;
const STANDING = 3;
const TOTAL = 9;
const DECISION = 10;
const STOOD = 11;
const REFUSED = 12;
const FAULT = 13;
const WORLDS = ['telemetry-cell', 'decision-cell'] as const;

class Short extends Error {}

class Reader {
  private at = 0;
  private readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  private take(count: number): number {
    const from = this.at;
    if (from + count > this.bytes.length) throw new Short();
    this.at += count;
    return from;
  }
  u8(): number {
    return this.bytes.readUInt8(this.take(1));
  }
  u32(): number {
    return this.bytes.readUInt32BE(this.take(4));
  }
  u64(): bigint {
    return this.bytes.readBigUInt64BE(this.take(8));
  }
  s64(): bigint {
    return this.bytes.readBigInt64BE(this.take(8));
  }
  text(): string {
    const count = this.u8();
    const from = this.take(count);
    return this.bytes.toString('utf8', from, from + count);
  }
  end(): void {
    if (this.at !== this.bytes.length) throw new Short();
  }
}

class Writer {
  private at = 0;
  private readonly bytes = Buffer.allocUnsafe(SENSOR_LIMITS.datagramBytesMax * 2);
  u8(value: number): this {
    this.at = this.bytes.writeUInt8(value, this.at);
    return this;
  }
  u32(value: number): this {
    this.at = this.bytes.writeUInt32BE(value, this.at);
    return this;
  }
  u64(value: bigint): this {
    this.at = this.bytes.writeBigUInt64BE(value, this.at);
    return this;
  }
  s64(value: bigint): this {
    this.at = this.bytes.writeBigInt64BE(value, this.at);
    return this;
  }
  /** Cut to `bytesMax`, at a whole character. */
  text(value: string, bytesMax: number = SENSOR_LIMITS.detailBytesMax): this {
    const encoded = Buffer.from(value);
    let count = Math.min(encoded.length, bytesMax);
    while (count < encoded.length && count > 0 && ((encoded[count] as number) & 0xc0) === 0x80) count--;
    this.u8(count);
    this.at += encoded.copy(this.bytes, this.at, 0, count);
    return this;
  }
  done(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at));
  }
}

function read<T>(bytes: Buffer, body: (reader: Reader) => T | undefined): T | undefined {
  try {
    const reader = new Reader(bytes);
    const value = body(reader);
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof Short) return undefined;
    throw error;
  }
}

/** A request as the device sent it; the age is what became of it on its way to be sent, and the gateway makes a time of it. */
export type Request = { readonly request: bigint; readonly order: (nowMs: number) => SensorOrder; readonly deviceId: string };

/** `signed`: the datagram without its tag. */
export function readRequest(signed: Buffer): Request | undefined {
  return read(signed, (reader) => {
    const kind = reader.u8() - VERSION;
    const request = reader.u64();
    const cell = reader.text();
    const deviceId = reader.text();
    const asked = { request: Number(request), deviceId, ...(cell === '' ? {} : { cell }) };
    switch (kind) {
      case METRIC: {
        const metric = reader.u64();
        return { request, deviceId, order: () => ({ ...asked, type: 'metric', metric }) };
      }
      case READING: {
        const ageMs = reader.u32();
        const name = reader.text();
        const value = reader.s64();
        return { request, deviceId, order: (nowMs) => ({ ...asked, type: 'reading', kind: name, value, at: Math.max(0, nowMs - ageMs) }) };
      }
      case STANDING: {
        const world = WORLDS[reader.u8()];
        if (world === undefined) return undefined;
        return { request, deviceId, order: () => ({ ...asked, type: 'standing', world }) };
      }
      default:
        return undefined;
    }
  });
}

/** What a device sends, without its tag; `ageMs` is how long ago a reading was taken. */
export function writeRequest(order: SensorOrder, ageMs = 0): Buffer {
  const writer = (kind: number): Writer =>
    new Writer()
      .u8(VERSION + kind)
      .u64(BigInt(order.request ?? 0))
      .text(order.cell ?? '')
      .text(order.deviceId);
  switch (order.type) {
    case 'metric':
      return writer(METRIC).u64(order.metric).done();
    case 'reading':
      return writer(READING).u32(ageMs).text(order.kind).s64(order.value).done();
    case 'standing':
      return writer(STANDING).u8(WORLDS.indexOf(order.world)).done();
    default:
      return assertNever(order);
  }
}

/** A reply without its tag. The body of an answer is also how the window keeps it. */
export function writeReply(request: bigint, outcome: SensorOutcome): Buffer {
  const writer = (kind: number): Writer => new Writer().u8(VERSION + kind).u64(request);
  if (!outcome.ok) return writer(FAULT).u8(SENSOR_FAULT_CODES.indexOf(outcome.error.code)).text(outcome.error.detail).done();
  const answer = outcome.value;
  switch (answer.type) {
    case 'total':
      return writer(TOTAL).u64(answer.total).done();
    case 'decision':
      return writer(DECISION)
        .u8(answer.anomaly === undefined ? 0 : 1)
        .text(answer.anomaly ?? '')
        .text(answer.command)
        .s64(answer.argument)
        .done();
    case 'standing':
      return writer(STOOD).u64(BigInt(answer.highest)).done();
    case 'refused':
      return writer(REFUSED).text(answer.detail).done();
    default:
      return assertNever(answer);
  }
}

export function readReply(signed: Buffer): { readonly request: bigint; readonly outcome: SensorOutcome } | undefined {
  return read(signed, (reader) => {
    const kind = reader.u8() - VERSION;
    const request = reader.u64();
    switch (kind) {
      case TOTAL:
        return { request, outcome: ok({ type: 'total', total: reader.u64() }) };
      case DECISION: {
        const has = reader.u8() === 1;
        const anomaly = reader.text();
        const command = reader.text();
        return { request, outcome: ok({ type: 'decision', ...(has ? { anomaly } : {}), command, argument: reader.s64() }) };
      }
      case STOOD:
        return { request, outcome: ok({ type: 'standing', highest: Number(reader.u64()) }) };
      case REFUSED:
        return { request, outcome: ok({ type: 'refused', detail: reader.text() }) };
      case FAULT: {
        const code = SENSOR_FAULT_CODES[reader.u8()];
        const detail = reader.text();
        return code === undefined ? undefined : { request, outcome: fault(code, detail) };
      }
      default:
        return undefined;
    }
  });
}
