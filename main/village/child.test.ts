/** Supervised children: real processes that the test kills and stops. What is awaited are their changes, never time. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Child, type ReadyLine } from './child.ts';

let directory: string;
let children: Child[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-child-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.stop()));
  rmSync(directory, { recursive: true });
});

const READY = `process.stdout.write(JSON.stringify({ ready: 'thing', pid: process.pid, http: 'http://127.0.0.1:' + process.argv[1] }) + '\\n');`;
const STAY = 'setInterval(() => {}, 1000);';

function childOf(code: string | ((last: ReadyLine | undefined) => string), env: Record<string, string> = {}): Child {
  const child = new Child({
    name: 'thing',
    args: (last) => ['-e', typeof code === 'string' ? code : code(last), '7001'],
    logPath: join(directory, 'thing.log'),
    env,
    now: () => performance.now(),
  });
  children.push(child);
  return child;
}

/** Resolves when `isSo`, now or at a change. */
const until = (child: Child, isSo: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = (): void => {
      if (isSo()) resolve();
    };
    child.onChange(look);
    look();
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const log = (): string => readFileSync(join(directory, 'thing.log'), 'utf8');

it('is ready at its ready line and nothing before; other lines go to the log', async () => {
  const child = childOf(
    `console.log('{"ready"broken'); console.log('words'); console.error('into the log', process.env.WORD); ${READY}${STAY}`,
    { WORD: 'ours' },
  );
  expect(child.state).toBe('stopped');
  const starting = child.start();
  expect(child.state).toBe('starting');
  const ready = await starting;
  expect(ready).toEqual({ ready: 'thing', pid: child.pid, http: 'http://127.0.0.1:7001' });
  expect(await child.whenReady()).toEqual(ready);
  expect(child.state).toBe('running');
  await child.stop();
  expect(log()).toContain('into the log ours\n');
});

it('is started again after kill -9, and is told what it was', async () => {
  const seen: (number | undefined)[] = [];
  const child = childOf((last) => {
    seen.push(last?.pid);
    return READY + STAY;
  });
  const first = await child.start();
  for (let kills = 1; kills <= 3; kills++) {
    const before = child.pid;
    expect(child.kill()).toBe(true);
    await until(child, () => child.restarts === kills && child.state === 'running');
    expect(child.pid).not.toBe(before);
    expect(isAlive(before as number)).toBe(false);
  }
  expect(child.kills).toBe(3);
  expect(seen.slice(0, 2)).toEqual([undefined, first.pid]);
  await child.stop();
  expect(log()).toContain('-- thing ended (SIGKILL)');
});

it('is started again after a fault of its own', async () => {
  const child = childOf((last) => (last === undefined ? `${READY}process.exitCode = 1;` : READY + STAY));
  await child.start();
  await until(child, () => child.restarts === 1 && child.state === 'running');
  expect(child.kills).toBe(0);
});

it.each([2, 3])('is not started again after it ended with %i: that needs a person', async (code) => {
  const child = childOf(`${READY}process.exitCode = ${code};`);
  await child.start();
  await until(child, () => child.state === 'stopped');
  expect(child.restarts).toBe(0);
  expect(child.pid).toBeUndefined();
  expect(child.kill()).toBe(false);
});

it('that ends before it was ever ready says why, and is not repeated', async () => {
  const child = childOf(`console.error('first'); console.error('the port is in use'); process.exit(1);`);
  await expect(child.start()).rejects.toThrow(/thing did not start \(1\): .*the port is in use/);
  expect(child.state).toBe('stopped');
  expect(child.restarts).toBe(0);
});

it('that is stopped ends, tells who waits, and stays away', async () => {
  const child = childOf(`process.on('SIGTERM', () => { console.error('bye'); process.exit(0); });${READY}${STAY}`);
  await child.start();
  const pid = child.pid as number;
  await child.stop();
  expect(isAlive(pid)).toBe(false);
  expect(child.state).toBe('stopped');
  expect(log()).toContain('bye');
  await child.stop();

  const never = childOf(STAY);
  const refused = expect(never.start()).rejects.toThrow('thing was stopped');
  await never.stop();
  await refused;
});

it('that is stopped while it waits to be started again is not started', async () => {
  const child = childOf(`${READY}process.exitCode = 1;`);
  await child.start();
  await until(child, () => child.restarts === 1);
  await child.stop();
  expect(child.state).toBe('stopped');
  expect(child.pid).toBeUndefined();
  expect(existsSync(join(directory, 'thing.log'))).toBe(true);
});
