/**
 * Who a datagram is from. The box has one secret, made at the first use and never sent; a device's key is derived from it and the device's
 * id, is put into the device when it is installed, and forges that device alone. Every datagram, both ways, ends with 16 bytes of
 * HMAC-SHA-256 over all that stands before; the kinds of requests and replies differ, so none can be played back as the other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceDurably } from '../platform/durable-file.ts';
import type { Entropy } from '../platform/entropy.ts';
import { ExitFault } from '../platform/exit.ts';
import { TAG_BYTES } from './datagram.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';

const FILE = 'sensors.key';
const SECRET_BYTES = 32;
const LABEL = 'chautari sensor key 1\0';

/** The box's secret, made now where there is none. */
export function loadSensorSecret(directory: string, entropy: Entropy): Buffer {
  const path = join(directory, FILE);
  if (!existsSync(path)) replaceDurably(path, `${Buffer.from(entropy.bytes(SECRET_BYTES)).toString('hex')}\n`);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new ExitFault(3, `${path} is not a sensors' key; put the right one back, or take it away and give every sensor a new key`);
  }
  return Buffer.from(text, 'hex');
}

export const deviceKey = (secret: Buffer, deviceId: string): Buffer => createHmac('sha256', secret).update(LABEL).update(deviceId).digest();

export const tagOf = (key: Buffer, signed: Buffer): Buffer => createHmac('sha256', key).update(signed).digest().subarray(0, TAG_BYTES);

export const sealed = (key: Buffer, signed: Buffer): Buffer => Buffer.concat([signed, tagOf(key, signed)]);

/** What stands before a right tag; undefined for any other datagram. */
export function opened(key: Buffer, datagram: Buffer): Buffer | undefined {
  if (datagram.length <= TAG_BYTES) return undefined;
  const signed = datagram.subarray(0, -TAG_BYTES);
  return timingSafeEqual(tagOf(key, signed), datagram.subarray(-TAG_BYTES)) ? signed : undefined;
}

/** Derived keys, a bounded number of them kept ready. */
export class DeviceKeys {
  private readonly secret: Buffer;
  private readonly ready = new Map<string, Buffer>();

  constructor(secret: Buffer) {
    this.secret = secret;
  }

  of(deviceId: string): Buffer {
    const known = this.ready.get(deviceId);
    if (known !== undefined) return known;
    const key = deviceKey(this.secret, deviceId);
    if (this.ready.size >= SENSOR_LIMITS.keyCacheMax) this.ready.clear();
    this.ready.set(deviceId, key);
    return key;
  }
}
