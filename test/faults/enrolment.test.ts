/** Enrolment on a broker that anybody may write to, and under a box that loses its power at each step: one box, one journal, in the end. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fingerprint, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { encodeUnknownVoucher } from '../../ledger-sync/protocol/enrol.ts';
import { voucherDownTopic } from '../../ledger-sync/protocol/topics.ts';
import { makeToken } from '../../main/api/tokens.ts';
import { openDataFolder } from '../../main/platform/data-folder.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { CLI } from '../../main/village/plan.ts';
import { eventually, type Running, run, Village } from './village.ts';

let village: Village;
const running: Running[] = [];
beforeAll(async () => {
  village = await Village.start();
}, 60_000);
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await village.end();
});

type Enrolment = { readonly state: string; readonly reason?: string; readonly gateway?: string; readonly keyFingerprint: string };

/** A box of its own: its folder, its token, and how it is asked. */
function newBox(name: string) {
  const folder = openDataFolder(join(village.folder, name));
  const token = makeToken(folder, 'probe', ['admin'], systemEntropy);
  const args = [
    'gateway',
    '--data',
    folder,
    '--http',
    '127.0.0.1:0',
    '--mqtt',
    village.world.broker.ready?.mqtt ?? '',
    '--village',
    'http://127.0.0.1:9',
  ];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const start = async (): Promise<Running> => {
    const started = await run(args);
    if (!('child' in started)) throw new Error(started.complaint);
    running.push(started);
    return started;
  };
  const ask = async (url: string, path: string, body?: object) => {
    const method = body === undefined ? 'GET' : 'POST';
    const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.status, body: await answer.json() };
  };
  const enrolment = async (url: string) => (await ask(url, '/v1/enrolment')).body as Enrolment;
  return { folder, args, start, ask, enrolment };
}
const voucher = async (gateway: string): Promise<string> =>
  (await village.world.office.post<{ code: string }>('/v1/vouchers', { gateway, site: 'Test' })).code;
const killed = (child: Running['child']): Promise<unknown> => {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return gone;
};

it('an "unknown" that anybody could have written is shown, and does not end the asking', { timeout: 60_000 }, async () => {
  const box = newBox('hinted');
  const code = await voucher('hinted');
  const id = code.slice(0, 4).toLowerCase();
  const stranger = await mqtt.connectAsync(village.world.broker.ready?.mqtt ?? '');
  try {
    const { url } = await box.start();
    const { publicKey } = signerFromPem(readFileSync(join(box.folder, 'identity.pem'), 'utf8'));
    expect((await box.enrolment(url)).keyFingerprint).toBe(fingerprint(publicKey));
    // Head office is away: only the stranger answers.
    await village.world.central.stop();
    expect((await box.ask(url, '/v1/enrolment', { voucher: code })).status).toBe(202);
    const hinted = await eventually(
      async () => {
        await stranger.publishAsync(voucherDownTopic(id), Buffer.from(encodeUnknownVoucher(id, publicKey)));
        return box.enrolment(url);
      },
      ({ state }) => state === 'refused',
    );
    expect(hinted.reason).toBe('unknown');
    await village.world.central.start();
    await village.world.signIn();
    await eventually(
      () => box.enrolment(url),
      ({ state }) => state === 'enrolled',
    );
  } finally {
    await stranger.endAsync(true);
  }
});

it('a box that is cut off at each step of its first day is enrolled once, and pays', { timeout: 90_000 }, async () => {
  const box = newBox('cut');
  // The first start, until each of its files appears.
  for (const file of ['identity.pem', 'enrolment.json', 'pairing-code']) {
    const child = spawn(process.execPath, [CLI, ...box.args], { stdio: 'ignore' });
    await eventually(async () => existsSync(join(box.folder, file)), Boolean);
    await killed(child);
  }
  const code = await voucher('cut');
  const first = await box.start();
  expect((await box.ask(first.url, '/v1/enrolment', { voucher: code })).status).toBe(202);
  await killed(first.child);
  // It goes on by itself, and is cut again between head office's answer and its journal, or there.
  const child = spawn(process.execPath, [CLI, ...box.args], { stdio: 'ignore' });
  await eventually(async () => readFileSync(join(box.folder, 'enrolment.json'), 'utf8').includes('"enrolled"'), Boolean);
  await killed(child);
  const { url } = await box.start();
  await eventually(
    () => box.enrolment(url),
    ({ state, gateway }) => state === 'enrolled' && gateway === 'cut',
  );
  const sale = { id: 'first', method: 'cash', action: 'sale', amount: '500', currency: 'NPR' };
  expect((await box.ask(url, '/v1/payments', sale)).status).toBe(201);
  const { gateways } = await village.world.office.get<{ gateways: { gateway: string }[] }>('/v1/gateways');
  expect(gateways.filter(({ gateway }) => gateway === 'cut')).toHaveLength(1);
});
