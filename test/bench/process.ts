/**
 * `gateway.start`: from the process's start to the first payment's answer, on 1,000,000 entries. `gateway.rss`: resident memory, idle with
 * MQTT connected, and after 60 s at 64 callers. Floor: a bare Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { median, payingLoad, residentMib, startGateway } from './gateway-process.ts';
import { makeLargeJournal } from './large-journal.ts';

const ENTRIES = 1_000_000;
const STARTS = 7;
const LOAD_SECONDS = 60;

export async function processFigures(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'chautari-bench-'));
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  try {
    process.stderr.write(`bench: making a journal of ${ENTRIES.toLocaleString('en')} entries\n`);
    makeLargeJournal(directory, ENTRIES);
    const starts: number[] = [];
    for (let round = 0; round < STARTS; round++) starts.push(await startToPaymentMs(directory, broker.url, round));
    const bareStarts = Array.from({ length: STARTS }, bareStartMs);
    const gateway = await startGateway(directory, broker.url);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const idle = residentMib(gateway.pid);
    const load = await payingLoad(gateway.url, gateway.token, 64, LOAD_SECONDS);
    const loaded = residentMib(gateway.pid);
    await gateway.stop();
    const bare = await bareRssMib();
    const start = median(starts);
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
        name: 'gateway.rss',
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
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startToPaymentMs(directory: string, mqttUrl: string, round: number): Promise<number> {
  const startedAt = performance.now();
  const gateway = await startGateway(directory, mqttUrl);
  const answer = await fetch(`${gateway.url}/v1/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.token}` },
    body: JSON.stringify({ id: `start-${process.pid}-${round}`, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' }),
  });
  const elapsed = performance.now() - startedAt;
  if (answer.status !== 201) throw new Error(`the first payment was answered ${answer.status}: ${await answer.text()}`);
  await gateway.stop();
  return elapsed;
}

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
