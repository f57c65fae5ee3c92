/** The small doors: data folder, arguments, addresses, entropy, the way out. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { addressUrl, isLoopback, parseAddress } from './address.ts';
import { refuseUnknown, wholeNumber } from './arguments.ts';
import { systemClock } from './clock.ts';
import { openDataFolder } from './data-folder.ts';
import { type Entropy, randomCrockford, randomDigits, randomFraction, randomHex, seededEntropy, systemEntropy } from './entropy.ts';
import { type ExitCode, ExitFault } from './exit.ts';

const scratch = mkdtempSync(join(tmpdir(), 'chautari-platform-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function faultOf(run: () => unknown): { code: ExitCode; message: string } {
  try {
    run();
  } catch (fault) {
    if (fault instanceof ExitFault) return { code: fault.code, message: fault.message };
    throw fault;
  }
  throw new Error('there was no fault');
}

describe('the data folder', () => {
  it('is made with all above it, for this user alone, and opened again', () => {
    const folder = join(scratch, 'a/b');
    expect(openDataFolder(folder)).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(openDataFolder(folder)).toBe(folder);
  });

  it('that cannot be one is wrong use, in words', () => {
    writeFileSync(join(scratch, 'file'), '');
    expect(faultOf(() => openDataFolder(join(scratch, 'file')))).toMatchObject({ code: 2, message: expect.stringContaining('--data') });
    expect(faultOf(() => openDataFolder(join(scratch, 'file/below')))).toMatchObject({
      code: 2,
      message: expect.stringContaining('--data'),
    });
  });

  it.runIf(existsSync('/proc/self'))('below a place that takes no folders is a fault, at once', () => {
    expect(faultOf(() => openDataFolder('/proc/in/here'))).toMatchObject({ code: 1, message: expect.stringContaining('cannot be used') });
  });

  it('that may not be written is a fault with what to do', () => {
    const folder = join(scratch, 'shut');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const isRoot = process.getuid?.() === 0;
    try {
      // Nothing is shut to root.
      if (isRoot) process.seteuid?.(65_534);
      expect(faultOf(() => openDataFolder(join(folder, 'in')))).toMatchObject({
        code: 1,
        message: expect.stringContaining('right to write'),
      });
      expect(faultOf(() => openDataFolder(folder))).toMatchObject({ code: 1 });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('arguments', () => {
  it('are whole numbers within bounds', () => {
    expect(wholeNumber('gateways', '3', 1, 32)).toBe(3);
    expect(wholeNumber('gateways', '32', 1, 32)).toBe(32);
    for (const text of ['0', '33', '-1', '1.5', '1e1', '', ' 3', '0x3', 'three', '9'.repeat(400)]) {
      expect(faultOf(() => wholeNumber('gateways', text, 1, 32))).toMatchObject({
        code: 2,
        message: expect.stringContaining('from 1 to 32'),
      });
    }
  });

  it('that nobody knows are refused by name', () => {
    const known = { 'host-names': { type: 'string', alias: 'n' }, file: { type: 'positional' }, data: { type: 'string', alias: ['d'] } };
    expect(() => refuseUnknown({ _: ['x'], file: 'x', 'host-names': 'a', hostNames: 'a', n: 'a', d: 'b' }, known)).not.toThrow();
    expect(faultOf(() => refuseUnknown({ _: [], gateway: '3' }, known)).message).toContain('no option --gateway');
    expect(faultOf(() => refuseUnknown({ _: ['x', 'y'] }, known)).message).toContain('"y" is one word too many');
  });

  it('that lost their value are refused', () => {
    const known = { data: { type: 'string' }, names: { type: 'string', default: '' }, fresh: { type: 'boolean' } };
    expect(faultOf(() => refuseUnknown({ _: [], data: '' }, known))).toMatchObject({
      code: 2,
      message: '--data needs a value; see --help',
    });
    expect(() => refuseUnknown({ _: [], data: 'x', names: '' }, known)).not.toThrow();
  });
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1:7070', '127.0.0.1', 7070, 'http://127.0.0.1:7070', true],
    ['localhost:0', 'localhost', 0, 'http://localhost:0', true],
    ['[::1]:80', '::1', 80, 'http://[::1]:80', true],
    ['[fe80::1]:65535', 'fe80::1', 65_535, 'http://[fe80::1]:65535', false],
    ['0.0.0.0:7070', '0.0.0.0', 7070, 'http://0.0.0.0:7070', false],
    ['127.evil.example:1', '127.evil.example', 1, 'http://127.evil.example:1', false],
  ])('%s is read', (text, host, port, url, loopback) => {
    expect(parseAddress(text)).toEqual({ host, port });
    expect(addressUrl({ host, port })).toBe(url);
    expect(isLoopback(host)).toBe(loopback);
  });

  it.each([
    '',
    '7070',
    ':7070',
    'localhost',
    'localhost:',
    'localhost:65536',
    'localhost:999999',
    '::1:80',
    '[::1]',
    'a:b',
    'http://x:1',
    'x:-1',
    'x:1.5',
  ])('%j is none', (text) => {
    expect(faultOf(() => parseAddress(text))).toMatchObject({ code: 2, message: expect.stringContaining('HOST:PORT') });
  });
});

it('a clock that no calendar has is one that an entry can bear', () => {
  const clock = vi.spyOn(Date, 'now');
  try {
    for (const [set, told] of [
      [-5, 0],
      [2 ** 52, 2 ** 48 - 1],
      [1_800_000_000_000, 1_800_000_000_000],
    ] as const) {
      clock.mockReturnValue(set);
      expect(systemClock.now()).toBe(told);
    }
  } finally {
    clock.mockRestore();
  }
});

describe('entropy', () => {
  /** Gives these bytes one after the other, from the start again at their end. */
  const scripted = (bytes: readonly number[]): Entropy => {
    let at = 0;
    return { bytes: (count) => Uint8Array.from({ length: count }, () => bytes[at++ % bytes.length] as number) };
  };
  const all = Array.from({ length: 256 }, (_, byte) => byte);

  it('becomes digits without bias: each of ten comes from exactly 25 bytes', () => {
    const digits = randomDigits(scripted(all), 250);
    const counts = [...'0123456789'].map((digit) => digits.split(digit).length - 1);
    expect(counts).toEqual(Array(10).fill(25));
    expect(randomDigits(scripted([255, 254, 253, 252, 251, 250, 249]), 3)).toBe('999');
  });

  it('becomes Crockford digits without bias: each of 32 from exactly 8 bytes', () => {
    const text = randomCrockford(scripted(all), 256);
    expect(new Set(text).size).toBe(32);
    for (const digit of new Set(text)) expect(text.split(digit).length - 1).toBe(8);
    expect(text).not.toMatch(/[ilou]/);
  });

  it('becomes a fraction within [0, 1), both ends reached', () => {
    expect(randomFraction(scripted([0]))).toBe(0);
    expect(randomFraction(scripted([255]))).toBe(1 - 2 ** -24);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 3 }), (bytes) => {
        const fraction = randomFraction(scripted([...bytes]));
        return fraction >= 0 && fraction < 1;
      }),
    );
  });

  it('has the length that was asked for, and seeds repeat themselves', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 64 }), (seed, count) => {
        const [one, same] = [seededEntropy(seed), seededEntropy(seed)];
        expect(one.bytes(count)).toEqual(same.bytes(count));
        expect(randomHex(one, count)).toMatch(new RegExp(`^[0-9a-f]{${count * 2}}$`));
        expect(randomDigits(one, count)).toMatch(new RegExp(`^[0-9]{${count}}$`));
        expect(systemEntropy.bytes(count)).toHaveLength(count);
      }),
    );
    expect(seededEntropy(1).bytes(16)).not.toEqual(seededEntropy(2).bytes(16));
    const bytes = seededEntropy(7).bytes(64_000);
    const counts = new Map<number, number>();
    for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
    expect(Math.min(...counts.values())).toBeGreaterThan(180);
    expect(Math.max(...counts.values())).toBeLessThan(330);
  });
});

