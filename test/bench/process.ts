/**
 * `gateway.start`: from the process's start to the first payment's answer, on 1,000,000 entries. `gateway.rss`: resident memory, idle with
 * MQTT connected, and after 60 s at 64 callers. Floor: a bare Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { cpuMs, type LoadResult, median, payingLoad, residentMib, startGateway } from './gateway-process.ts';
import { largeJournal } from './large-journal.ts';

const STARTS = 7;
const LOAD_SECONDS = 60;
const IDLE_MS = 5_000;

export async function processFigures(): Promise<readonly Figure[]> {
  const directory = largeJournal();
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  try {
    const starts: Start[] = [];
    const bareStarts: number[] = [];
    // The first fills the compile cache, as the first start after an update does; in turns, so that the machine's other work falls on both.
    const first = await startToPayment(directory, broker.url, 0);
    for (let round = 1; round <= STARTS; round++) {
      starts.push(await startToPayment(directory, broker.url, round));
      bareStarts.push(bareStartMs());
    }
    const { idle, loaded, load } = await residentMemory(directory, broker.url);
    const bare = await bareRssMib();
    const start = median(starts.map(({ wallMs }) => wallMs));
    const bareStart = median(bareStarts);
    return [
      {
        name: 'gateway.start',
        value: start,
        unit: 'ms to 1st payment',
        rival: 'ms: bare Node',
        rivalValue: bareStart,
        ratio: start / bareStart,
        hold: '<= 500',
        holds: start <= 500,
        note: `${Math.round(median(starts.map((one) => one.cpuMs)))} ms of processor time; ${Math.round(first.wallMs)} ms at the first start after an update, without compiled code; ${load1()}`,
      },
      {
        name: 'gateway.rss',
        value: idle,
        unit: 'MiB idle',
        rival: 'MiB: bare Node',
        rivalValue: bare,
        ratio: idle / bare,
        hold: '<= 130',
        holds: idle <= 130,
      },
      {
        name: 'gateway.rss.load',
        value: loaded,
        unit: 'MiB after 60 s',
        rival: 'MiB: bare Node',
        rivalValue: bare,
        ratio: loaded / bare,
        hold: '<= 220',
        holds: loaded <= 220,
        note: `64 callers, ${Math.round(load.perSecond)} payments/s, ${load.failures} failures`,
      },
    ];
  } finally {
    await broker.stop();
  }
}

async function residentMemory(directory: string, mqttUrl: string): Promise<{ idle: number; loaded: number; load: LoadResult }> {
  const gateway = await startGateway(directory, mqttUrl);
  try {
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const idle = residentMib(gateway.pid);
    const load = await payingLoad(gateway.url, gateway.token, 64, LOAD_SECONDS);
    return { idle, loaded: residentMib(gateway.pid), load };
  } finally {
    await gateway.stop();
  }
}

type Start = { readonly wallMs: number; readonly cpuMs: number };

async function startToPayment(directory: string, mqttUrl: string, round: number): Promise<Start> {
  const startedAt = performance.now();
  const gateway = await startGateway(directory, mqttUrl);
  try {
    const answer = await fetch(`${gateway.url}/v1/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.token}` },
      body: JSON.stringify({ id: `start-${process.pid}-${round}`, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' }),
    });
    const start = { wallMs: performance.now() - startedAt, cpuMs: cpuMs(gateway.pid) };
    if (answer.status !== 201) throw new Error(`the first payment was answered ${answer.status}: ${await answer.text()}`);
    return start;
  } finally {
    await gateway.stop();
  }
}

const load1 = (): string => `load average ${(loadavg()[0] ?? 0).toFixed(1)}`;

function bareStartMs(): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - startedAt;
}

async function bareRssMib(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const value = residentMib(child.pid as number);
  child.kill('SIGKILL');
  return value;
}
