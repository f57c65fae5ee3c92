/**
 * `http.rate`: payments a second over HTTP from 64 callers, beside the same HTTP face with a ledger that answers at once.
 * `read.account`: p99 of reading an account over HTTP on 1,000,000 entries while 64 callers pay.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { type LoadResult, median, payingLoad, readingLoad, startGateway, startProcess, stopProcess } from './gateway-process.ts';
import { largeJournal, walletOf } from './large-journal.ts';

const ROUNDS = 5;
const SECONDS = 5;
const WARM_SECONDS = 4;

export async function httpFigures(): Promise<readonly Figure[]> {
  const directory = largeJournal();
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  const bare = await startProcess([join(import.meta.dirname, 'bare-http.ts')]);
  const gateway = await startGateway(directory, broker.url);
  try {
    const floors: LoadResult[] = [];
    const rates: LoadResult[] = [];
    const readings: LoadResult[] = [];
    const payings: LoadResult[] = [];
    await payingLoad(bare.url, 'bench', 64, WARM_SECONDS);
    await payingLoad(gateway.url, gateway.token, 64, WARM_SECONDS);
    const paths = Array.from({ length: 64 }, (_unused, index) => `/v1/accounts/${walletOf(index * 13)}`);
    // In turns, so that what else the machine does falls on all alike.
    for (let round = 0; round < ROUNDS; round++) {
      floors.push(await payingLoad(bare.url, 'bench', 64, SECONDS));
      rates.push(await payingLoad(gateway.url, gateway.token, 64, SECONDS));
      const [reading, paying] = await Promise.all([
        readingLoad(gateway.url, gateway.token, paths, 1, SECONDS),
        payingLoad(gateway.url, gateway.token, 64, SECONDS),
      ]);
      readings.push(reading);
      payings.push(paying);
    }
    const failures = [...floors, ...rates, ...readings, ...payings].reduce((sum, one) => sum + one.failures, 0);
    if (failures > 0) throw new Error(`${failures} requests failed`);
    const medianRate = (results: readonly LoadResult[]): number => median(results.map(({ perSecond }) => perSecond));
    const rate = medianRate(rates);
    const floor = medianRate(floors);
    const readP99Ms = median(readings.map(({ p99Ms }) => p99Ms));
    const ratio = rate / floor;
    return [
      {
        name: 'http.rate',
        value: rate,
        unit: 'payments/s',
        rival: '/s: same HTTP, no ledger',
        rivalValue: floor,
        ratio,
        hold: '>= 0.35',
        holds: ratio >= 0.35,
        note: 'each payment runs a fresh cell in the writer thread, FULL',
      },
      {
        name: 'read.account',
        value: readP99Ms,
        unit: 'ms p99',
        rival: 'ms: the article',
        rivalValue: 5,
        ratio: readP99Ms / 5,
        hold: '<= 5',
        holds: readP99Ms <= 5,
        note: `${Math.round(medianRate(readings))} reads/s beside ${Math.round(medianRate(payings))} payments/s from 64 callers; p99 by round ${readings.map(({ p99Ms }) => p99Ms).join(', ')} ms; load average ${(loadavg()[0] ?? 0).toFixed(1)}`,
      },
    ];
  } finally {
    await stopProcess(bare.child);
    await gateway.stop();
    await broker.stop();
  }
}
