/** A gateway as a process of its own, started for a measurement, and a load on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { makeToken } from '../../main/api/tokens.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { GATEWAY_NODE_FLAGS } from '../../main/platform/node-flags.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'main/cli.ts');

export type Running = {
  readonly url: string;
  readonly pid: number;
  readonly token: string;
  /** Where its sensors' port is, with `--sensors`. */
  readonly sensors: string | undefined;
  stop(): Promise<void>;
};

/** Starts `node ARGS`, as `chautari` starts it, and resolves at its ready line. */
export async function startProcess(args: readonly string[]): Promise<{ url: string; sensors?: string; child: ChildProcess }> {
  const env = { NODE_COMPILE_CACHE: join(ROOT, 'dist/.compile-cache'), ...process.env, CHAUTARI_LOG: 'error' };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  // An interrupted run leaves no process behind.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (!line.startsWith('{"ready"')) continue;
    const { http, sensors } = JSON.parse(line) as { http: string; sensors?: string };
    return { url: http, ...(sensors === undefined ? {} : { sensors }), child };
  }
  throw new Error(`${args.join(' ')} ended before it was ready`);
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

export async function startGateway(directory: string, mqttUrl: string, more: readonly string[] = []): Promise<Running> {
  const token = makeToken(directory, 'bench', ['admin'], systemEntropy);
  const { url, sensors, child } = await startProcess([
    ...GATEWAY_NODE_FLAGS,
    CLI,
    'gateway',
    '--data',
    directory,
    '--http',
    '127.0.0.1:0',
    '--mqtt',
    mqttUrl,
    ...more,
  ]);
  return { url, pid: child.pid as number, token, sensors, stop: () => stopProcess(child) };
}

/** Resident memory of a process in MiB. */
export function residentMib(pid: number): number {
  const line = /VmRSS:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1_024;
}

/** Processor time that a process has used so far; the kernel counts in hundredths of a second. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export type LoadResult = { readonly perSecond: number; readonly p99Ms: number; readonly failures: number };

let run = 0;

/** Cash sales from `callers` connections for `seconds`, as fast as they are answered or `perSecond` of them; each payment has an id of its own. */
export async function payingLoad(url: string, token: string, callers: number, seconds: number, perSecond?: number): Promise<LoadResult> {
  const prefix = `bench-${process.pid}-${++run}`;
  let count = 0;
  const result = await autocannon({
    url,
    connections: callers,
    duration: seconds,
    timeout: 30,
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    requests: [
      {
        method: 'POST',
        path: '/v1/payments',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        setupRequest: (request) => {
          count++;
          const body = {
            id: `${prefix}-${count}`,
            method: 'cash',
            action: 'sale',
            amount: String(1_000 + (count % 5_000)),
            currency: 'NPR',
          };
          return { ...request, body: JSON.stringify(body) };
        },
      },
    ],
  });
  return { perSecond: result.requests.average, p99Ms: result.latency.p99, failures: result.non2xx + result.errors };
}

/**
 * Reads of accounts, one after the other on each connection, from a thread of their own: what the payers' side of the bench is busy with
 * would count as the gateway's time otherwise.
 */
export async function readingLoad(
  url: string,
  token: string,
  paths: readonly string[],
  callers: number,
  seconds: number,
): Promise<LoadResult> {
  const result = await autocannon({
    url,
    connections: callers,
    duration: seconds,
    workers: 1,
    requests: paths.map((path) => ({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } })),
  });
  return { perSecond: result.requests.average, p99Ms: result.latency.p99, failures: result.non2xx + result.errors };
}

export const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
