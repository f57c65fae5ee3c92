import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { systemTimers } from '../platform/timers.ts';
import { readReply, writeRequest } from './datagram.ts';
import type { SensorOrder, SensorOutcome } from './readings.ts';
import { deviceKey, opened, sealed } from './sensor-keys.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import { type SensorOptions, Sensors } from './sensor-thread.ts';

const SECRET = Buffer.alloc(32, 7);
let folder: string;
let sensors: Sensors;
let device: Socket;
let troubles: string[];

const make = (changes: Partial<SensorOptions> = {}): Sensors => {
  sensors = new Sensors({
    databasePath: join(folder, 'sensors.sqlite'),
    cells: () => undefined,
    timers: systemTimers,
    clock: systemClock,
    onTrouble: (line) => void troubles.push(line),
    workerUrl: new URL('../../test/support/sensors/simple-sensors.ts', import.meta.url),
    hangMs: 300,
    ...changes,
  });
  return sensors;
};
const listening = async (): Promise<void> => {
  await make({ listen: { address: { host: '127.0.0.1', port: 0 }, secret: SECRET } }).start();
};
const metric = (deviceId: string, amount: number, request?: number): SensorOrder => ({
  type: 'metric',
  deviceId,
  metric: BigInt(amount),
  ...(request === undefined ? {} : { request }),
});
const told = (outcome: SensorOutcome): unknown =>
  outcome.ok ? (outcome.value.type === 'total' ? Number(outcome.value.total) : outcome.value) : outcome.error.code;
const seal = (order: SensorOrder, secret = SECRET): Buffer => sealed(deviceKey(secret, order.deviceId), writeRequest(order));
const send = (bytes: Buffer): void => device.send(bytes, sensors.state().udp?.port as number, '127.0.0.1');
const reply = async (deviceId: string): Promise<unknown> => {
  const [bytes] = (await once(device, 'message')) as [Buffer];
  const signed = opened(deviceKey(SECRET, deviceId), bytes);
  if (signed === undefined) return 'forged';
  const read = readReply(signed);
  return read === undefined ? undefined : [Number(read.request), told(read.outcome)];
};
const exchange = (order: SensorOrder): Promise<unknown> => {
  const answered = reply(order.deviceId);
  send(seal(order));
  return answered;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-sensors-'));
  troubles = [];
  device = createSocket('udp4');
  device.bind(0, '127.0.0.1');
  await once(device, 'listening');
});
afterEach(async () => {
  device.close();
  await sensors.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sensors’ thread', () => {
  it('sleeps until the first reading, answers after the commit, and closes with everything kept', async () => {
    make();
    expect(sensors.state().state).toBe('asleep');
    expect((await Promise.all([metric('a', 1), metric('a', 2)].map((order) => sensors.ask(order)))).map(told)).toEqual([1, 3]);
    expect(await sensors.device('a')).toMatchObject([{ cell: 'telemetry', readings: 2 }]);
    const last = sensors.ask(metric('a', 4));
    const stopped = sensors.stop();
    expect(told(await last)).toBe(7);
    await stopped;
    expect(told(await sensors.ask(metric('a', 1)))).toBe('stopping');
    expect(told(await make().ask(metric('a', 1)))).toBe(8);
    expect(await sensors.device('a')).toMatchObject([{ outbox: 1 }]);
  });

  it('past its limit it is busy at once; the others are done (I13)', async () => {
    make({ queueMax: 10 });
    const outcomes = await Promise.all(Array.from({ length: 15 }, () => sensors.ask(metric('a', 1))));
    expect(outcomes.map(told)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...Array(5).fill('busy')]);
  });

  it('that dies answers what it had, and is started again', async () => {
    make();
    await sensors.ask(metric('a', 1));
    expect(told(await sensors.ask(metric('die', 1)))).toBe('interrupted');
    expect(told(await sensors.ask(metric('a', 1)))).toBe(2);
    expect(sensors.state()).toMatchObject({ state: 'serving', restarts: 1 });
  });

  it('that hangs is replaced; a cell that hung it three times is not run again, the others are', async () => {
    make();
    for (let hang = 1; hang <= 3; hang++) {
      expect(told(await sensors.ask(metric('hang', 1)))).toBe('interrupted');
      expect(troubles.at(-1)).toContain('telemetry');
    }
    expect(told(await sensors.ask(metric('a', 1)))).toBe('cell-stopped');
    expect(sensors.state()).toMatchObject({ state: 'serving', restarts: 3, stopped: ['telemetry'] });
    expect(told(await sensors.ask({ type: 'reading', deviceId: 's', kind: 'speed', value: 1n, at: 0 }))).toMatchObject({
      command: 'clear',
    });
  });

  it('that a decision hangs is replaced too', async () => {
    make();
    const reading = (kind: string): SensorOrder => ({ type: 'reading', deviceId: 's', kind, value: 1n, at: 0 });
    expect(told(await sensors.ask(reading('hang')))).toBe('interrupted');
    expect(told(await sensors.ask(reading('speed')))).toMatchObject({ command: 'clear' });
  });

  it('ends although a cell hangs in the last reconciliation', async () => {
    make({ reconcileMs: 600_000 });
    expect(told(await sensors.ask(metric('late-hang', 1)))).toBe(1);
    await sensors.stop();
    expect(troubles.join()).toContain('it is replaced');
    expect(told(await make().ask(metric('a', 1)))).toBe(1);
  });

  it('over a database that is damaged answers `storage` and goes on', async () => {
    make();
    await Promise.all(Array.from({ length: 300 }, (_, index) => sensors.ask(metric(`meter-${index}-${'x'.repeat(40)}`, 1))));
    await sensors.stop();
    const path = join(folder, 'sensors.sqlite');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 4096));
    await make().start();
    expect(await sensors.device(`meter-7-${'x'.repeat(40)}`)).toBeUndefined();
    expect(await sensors.counts()).toMatchObject({ outboxRows: 0 });
    expect(told(await sensors.ask(metric('a', 1)))).toBe('storage');
    expect(sensors.state()).toMatchObject({ state: 'serving', restarts: 0 });
  });

  it('is started again with other cells behind what it accepted', async () => {
    make();
    await sensors.ask(metric('a', 1));
    const before = sensors.ask(metric('a', 1));
    sensors.refresh();
    const behind = sensors.ask(metric('a', 1));
    expect([told(await before), told(await behind)]).toEqual([2, 3]);
    expect(sensors.state()).toMatchObject({ state: 'serving', restarts: 0 });
  });

  it('that cannot start says why, and takes nothing', async () => {
    make({ databasePath: join(folder, 'no', 'such', 'folder.sqlite') });
    await expect(sensors.start()).rejects.toThrow(/directory/);
    expect(told(await sensors.ask(metric('a', 1)))).toBe('storage');
    expect(sensors.state().state).toBe('down');
  });
});

