/**
 * `cell.cold`: one request from nothing: a fresh instance, the call with its readings, the memory zeroed; beside the same through jco's
 * output. `cell.call`: a whole decide around it. `cell.memory`: what one more prepared cell costs in resident memory, over 5,000 distinct
 * ones. In processes of their own, with a gateway's flags.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { GATEWAY_NODE_FLAGS } from '../../main/platform/node-flags.ts';
import type { Figure } from './figure.ts';

const CELLS = 5_000;
/** What the article promises: a cold start in less than 50 µs, less than 1 MB an instance. */
const ARTICLE = { coldMicros: 50, kilobytes: 1_000 };

type Times = { readonly median: number; readonly p99: number };
type Cold = Readonly<Record<'cash' | 'wallet', { readonly fast: Times; readonly jco: Times; readonly decide: Times }>>;
type Memory = {
  readonly count: number;
  readonly loadedKib: number;
  readonly calledKib: number;
  readonly preparedMs: number;
  readonly residentMib: number;
  readonly first: Times;
  readonly again: Times;
};

function measured<T>(flags: readonly string[], ...args: string[]): T {
  const child = spawnSync(process.execPath, [...flags, join(import.meta.dirname, 'cell-child.ts'), ...args], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the measurement ended with ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout) as T;
}

const kilobytesOf = (kibibytes: number): number => (kibibytes * 1_024) / 1_000;
const micros = (value: number): string => `${value.toFixed(1)} µs`;

function coldFigures(): Figure[] {
  const cold = measured<Cold>(GATEWAY_NODE_FLAGS, 'cold');
  return (['cash', 'wallet'] as const).flatMap((name): Figure[] => {
    const { fast, jco, decide } = cold[name];
    return [
      {
        name: `cell.cold.${name}`,
        value: fast.median,
        unit: 'µs',
        rival: 'µs: jco',
        rivalValue: jco.median,
        ratio: fast.median / jco.median,
        hold: '<= 25, p99 <= 200',
        holds: fast.median <= 25 && fast.p99 <= 200,
        note: `p99 ${micros(fast.p99)}; jco p99 ${micros(jco.p99)}; the article's cold start: ${ARTICLE.coldMicros} µs`,
      },
      {
        name: `cell.call.${name}`,
        value: decide.median,
        unit: 'µs',
        rival: 'µs: its cold call',
        rivalValue: fast.median,
        ratio: decide.median / fast.median,
        hold: 'printed',
        note: `with the checks of request and approval, and the trace; p99 ${micros(decide.p99)}`,
      },
    ];
  });
}

function memoryFigure(): Figure {
  // The heap of a gateway with so many cells; its collector is asked for before each reading.
  const flags = GATEWAY_NODE_FLAGS.filter((flag) => !flag.startsWith('--max-old-space-size'));
  const asked = [...flags, '--expose-gc'];
  const memory = measured<Memory>(asked, 'memory', String(CELLS), 'cash', 'wallet');
  const wallet = measured<Memory>(asked, 'memory', String(CELLS / 5), 'wallet');
  const kilobytes = kilobytesOf(memory.calledKib);
  return {
    name: 'cell.memory',
    value: kilobytes,
    unit: 'kB a cell',
    rival: 'kB: the article',
    rivalValue: ARTICLE.kilobytes,
    ratio: kilobytes / ARTICLE.kilobytes,
    hold: '<= 100',
    holds: kilobytes <= 100,
    note:
      `${memory.count} distinct cells, half of them cash and half wallets, each called once in random order: ${Math.round(memory.residentMib)} MiB in all; ` +
      `${Math.round(kilobytesOf(memory.loadedKib))} kB before its first call; wallets alone ${Math.round(kilobytesOf(wallet.calledKib))} kB; first call ${micros(memory.first.median)} (p99 ${micros(memory.first.p99)}), second ${micros(memory.again.median)} ` +
      `(p99 ${micros(memory.again.p99)}); metered and compiled in ${(memory.preparedMs / memory.count).toFixed(2)} ms a cell`,
  };
}

export async function cellFigures(): Promise<Figure[]> {
  return [...coldFigures(), memoryFigure()];
}
