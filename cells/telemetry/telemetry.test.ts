import { beforeAll, describe, expect, it } from 'vitest';
import { type TriedCell, trySensorCell } from '../../test/support/sensors/try-cell.ts';

const MOST = 2n ** 64n - 1n;

let cell: TriedCell;
beforeAll(async () => {
  cell = await trySensorCell('telemetry');
});

describe('telemetry', () => {
  it('adds up what a device measured', () => {
    const device = cell.device('meter-1');
    expect(device.run('process-telemetry', ['meter-1', 5n])).toEqual({ tag: 'ok', val: 5n });
    expect(device.run('process-telemetry', ['meter-1', 0n])).toEqual({ tag: 'ok', val: 5n });
    expect(device.run('process-telemetry', ['meter-1', 7n])).toEqual({ tag: 'ok', val: 12n });
  });

  it('counts to the last of 64 bits, and no further: a total that would overflow stays', () => {
    const device = cell.device('meter-1');
    expect(device.run('process-telemetry', ['meter-1', MOST])).toEqual({ tag: 'ok', val: MOST });
    expect(device.run('process-telemetry', ['meter-1', 1n])).toEqual({
      tag: 'err',
      val: 'overflow: meter-1 has room for 0 more; nothing was added',
    });
    expect(device.run('process-telemetry', ['meter-1', 0n])).toEqual({ tag: 'ok', val: MOST });
  });

  it('queues the step since the last time, and nothing where nothing changed', () => {
    const device = cell.device('meter-1');
    expect(device.run('queue-reconciliation', ['meter-1'])).toEqual({ tag: 'ok', val: 0 });
    device.run('process-telemetry', ['meter-1', 5n]);
    expect(device.run('queue-reconciliation', ['meter-1'])).toEqual({ tag: 'ok', val: 16 });
    device.run('process-telemetry', ['meter-1', 258n]);
    expect(device.run('queue-reconciliation', ['meter-1'])).toEqual({ tag: 'ok', val: 16 });
    expect(device.run('queue-reconciliation', ['meter-1'])).toEqual({ tag: 'ok', val: 0 });
    expect(device.outbox).toEqual([
      ['meter-1', '00000000000000000500000000000000'],
      ['meter-1', '05000000000000000701000000000000'],
    ]);
  });
});