describe('the sensors’ port', () => {
  it('answers a datagram after the commit, and the same one the same again, over a restart too', async () => {
    await listening();
    expect(await exchange(metric('m1', 5, 1))).toEqual([1, 5]);
    expect(await exchange(metric('m1', 5, 1))).toEqual([1, 5]);
    expect(await exchange({ type: 'reading', deviceId: 's1', kind: 'speed', value: 500n, at: 0, request: 1 })).toMatchObject([
      1,
      { anomaly: 'too-fast', command: 'slow' },
    ]);
    expect(await exchange({ type: 'standing', deviceId: 'm1', world: 'telemetry-cell', request: 77 })).toEqual([
      77,
      { type: 'standing', highest: 1 },
    ]);
    const { udp } = sensors.state();
    expect(told(await sensors.ask(metric('die', 1)))).toBe('interrupted');
    expect(told(await sensors.ask(metric('other', 1)))).toBe(1);
    expect(sensors.state().udp).toEqual(udp);
    expect(await exchange(metric('m1', 5, 1))).toEqual([1, 5]);
    expect(await exchange(metric('m1', 5, 2))).toEqual([2, 10]);
  });

  it('drops what is forged, malformed, too long or beyond the rate, and counts it', async () => {
    await listening();
    expect(await exchange(metric('m1', 5, 1))).toEqual([1, 5]);
    send(seal(metric('m1', 1_000, 2), Buffer.alloc(32, 8)));
    send(sealed(deviceKey(SECRET, 'm2'), writeRequest(metric('m1', 1_000, 2))));
    const flipped = seal(metric('m1', 1_000, 2));
    flipped[flipped.length - 20] = (flipped[flipped.length - 20] as number) ^ 1;
    send(flipped);
    send(Buffer.from('hello'));
    send(Buffer.alloc(0));
    send(Buffer.alloc(SENSOR_LIMITS.datagramBytesMax + 1, 0x11));
    expect(await exchange(metric('m1', 0, 2))).toEqual([2, 5]);
    expect((await sensors.counts())?.dropped).toEqual({ flood: 0, size: 1, form: 2, seal: 3, queue: 0 });
  });

  it('a flood is bounded, and the thread goes on', async () => {
    await listening();
    const forged = seal(metric('m1', 1, 1), Buffer.alloc(32, 9));
    // The kernel drops what does not fit into its buffer, so it goes on until the rate was reached.
    while (((await sensors.counts())?.dropped.flood ?? 0) === 0) for (let count = 0; count < 500; count++) send(forged);
    expect(told(await sensors.ask(metric('m1', 1)))).toBe(1);
    expect((await sensors.counts())?.dropped.seal).toBeGreaterThan(0);
  });

  it('sets no rules: those come from a person', async () => {
    await listening();
    expect(await exchange({ type: 'reading', deviceId: 's1', kind: 'set.due.7', value: 5n, at: 0, request: 1 })).toEqual([
      1,
      'not-allowed',
    ]);
    expect(await exchange(metric('m1', 1, 0))).toEqual([0, 'invalid']);
  });

  it('a port that is taken is said at the start', async () => {
    const address = { host: '127.0.0.1', port: device.address().port };
    await expect(make({ listen: { address, secret: SECRET } }).start()).rejects.toThrow(/--sensors/);
  });
});
