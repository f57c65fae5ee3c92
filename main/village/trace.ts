/**
 * A recorded link, second by second, as conditions for a relay. Columns: unix_s, ping_drop_rate (1 = outage), ping_latency_ms
 * (-1 = unknown), down_bps, up_bps. A seeded trace of the same shape serves where none is given.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Entropy, randomFraction } from '../platform/entropy.ts';
import { ExitFault } from '../platform/exit.ts';
import type { LinkCondition } from './relay.ts';

export type Trace = { readonly name: string; readonly seconds: readonly LinkCondition[]; readonly outageSeconds: number };

const HEADER = 'unix_s,ping_drop_rate,ping_latency_ms,down_bps,up_bps';
const MAX_TRACE_BYTES = 256 * 1024 * 1024;
/** A dish that idles reports a few kbit/s: what it used, not what it could carry. Never below this floor, in bytes a second. */
const LEAST_RATE = 16_000;

export function readTrace(path: string): Trace {
  let text: string;
  try {
    const bytes = readFileSync(path);
    text = (path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: MAX_TRACE_BYTES }) : bytes).toString('utf8');
  } catch (fault) {
    throw new ExitFault(2, `the link trace ${path} cannot be read: ${(fault as Error).message}`);
  }
  const [header, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (header?.trim() !== HEADER) throw new ExitFault(2, `the link trace ${path} must begin with "${HEADER}"`);
  const seconds = lines.map((line, index) => parseSecond(line, path, index + 2));
  if (seconds.length === 0) throw new ExitFault(2, `the link trace ${path} has no rows`);
  return describe(path.split('/').at(-1) ?? path, seconds);
}

function parseSecond(line: string, path: string, lineNumber: number): LinkCondition {
  const cells = line.split(',').map((cell) => cell.trim());
  // An empty cell would be read as 0: a link without delay.
  const numbers = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)));
  const [, drop, latency, down, up] = numbers;
  if (drop === undefined || latency === undefined || down === undefined || up === undefined || !numbers.every(Number.isFinite)) {
    throw new ExitFault(2, `line ${lineNumber} of the link trace ${path} is not five numbers`);
  }
  return {
    up: drop < 0.5,
    delayMs: Math.max(0, latency) / 2,
    upBytesPerSecond: Math.max(LEAST_RATE, up / 8),
    downBytesPerSecond: Math.max(LEAST_RATE, down / 8),
    lossFraction: Math.min(0.5, Math.max(0, drop)),
  };
}

/** A link that drops out now and then for some seconds, with a delay between 40 and 840 ms. */
export function seededTrace(entropy: Entropy, length: number): Trace {
  const seconds: LinkCondition[] = [];
  let outage = 0;
  let delayMs = 60;
  for (let second = 0; second < length; second++) {
    if (outage > 0) outage--;
    else if (randomFraction(entropy) < 0.01) outage = 2 + Math.floor(randomFraction(entropy) * 30);
    delayMs = Math.min(420, Math.max(20, delayMs + (randomFraction(entropy) - 0.5) * 40));
    seconds.push({
      up: outage === 0,
      delayMs,
      upBytesPerSecond: 40_000,
      downBytesPerSecond: 200_000,
      lossFraction: randomFraction(entropy) * 0.05,
    });
  }
  return describe('seeded', seconds);
}

const describe = (name: string, seconds: readonly LinkCondition[]): Trace => ({
  name,
  seconds,
  outageSeconds: seconds.filter((second) => !second.up).length,
});

/** The condition at `elapsedMs` after the start, the trace played `speed` times as fast and from the beginning again at its end. */
export function conditionAt(trace: Trace, elapsedMs: number, speed: number, offsetSeconds = 0): LinkCondition {
  const second = Math.floor((elapsedMs / 1_000) * speed + offsetSeconds) % trace.seconds.length;
  return trace.seconds[second] as LinkCondition;
}