describe('the way out', () => {
  const module = pathToFileURL(join(import.meta.dirname, 'exit.ts')).href;
  /** Runs the code in a process of its own; `signalAt` is the line after which it gets that signal. */
  const run = (code: string, signals: readonly NodeJS.Signals[] = []) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        `import { ExitFault, exitWith, printReady, stopOnSignal } from ${JSON.stringify(module)};\n${code}`,
      ]);
      let out = '';
      let err = '';
      child.stdout.on('data', (part: Buffer) => {
        if (out === '') for (const signal of signals) child.kill(signal);
        out += part.toString();
      });
      child.stderr.on('data', (part: Buffer) => {
        err += part.toString();
      });
      child.once('close', (exit) => resolve({ code: exit, out, err }));
    });

  it('a fault is one line and its code', async () => {
    for (const code of [1, 2, 3]) {
      expect(await run(`exitWith(new ExitFault(${code}, 'do this'))`)).toEqual({ code, out: '', err: 'chautari: do this\n' });
    }
  });

  it('an error of ours shows where it came from', async () => {
    const { code, err } = await run(`exitWith(new TypeError('oops'))`);
    expect(code).toBe(1);
    expect(err).toContain('chautari: TypeError: oops\n    at ');
    expect(await run(`exitWith('text')`)).toMatchObject({ code: 1, err: 'chautari: text\n' });
  });

  it('ready is one line of JSON with the process id', async () => {
    const { out } = await run(`printReady({ ready: 'box', http: 'http://127.0.0.1:1' })`);
    expect(JSON.parse(out)).toEqual({ ready: 'box', http: 'http://127.0.0.1:1', pid: expect.any(Number) });
    expect(out.endsWith('}\n')).toBe(true);
  });

  const wait = `setInterval(() => {}, 1000); process.stdout.write('up');`;
  it('a signal stops once, then ends with 0', async () => {
    const stop = `let stops = 0; stopOnSignal(async () => { stops++; await new Promise((go) => setImmediate(go)); process.stderr.write(String(stops)); });`;
    expect(await run(stop + wait, ['SIGTERM'])).toMatchObject({ code: 0, err: '1' });
    expect(await run(stop + wait, ['SIGINT', 'SIGTERM', 'SIGINT'])).toMatchObject({ code: 0, err: '1' });
  });

  it('stopping that fails or never ends is a fault', async () => {
    expect(await run(`stopOnSignal(async () => { throw new ExitFault(3, 'kept'); });${wait}`, ['SIGTERM'])).toMatchObject({
      code: 3,
      err: 'chautari: kept\n',
    });
    expect(await run(`stopOnSignal(() => new Promise(() => {}), 20);${wait}`, ['SIGTERM'])).toMatchObject({ code: 1 });
  });
});
