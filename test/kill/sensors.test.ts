/**
 * `kill -9` of a gateway in the middle of its sensors' readings: what a device was told stays counted, a reading that was sent again after
 * the kill counts once. Real processes, real datagrams, the shipped telemetry cell (the article's actor).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { readReply, writeRequest } from '../../main/sensors/datagram.ts';
import { deviceKey, opened, sealed } from '../../main/sensors/sensor-keys.ts';

const KILLS = 10;
const SEED = Number(process.env.CHAUTARI_TEST_SEED ?? 20_261_123);
const CLI = join(import.meta.dirname, '../../main/cli.ts');
const DEVICE = 'meter-7';

async function startGateway(folder: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const args = [CLI, 'gateway', '--data', folder, '--http', '127.0.0.1:0', '--mqtt', 'mqtt://127.0.0.1:1', '--sensors', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"ready"')) continue;
    return { child, port: Number((JSON.parse(line) as { sensors: string }).sensors.split(':').at(-1)) };
  }
  throw new Error('the gateway ended before it was ready');
}

it(`${KILLS} kills lose no reading that was answered, and count none twice (seed ${SEED})`, { timeout: 120_000 }, async () => {
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'chautari-kill-'));
  const chance = seededEntropy(SEED);
  const device = createSocket('udp4');
  device.bind(0, '127.0.0.1');
  await once(device, 'listening');
  let answered = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    const { child, port } = await startGateway(folder);
    const gone = once(child, 'exit');
    const secret = Buffer.from(readFileSync(join(folder, 'sensors.key'), 'utf8').trim(), 'hex');
    const key = deviceKey(secret, DEVICE);
    const last = answered + 1 + ((chance.bytes(1)[0] as number) % 60);
    // Several are on their way when the kill comes; those that were not answered are sent again by the next life.
    const send = (request: number): void => {
      device.send(sealed(key, writeRequest({ type: 'metric', deviceId: DEVICE, metric: 1n, request })), port, '127.0.0.1');
    };
    const heard = new Promise<void>((resolve) => {
      const listen = (datagram: Buffer): void => {
        const signed = opened(key, datagram);
        const reply = signed === undefined ? undefined : readReply(signed);
        if (reply === undefined) throw new Error('a reply that is none');
        // Each reading adds one, so a reading that was lost or doubled shows in the total.
        expect(reply.outcome).toEqual({ ok: true, value: { type: 'total', total: reply.request } });
        answered = Math.max(answered, Number(reply.request));
        send(answered + 1);
        if (answered >= last) {
          device.removeListener('message', listen);
          resolve();
        }
      };
      device.on('message', listen);
    });
    send(Math.max(1, answered));
    await heard;
    child.kill(kill === KILLS ? 'SIGTERM' : 'SIGKILL');
    await gone;
  }
  device.close();
  expect(answered).toBeGreaterThan(KILLS);
  rmSync(folder, { recursive: true, force: true });
});
