/**
 * `telemetry.sockets`: a meter's reading taken by a cell that speaks UDP itself (WASI sockets, a slow cell), beside the same exchange
 * through a sidecar: a process that asks the meter and posts what it heard. Both have one exchange with the meter over UDP, one with the
 * gateway over HTTP and one commit; the memory of each way stands beside it.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findClang } from '../../cells/sdk/c/find-clang.ts';
import { GATEWAY_NODE_FLAGS } from '../../main/platform/node-flags.ts';
import { startBroker } from '../../main/village/broker.ts';
import { layMeter } from '../support/sensors/meter.ts';
import type { Figure } from './figure.ts';
import { median, residentMib, startGateway, startProcess, stopProcess } from './gateway-process.ts';
import { shortJournal } from './large-journal.ts';
import { type LeanPost, leanPost } from './lean-post.ts';

const WARM = 200;
const EXCHANGES = 1_000;
const MIB = 1_024 * 1_024;

export async function telemetrySocketFigures(): Promise<readonly Figure[]> {
  const clang = findClang();
  if (typeof clang !== 'string') {
    process.stderr.write(`bench: telemetry.sockets needs clang: ${clang.missing}\n`);
    return [];
  }
  const directory = shortJournal();
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  // An echo is a meter whose register is its own name of 8 bytes.
  const meter = await startProcess([join(import.meta.dirname, 'bare-udp.ts')]);
  const port = Number(meter.url.split(':').at(-1));
  const { version } = await layMeter(join(directory, 'cells'), [`udp://127.0.0.1:${port}`]);
  const gateway = await startGateway(directory, broker.url);
  const post = leanPost(gateway.url, gateway.token);
  try {
    await done(post, '/v1/cells/meter', { version });
    await repeat(WARM, () => done(post, '/v1/telemetry', { deviceId: 'meter-01', metric: 0 }));
    const beforeMib = residentMib(gateway.pid);
    const own = { deviceId: 'meter-01', metric: port, cell: 'meter' };
    await repeat(WARM, () => done(post, '/v1/telemetry', own));
    const ownMib = residentMib(gateway.pid) - beforeMib;
    const direct: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < 5; round++) {
      floor.push(...(await repeat(EXCHANGES / 5, () => done(post, '/v1/telemetry', { deviceId: 'meter-01', metric: 0 }))));
      direct.push(...(await repeat(EXCHANGES / 5, () => done(post, '/v1/telemetry', own))));
    }
    const proxyArgs = [join(import.meta.dirname, 'meter-proxy.ts'), String(port), gateway.url, gateway.token, String(WARM + EXCHANGES)];
    const proxy = JSON.parse(execFileSync(process.execPath, [...GATEWAY_NODE_FLAGS, ...proxyArgs], { encoding: 'utf8' })) as {
      times: number[];
      rss: number;
    };
    const ownUs = median(direct) * 1_000;
    const proxyUs = median(proxy.times.slice(WARM)) * 1_000;
    return [
      {
        name: 'telemetry.sockets',
        value: ownUs,
        unit: 'us median',
        rival: 'us: a sidecar proxy',
        rivalValue: proxyUs,
        ratio: ownUs / proxyUs,
        hold: 'printed',
        note: `${ownMib.toFixed(1)} MiB for the cell's two threads in the gateway, ${(proxy.rss / MIB).toFixed(1)} MiB for the sidecar; ${Math.round(median(floor) * 1_000)} us for the gateway's HTTP and commit alone, so asking the meter takes ${Math.round(ownUs - median(floor) * 1_000)} us through WASI sockets and ${Math.round(proxyUs - median(floor) * 1_000)} us in the sidecar`,
      },
    ];
  } finally {
    await stopProcess(meter.child);
    await gateway.stop();
    await broker.stop();
  }
}

async function done(post: LeanPost, path: string, body: object): Promise<void> {
  for (;;) {
    const { status, text } = await post(path, body);
    if (status === 200) return;
    // Threads that are being started with a new cell do not know it yet.
    if (status !== 404) throw new Error(`${path} was answered ${status}: ${text}`);
  }
}

async function repeat(count: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}
