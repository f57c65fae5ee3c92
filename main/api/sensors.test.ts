import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import { requireTool } from '../../test/support/require.ts';
import { layMeter, startMeter } from '../../test/support/sensors/meter.ts';

let box: TestBox;
let sense: Ask;
let read: Ask;
let admin: Ask;
beforeAll(async () => {
  box = await TestBox.open();
  sense = box.token('meters', 'sense');
  read = box.token('eyes', 'read');
  admin = box.token('boss', 'admin');
});
afterAll(() => box.close());

const at = (ms: number): string => new Date(1_716_800_000_000 + ms).toISOString();
const dueMs = 1_716_800_000_000;

describe('telemetry', () => {
  it('adds up by device, each reading counted or refused for itself', async () => {
    expect((await sense('POST', '/v1/telemetry', { body: { deviceId: 'meter-1', metric: 5 } })).body).toEqual({
      readings: [{ deviceId: 'meter-1', total: '5' }],
    });
    const most = '18446744073709551615';
    const { status, body } = await sense('POST', '/v1/telemetry', {
      body: {
        readings: [
          { deviceId: 'meter-1', metric: '7' },
          { deviceId: 'meter-1', metric: most },
          { deviceId: 'meter-2', metric: most },
        ],
      },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      readings: [
        { deviceId: 'meter-1', total: '12' },
        { deviceId: 'meter-1', error: { code: 'refused', detail: expect.stringContaining('overflow') } },
        { deviceId: 'meter-2', total: most },
      ],
    });
    expect((await read('GET', '/v1/telemetry/meter-1')).body).toMatchObject({ deviceId: 'meter-1', cells: [{ cell: 'telemetry' }] });
    expect(box.head.number).toBe(0);
  });

  it('with a number counts once', async () => {
    const body = { deviceId: 'meter-3', metric: 4, request: 1 };
    expect((await sense('POST', '/v1/telemetry', { body })).body).toEqual({ readings: [{ deviceId: 'meter-3', total: '4' }] });
    expect((await sense('POST', '/v1/telemetry', { body })).body).toEqual({ readings: [{ deviceId: 'meter-3', total: '4' }] });
    await box.refuses(() => sense('POST', '/v1/telemetry', { body: { ...body, metric: 5 } }), 409, 'id-conflict');
  });

  it('refuses what is none, an unknown cell and an unknown device', async () => {
    for (const body of [
      {},
      { readings: [] },
      { deviceId: 'a b', metric: 1 },
      { deviceId: 'a', metric: -1 },
      { deviceId: 'a', metric: 1, more: 1 },
    ]) {
      await box.refuses(() => sense('POST', '/v1/telemetry', { body }), 422, 'invalid-body');
    }
    await box.refuses(() => sense('POST', '/v1/telemetry', { body: { deviceId: 'a', metric: 1, cell: 'none' } }), 404, 'unknown-cell');
    await box.refuses(() => read('GET', '/v1/telemetry/nobody'), 404, 'unknown-device');
  });

  it('needs its own right, and gives none to money', async () => {
    await box.refuses(() => read('POST', '/v1/telemetry', { body: { deviceId: 'a', metric: 1 } }), 403, 'scope');
    const sale = { id: 'a', method: 'cash', action: 'sale', amount: '1', currency: 'NPR' };
    await box.refuses(() => sense('POST', '/v1/payments', { body: sale }), 403, 'scope');
  });
});

describe('readings', () => {
  const decide = async (ask: Ask, kind: string, value: number, when = at(0)) =>
    (await ask('POST', '/v1/readings', { body: { deviceId: 'S-12', kind, value, at: when } })).body;

  it('are decided against the schedule that a person set', async () => {
    await decide(admin, 'set.due.4711', dueMs);
    expect(await decide(sense, 'train', 4711, at(1_000))).toEqual({ deviceId: 'S-12', decision: { command: 'clear', argument: '0' } });
    expect(await decide(sense, 'train', 4712)).toEqual({
      deviceId: 'S-12',
      decision: { anomaly: 'wrong-track', command: 'stop', argument: '4712' },
    });
    expect((await read('GET', '/v1/telemetry/S-12')).body).toMatchObject({
      cells: [{ cell: 'train', decision: { anomaly: 'wrong-track' } }],
    });
    expect((await read('GET', '/v1/status')).body).toMatchObject({ sensors: { fast: { state: 'serving' }, slow: { state: 'asleep' } } });
  });

  it('set no rules without the right to', async () => {
    await box.refuses(() => sense('POST', '/v1/readings', { body: { deviceId: 'S-12', kind: 'set.early', value: 0 } }), 403, 'scope');
    await box.refuses(() => sense('POST', '/v1/readings', { body: { deviceId: 'S-12', kind: 'noise', value: 0 } }), 422, 'refused');
  });
});

it('is measured', async () => {
  expect((await read('GET', '/metrics')).body).toContain('chautari_sensor_outbox_rows');
});

const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;

it.skipIf(!clang)('a cell that waits for its network slows no payment', { timeout: 60_000 }, async () => {
  const meter = await startMeter();
  meter.isSilent = true;
  const { version } = await layMeter(join(box.directory, 'cells'), [`udp://127.0.0.1:${meter.port}`]);
  expect((await admin('POST', '/v1/cells/meter', { body: { version } })).status).toBe(200);
  const body = { deviceId: 'meter-7', cell: 'meter', metric: meter.port };
  // The first answer may still come from threads that do not know it.
  while ((await sense('POST', '/v1/telemetry', { body })).status === 404);
  const order: string[] = [];
  const waiting = sense('POST', '/v1/telemetry', { body }).then(({ body: answer }) => {
    order.push('meter');
    return answer;
  });
  for (let sale = 1; sale <= 3; sale++) {
    const paid = { id: `beside-${sale}`, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' };
    expect((await admin('POST', '/v1/payments', { body: paid })).status).toBe(201);
  }
  order.push('sales');
  expect(await waiting).toMatchObject({ code: 'cell-failed', detail: expect.stringContaining('500 ms') });
  expect(order).toEqual(['sales', 'meter']);
  meter.close();
});
