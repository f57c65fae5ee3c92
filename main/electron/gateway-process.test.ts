/** The runner over real processes: children that behave, die, never answer, never stop, or cannot be started. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayPlan, type GatewayProcess, makeGatewayProcess } from './gateway-process.ts';
import { lineLimit } from './lines.ts';
import type { SupervisorLimits } from './supervisor.ts';

const limits: SupervisorLimits = { firstDelayMs: 2, longestDelayMs: 20, readyWithinMs: 20_000, steadyAfterMs: 60_000, stopWithinMs: 5_000 };
const readyLine = `console.log(JSON.stringify({ ready: 'gateway', http: 'http://127.0.0.1:' + (process.argv[6].split(':')[1] === '0' ? 4321 : process.argv[6].split(':')[1]), pid: process.pid }));`;
const stay = 'setInterval(() => {}, 1 << 30);';

let folder: string;
let gateway: GatewayProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-gateway-'));
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a child with this code; what it brings about is read one event at a time. */
const start = (code: string, over: { limits?: Partial<SupervisorLimits>; plan?: Partial<GatewayPlan> } = {}) => {
  const cli = join(folder, 'cli.mjs');
  writeFileSync(cli, code);
  const events: string[] = [];
  const waiters: { readonly text: string; readonly resolve: () => void }[] = [];
  const add = (event: string): void => {
    events.push(event);
    for (const waiter of waiters) if (event.startsWith(waiter.text)) waiter.resolve();
  };
  /** Resolves when `count` events that begin so have been seen. */
  const seen = async (text: string, count = 1): Promise<void> => {
    while (events.filter((event) => event.startsWith(text)).length < count) {
      await new Promise<void>((resolve) => waiters.push({ text, resolve }));
    }
  };
  gateway = makeGatewayProcess(
    { node: process.execPath, cli, root: folder, dataFolder: folder, http: '127.0.0.1:0', extraArguments: [], ...over.plan },
    { showWaiting: () => add('waiting'), showKiosk: (origin) => add(`kiosk ${origin}`) },
    { limits: { ...limits, ...over.limits }, chance: () => 0, log: (line) => add(`log ${line}`) },
  );
  gateway.start();
  return { events, seen, gateway };
};

describe('the gateway’s process', () => {
  it('is shown when ready, told to stop, and gone', async () => {
    const run = start(`${readyLine}${stay}`);
    await run.seen('kiosk');
    await run.gateway.stop();
    expect(run.events).toEqual(['waiting', 'kiosk http://127.0.0.1:4321', 'log gateway: ended (SIGTERM)']);
  });

  it('comes back under the address that it had', async () => {
    const run = start(`${readyLine}console.error(process.argv.slice(2).join(' ')); setImmediate(() => process.exit(1));`);
    await run.seen('kiosk', 3);
    expect(new Set(run.events.filter((event) => event.startsWith('kiosk')))).toEqual(new Set(['kiosk http://127.0.0.1:4321']));
    await run.seen(`log gateway --data ${folder} --http 127.0.0.1:4321`);
    expect(run.events).toContain('log gateway: ended (1)');
  });

  it('is killed when it does not stop', async () => {
    const run = start(`process.on('SIGTERM', () => {});${readyLine}${stay}`, { limits: { stopWithinMs: 10 } });
    await run.seen('kiosk');
    await run.gateway.stop();
    expect(run.events.at(-1)).toBe('log gateway: ended (SIGKILL)');
  });

  it('is killed and started again when it never becomes ready', async () => {
    const run = start(stay, { limits: { readyWithinMs: 10 } });
    await run.seen('log gateway: ended (SIGKILL)', 2);
  });

  it('is tried again where it cannot be started at all', async () => {
    const run = start('', { plan: { root: join(folder, 'nowhere') } });
    await run.seen('log gateway: could not be started', 2);
  });

  it('may write what it likes: other lines mean nothing, and long ones are cut', async () => {
    const long = lineLimit * 4;
    const run = start(`console.log('hello'); console.log('{"ready":"central"}'); console.error('x'.repeat(${long})); ${readyLine}${stay}`);
    await run.seen('kiosk');
    await run.seen('log x');
    expect(run.events.filter((event) => event.startsWith('log x')).map((event) => event.length)).toEqual([lineLimit + 'log '.length]);
  });
});
