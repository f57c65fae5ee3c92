/** Sensors' cells in plain code: a counter and a judge, with words that make them hang, die, fail or write too much. */
import type { SensorCell, SensorRun } from '../../../main/sensors/sensor-cell.ts';

const numberOf = (bytes: Uint8Array | undefined): bigint => (bytes === undefined ? 0n : Buffer.from(bytes).readBigUInt64BE());
const bytesOf = (value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

function misbehave(word: string): SensorRun | undefined {
  if (word.startsWith('hang')) for (;;);
  if (word.startsWith('die')) process.exit(9);
  if (word.startsWith('trap')) return { outcome: 'failed', code: 'trap', detail: 'unreachable' };
  if (word.startsWith('no')) return { outcome: 'refused', detail: 'no, thank you' };
  return undefined;
}

export const simpleTelemetry: SensorCell = {
  name: 'telemetry',
  version: '1.0.0',
  world: 'telemetry-cell',
  run(exportName, args, stateGet) {
    const [deviceId, metric] = args as [string, bigint];
    const total = numberOf(stateGet('total'));
    if (exportName === 'queue-reconciliation') {
      if (deviceId.startsWith('late-hang')) for (;;);
      if (total === numberOf(stateGet('queued'))) return { outcome: 'answered', value: 0, writes: [], outbox: [] };
      const payload = bytesOf(total);
      return { outcome: 'answered', value: 8, writes: [{ key: 'queued', value: payload }], outbox: [{ key: deviceId, payload }] };
    }
    const bad = misbehave(deviceId);
    if (bad !== undefined) return bad;
    if (deviceId.startsWith('many')) {
      const writes = Array.from({ length: 64 }, (_, index) => ({ key: `${total}-${index}`, value: bytesOf(1n) }));
      return {
        outcome: 'answered',
        value: total + metric,
        writes: [...writes, { key: 'total', value: bytesOf(total + metric) }],
        outbox: [],
      };
    }
    return { outcome: 'answered', value: total + metric, writes: [{ key: 'total', value: bytesOf(total + metric) }], outbox: [] };
  },
};

export const simpleJudge: SensorCell = {
  name: 'train',
  version: '1.0.0',
  world: 'decision-cell',
  run(_exportName, args) {
    const [{ kind, value }] = args as [{ kind: string; value: bigint }];
    const bad = misbehave(kind);
    if (bad !== undefined) return bad;
    const anomaly = value > 100n ? 'too-fast' : undefined;
    return {
      outcome: 'answered',
      value: { anomaly, command: anomaly === undefined ? 'clear' : 'slow', argument: 100n },
      writes: [],
      outbox: [],
    };
  },
};
