/**
 * `http.rate`: payments a second over HTTP from 64 callers, beside the same HTTP face with a ledger that answers at once.
 * `read.account`: p99 of reading an account over HTTP on 1,000,000 entries while 64 callers pay.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { payingLoad, readingLoad, startGateway, startProcess, stopProcess } from './gateway-process.ts';
import { makeLargeJournal, walletOf } from './large-journal.ts';

const ENTRIES = 1_000_000;
const SECONDS = 12;

export async function httpFigures(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'chautari-bench-'));
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  try {
    process.stderr.write(`bench: making a journal of ${ENTRIES.toLocaleString('en')} entries\n`);
    makeLargeJournal(directory, ENTRIES);
    const bare = await startProcess([join(import.meta.dirname, 'bare-http.ts')]);
    await payingLoad(bare.url, 'bench', 64, 3);
    const floor = await payingLoad(bare.url, 'bench', 64, SECONDS);
    await stopProcess(bare.child);

    const gateway = await startGateway(directory, broker.url);
    await payingLoad(gateway.url, gateway.token, 64, 3);
    const rate = await payingLoad(gateway.url, gateway.token, 64, SECONDS);
    const paths = Array.from({ length: 64 }, (_unused, index) => `/v1/accounts/${walletOf(index * 13)}`);
    const [reading, paying] = await Promise.all([
      readingLoad(gateway.url, gateway.token, paths, 1, SECONDS),
      payingLoad(gateway.url, gateway.token, 64, SECONDS),
    ]);
    await gateway.stop();
    if (rate.failures + reading.failures + paying.failures > 0) {
      throw new Error(`${rate.failures + paying.failures} payments and ${reading.failures} reads failed`);
    }
    const ratio = rate.perSecond / floor.perSecond;
    return [
      {
        name: 'http.rate',
        value: rate.perSecond,
        unit: 'payments/s',
        rival: '/s: same HTTP, no ledger',
        rivalValue: floor.perSecond,
        ratio,
        hold: '>= 0.35',
        note: `printed here, held after the cells' own work: each payment runs a cell in jco's host; ${ratio >= 0.35 ? 'it holds already' : 'not held yet'}`,
      },
      {
        name: 'read.account',
        value: reading.p99Ms,
        unit: 'ms p99',
        rival: 'ms: the article',
        rivalValue: 5,
        ratio: reading.p99Ms / 5,
        hold: '<= 5',
        holds: reading.p99Ms <= 5,
        note: `${Math.round(reading.perSecond)} reads/s beside ${Math.round(paying.perSecond)} payments/s from 64 callers`,
      },
    ];
  } finally {
    await broker.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
