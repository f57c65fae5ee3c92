import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { seededEntropy } from '../platform/entropy.ts';
import { ExitFault } from '../platform/exit.ts';
import { conditionAt, readTrace, seededTrace } from './trace.ts';

const scratch = mkdtempSync(join(tmpdir(), 'chautari-trace-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const HEADER = 'unix_s,ping_drop_rate,ping_latency_ms,down_bps,up_bps';
const GOOD = [HEADER, '1716800000,0,40.5,8000000,800000', '1716800001,1,-1,0,0', '1716800002,0.25,60,1000,1000'].join('\n');

function file(name: string, contents: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, contents);
  return path;
}

describe('a recorded trace', () => {
  it('is read second by second, zipped or not, with any line ends', () => {
    const expected = {
      seconds: [
        { up: true, delayMs: 20.25, upBytesPerSecond: 100_000, downBytesPerSecond: 1_000_000, lossFraction: 0 },
        // Never slower than the floor: an idle dish reports what it used.
        { up: false, delayMs: 0, upBytesPerSecond: 16_000, downBytesPerSecond: 16_000, lossFraction: 0.5 },
        { up: true, delayMs: 30, upBytesPerSecond: 16_000, downBytesPerSecond: 16_000, lossFraction: 0.25 },
      ],
      outageSeconds: 1,
    };
    expect(readTrace(file('a.csv', GOOD))).toEqual({ name: 'a.csv', ...expected });
    expect(readTrace(file('b.csv.gz', gzipSync(GOOD)))).toEqual({ name: 'b.csv.gz', ...expected });
    expect(readTrace(file('c.csv', `${GOOD.replaceAll('\n', '\r\n')}\r\n\r\n`))).toMatchObject(expected);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty.csv', '', 'must begin with'],
    ['other.csv', `a,b,c\n1,2,3`, 'must begin with'],
    ['bare.csv', HEADER, 'has no rows'],
    ['short.csv', `${GOOD}\n1716800003,0,40`, 'line 5 of the link trace'],
    ['words.csv', `${HEADER}\n1716800000,none,40,1,1`, 'line 2 of the link trace'],
    ['holes.csv', `${HEADER}\n1716800000,,,,`, 'line 2 of the link trace'],
    ['endless.csv', `${HEADER}\n1716800000,0,Infinity,1,1`, 'line 2 of the link trace'],
    ['nozip.csv.gz', GOOD, 'cannot be read'],
    ['cut.csv.gz', gzipSync(GOOD).subarray(0, 40), 'cannot be read'],
  ])('%s is refused with the place', (name, contents, words) => {
    const read = () => readTrace(file(name, contents));
    expect(read).toThrow(ExitFault);
    expect(read).toThrow(expect.objectContaining({ code: 2, message: expect.stringContaining(words) }));
  });

  it('that is not there is refused', () => expect(() => readTrace(join(scratch, 'none.csv'))).toThrow('cannot be read'));
});

describe('a trace', () => {
  it('plays as fast as it is told, from anywhere, and from the beginning again', () => {
    const trace = readTrace(file('a.csv', GOOD));
    const second = (elapsedMs: number, speed = 1, offset = 0) => trace.seconds.indexOf(conditionAt(trace, elapsedMs, speed, offset));
    expect([0, 999, 1_000, 2_500, 3_000, 7_000].map((ms) => second(ms))).toEqual([0, 0, 1, 2, 0, 1]);
    expect(second(100, 10)).toBe(1);
    expect(second(0, 1, 2)).toBe(2);
    expect(second(1_000, 1, 2)).toBe(0);
  });

  it('that is seeded repeats itself, drops out and stays within its bounds', () => {
    const trace = seededTrace(seededEntropy(3), 5_000);
    expect(trace).toEqual(seededTrace(seededEntropy(3), 5_000));
    expect(trace.outageSeconds).toBeGreaterThan(100);
    expect(trace.outageSeconds).toBeLessThan(2_500);
    for (const { delayMs, lossFraction } of trace.seconds) {
      expect(delayMs).toBeGreaterThanOrEqual(20);
      expect(delayMs).toBeLessThanOrEqual(420);
      expect(lossFraction).toBeLessThan(0.05);
    }
  });
});
