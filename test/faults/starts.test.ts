/** What is missing around a process: its port, its broker, its right to a folder. It says what to do and ends, or waits, as fits. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, refused, run, Village } from './village.ts';

let folder = '';
let taken: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-starts-'));
});
afterEach(async () => {
  await new Promise<void>((resolve) => (taken === undefined ? resolve() : taken.close(() => resolve())));
  taken = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const portInUse = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    taken = server;
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });

describe('a port that is in use', () => {
  it.each([
    ['gateway', '--http'],
    ['central', '--http'],
    ['broker', '--mqtt'],
  ])('%s says so and ends with 1', { timeout: 20_000 }, async (kind, option) => {
    const port = await portInUse();
    const data = kind === 'broker' ? [] : ['--data', folder];
    const ended = await refused([kind, ...data, option, `127.0.0.1:${port}`]);
    expect(ended).toMatchObject({ code: 1, complaint: expect.stringMatching(new RegExp(`${port} is in use`)) });
  });
});

it('what ails the sensors does not keep the till shut', { timeout: 60_000 }, async () => {
  const port = await portInUse();
  const start = async (sensors: string): Promise<string> => {
    const common = ['gateway', '--data', folder, '--http', '127.0.0.1:0', '--mqtt', 'mqtt://127.0.0.1:1'];
    const started = await run([...common, '--sensors', sensors]);
    if (!('child' in started)) throw new Error(started.complaint);
    expect(await (await fetch(`${started.url}/healthz`)).json()).toMatchObject({ reason: expect.stringContaining('not-enrolled') });
    const closed = new Promise((resolve) => started.child.once('close', resolve));
    started.child.kill('SIGTERM');
    expect(await closed).toBe(0);
    return started.complaint();
  };
  // After a power cut the box is often there before its network: 192.0.2.1 is nobody's.
  expect(await start(`192.0.2.1:${port}`)).toContain('no readings are taken yet, payments are');
  writeFileSync(join(folder, 'sensors.sqlite'), Buffer.alloc(8192, 0x5a));
  expect(await start('127.0.0.1:0')).toContain('no readings are taken yet, payments are');
  rmSync(join(folder, 'sensors.sqlite'));
  expect(await start('127.0.0.1:0')).not.toContain('payments are');
  writeFileSync(join(folder, 'sensors.key'), 'cut');
  expect(await start('127.0.0.1:0')).toContain('put the right one back');
});

it('a folder that is a file is wrong use', { timeout: 20_000 }, async () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  for (const kind of ['gateway', 'central']) {
    expect(await refused([kind, '--data', path])).toMatchObject({ code: 2, complaint: expect.stringContaining('is not a folder') });
  }
});

it('without a broker a new box and head office start and wait', { timeout: 30_000 }, async () => {
  for (const kind of ['gateway', 'central']) {
    const data = join(folder, kind);
    const started = await run([kind, '--data', data, '--http', '127.0.0.1:0', '--mqtt', 'mqtt://127.0.0.1:1']);
    if (!('child' in started)) throw new Error(started.complaint);
    const health = await fetch(`${started.url}/healthz`);
    if (kind === 'gateway') expect(await health.json()).toMatchObject({ ok: false, reason: expect.stringContaining('not-enrolled') });
    else expect(health.status).toBe(200);
    const closed = new Promise((resolve) => started.child.once('exit', resolve));
    started.child.kill('SIGTERM');
    expect(await closed).toBe(0);
  }
});

it('a broker that goes away stops no payment; all settles when it is back', { timeout: 60_000 }, async () => {
  const village = await Village.start();
  try {
    await village.world.broker.stop();
    await village.payTimes(20);
    await eventually(
      () => village.site.client.get<{ link: { state: string } }>('/v1/status'),
      ({ link }) => link.state === 'off',
    );
    expect(await village.status()).toMatchObject({ head: { number: 20 }, watermark: { received: 0 } });
    await village.world.broker.start();
    await village.settled(20);
    expect(await village.breaks()).toEqual([]);
  } finally {
    await village.end();
  }
});
