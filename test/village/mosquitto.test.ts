/**
 * The same through a real broker, mosquitto without persistence: nothing in the village depends on aedes, on MQTT beyond 3.1.1 or on a
 * broker's disk (W5), and killing it loses nothing (I9).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/platform/clock.ts';
import { seededEntropy, systemEntropy } from '../../main/platform/entropy.ts';
import { readPaysim } from '../../main/village/replay/paysim.ts';
import { replay } from '../../main/village/replay/replay.ts';
import { seededTrace } from '../../main/village/trace.ts';
import { requireTool } from '../support/require.ts';

const mosquitto = requireTool('mosquitto');
const folder = mkdtempSync(join(tmpdir(), 'chautari-mosquitto-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.skipIf(mosquitto === undefined)('a village over mosquitto', () => {
  it('comes out exact while broker, gateways and head office are killed', { timeout: 300_000 }, async () => {
    const port = await freePort();
    const settings = join(folder, 'mosquitto.conf');
    writeFileSync(settings, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\n`);
    const ready = JSON.stringify({ ready: 'broker', mqtt: `mqtt://127.0.0.1:${port}`, pid: 0 });
    const report = await replay({
      rows: readPaysim(join(import.meta.dirname, '../fixtures/paysim/excerpt.csv.gz'), 600),
      dataDirectory: join(folder, 'village'),
      gateways: 2,
      trace: seededTrace(seededEntropy(3), 3_600),
      speed: 10,
      kills: 14,
      window: 4,
      seed: 3,
      entropy: seededEntropy(3),
      worldEntropy: systemEntropy,
      clock: systemClock,
      cores: availableParallelism(),
      progress: { write: () => true },
      // exec keeps the process that the village knows, so that a kill meets the broker itself.
      broker: { command: '/bin/sh', args: ['-c', `echo '${ready}'; exec ${mosquitto} -c ${settings}`] },
    });
    expect(report.differences).toEqual([]);
    expect(report.exact).toBe(true);
    expect(report.kills.broker).toBeGreaterThan(0);
  });
});
