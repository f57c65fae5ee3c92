import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { requireTool } from '../../test/support/require.ts';
import { layMeter, type Meter, startMeter } from '../../test/support/sensors/meter.ts';
import { systemClock } from '../platform/clock.ts';
import { systemTimers } from '../platform/timers.ts';
import type { SensorCellSource } from './installed-sensor-cells.ts';
import type { SensorOrder } from './readings.ts';
import { SensorLanes } from './sensor-lanes.ts';

const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;

describe.skipIf(!clang)('a cell with sockets, in the slow thread', () => {
  let folder: string;
  let meter: Meter;
  let lanes: SensorLanes;
  const troubles: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chautari-lanes-'));
    meter = await startMeter();
    const { name, version } = await layMeter(join(folder, 'cells'), [`udp://127.0.0.1:${meter.port}`]);
    const shipped = await ensureBuilt();
    const { CellRegistry } = await import('../cell-host/registry.ts');
    const roots = { shipped, installed: join(folder, 'cells') };
    const read = new CellRegistry(roots).find(name, version);
    if (!read.ok) throw new Error(read.error.detail);
    const chosen = { [name]: { version, digest: read.value.digest } };
    lanes = new SensorLanes({
      directory: folder,
      cells: (cellClass): SensorCellSource => ({ roots, chosen, class: cellClass }),
      clock: systemClock,
      timers: systemTimers,
      onTrouble: (line) => void troubles.push(line),
    });
  }, 90_000);
  afterAll(async () => {
    await lanes.stop();
    meter.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = (request?: number): SensorOrder => ({
    type: 'metric',
    cell: 'meter',
    deviceId: 'meter-7',
    metric: BigInt(meter.port),
    ...(request === undefined ? {} : { request }),
  });

  it('asks its meter over UDP itself, and keeps what it said', async () => {
    meter.register = 123_456n;
    expect(await lanes.ask(ask(1))).toEqual({ ok: true, value: { type: 'total', total: 123_456n } });
    meter.register = 123_460n;
    expect(await lanes.ask(ask(1))).toEqual({ ok: true, value: { type: 'total', total: 123_456n } });
    expect(await lanes.ask(ask(2))).toEqual({ ok: true, value: { type: 'total', total: 123_460n } });
    expect(meter.asked).toEqual(['meter-7', 'meter-7']);
    meter.register = 1n;
    expect(await lanes.ask(ask(3))).toMatchObject({ value: { type: 'refused', detail: expect.stringContaining('backwards') } });
    expect(await lanes.device('meter-7')).toMatchObject([{ cell: 'meter', last: { type: 'refused' } }]);
    expect(lanes.state().slow.state).toBe('serving');
  });

  it('that waits for a silent meter holds up no other sensor, and fails alone', async () => {
    meter.isSilent = true;
    const order: string[] = [];
    const slow = lanes.ask(ask(4)).then((outcome) => {
      order.push('slow');
      return outcome;
    });
    for (let count = 1; count <= 20; count++) {
      expect(await lanes.ask({ type: 'metric', deviceId: 'quick', metric: 1n })).toMatchObject({ value: { total: BigInt(count) } });
    }
    order.push('quick');
    expect(await slow).toMatchObject({ error: { code: 'cell-failed', detail: expect.stringContaining('500 ms') } });
    expect(order).toEqual(['quick', 'slow']);
    meter.isSilent = false;
    meter.register = 123_461n;
    expect(await lanes.ask(ask(4))).toMatchObject({ value: { total: 123_461n } });
  });
});
