/**
 * `telemetry.reply`: a sensor's datagram in to the decision's datagram out, beside a bare UDP echo at the same moments and the article's
 * 15 ms; `telemetry.commit`: from the datagram's arrival in its thread to the commit. Both while callers pay over HTTP at the same gateway.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { payingLoad, startGateway, startProcess, stopProcess } from './gateway-process.ts';
import { shortJournal } from './large-journal.ts';
import type { DeviceResult, DeviceTask } from './sensor-device-worker.ts';

const BUDGET_MS = 15;
const COMMIT_MS = 1;
const WARM_READINGS = 1_000;
const READINGS = 8_000;
const PACE_MS = 4;
const CALLERS = 16;
/** A busy district on one box; unbounded callers would measure how two cores are shared between a load and its load generator. */
const PAYMENTS_PER_SECOND = 300;

export async function telemetryFigures(): Promise<readonly Figure[]> {
  const directory = shortJournal();
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  const bare = await startProcess([join(import.meta.dirname, 'bare-udp.ts')]);
  const gateway = await startGateway(directory, broker.url, ['--sensors', '127.0.0.1:0']);
  try {
    const task = {
      gatewayPort: portOf(gateway.sensors ?? ''),
      echoPort: portOf(bare.url),
      secret: Buffer.from(readFileSync(join(directory, 'sensors.key'), 'utf8').trim(), 'hex'),
      paceMs: PACE_MS,
    };
    const run = (first: number, readings: number): Promise<DeviceResult> => devices({ ...task, first, readings });
    const quiet = await run(1, WARM_READINGS);
    const seconds = Math.ceil((READINGS * PACE_MS) / 1_000) + 2;
    const [paying, result] = await Promise.all([
      payingLoad(gateway.url, gateway.token, CALLERS, seconds, PAYMENTS_PER_SECOND),
      run(WARM_READINGS + 1, READINGS),
    ]);
    if (paying.failures > 0) throw new Error(`${paying.failures} payments failed`);
    const commits = await commitTimes(gateway.url, gateway.token);
    const reply = spread(result.gateway);
    const echo = spread(result.echo);
    const late = result.gateway.filter((ms) => ms > BUDGET_MS).length;
    const echoLate = result.echo.filter((ms) => ms > BUDGET_MS).length;
    return [
      {
        name: 'telemetry.reply',
        value: reply.p999,
        unit: 'ms p99.9',
        rival: 'ms: bare UDP echo, p99.9',
        rivalValue: echo.p999,
        ratio: reply.p999 / echo.p999,
        hold: `<= ${BUDGET_MS}`,
        holds: reply.p999 <= BUDGET_MS && result.lost === 0,
        note: `p50 ${ms(reply.p50)}, p99 ${ms(reply.p99)}, most ${ms(reply.most)} ms; the echo ${ms(echo.p50)}, ${ms(echo.p99)}, ${ms(echo.most)}; of ${READINGS} readings ${late} beyond the article's ${BUDGET_MS} ms (the echo ${echoLate}), ${result.lost} without a reply; ${Math.round(paying.perSecond)} payments/s from ${CALLERS} callers meanwhile; with nobody paying p50 ${ms(spread(quiet.gateway).p50)}, p99 ${ms(spread(quiet.gateway).p99)} ms; load average ${(loadavg()[0] ?? 0).toFixed(1)}`,
      },
      {
        name: 'telemetry.commit',
        value: commits['0.99'] ?? Number.NaN,
        unit: 'ms p99',
        rival: 'ms: the article',
        rivalValue: COMMIT_MS,
        ratio: (commits['0.99'] ?? Number.NaN) / COMMIT_MS,
        hold: `< ${COMMIT_MS}`,
        holds: (commits['0.99'] ?? Number.NaN) < COMMIT_MS,
        note: `p50 ${ms(commits['0.5'] ?? Number.NaN)}, p99.9 ${ms(commits['0.999'] ?? Number.NaN)} ms over the last ${Math.min(8_192, READINGS + WARM_READINGS)} datagrams`,
      },
    ];
  } finally {
    await stopProcess(bare.child);
    await gateway.stop();
    await broker.stop();
  }
}

const portOf = (address: string): number => Number(address.split(':').at(-1));
const ms = (value: number): string => String(Number(value.toPrecision(3)));

function devices(task: DeviceTask): Promise<DeviceResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sensor-device-worker.ts', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function spread(times: readonly number[]): { readonly p50: number; readonly p99: number; readonly p999: number; readonly most: number } {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), most: sorted.at(-1) ?? Number.NaN };
}

/** Quantiles in milliseconds, as the gateway measures them itself. */
async function commitTimes(url: string, token: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
  const rows = [...text.matchAll(/^chautari_sensor_commit_seconds\{quantile="([0-9.]+)"\} (\S+)$/gm)];
  return Object.fromEntries(rows.map(([, quantile, seconds]) => [quantile, Number(seconds) * 1_000]));
}
