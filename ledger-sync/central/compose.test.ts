import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../main/platform/clock.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { ExitFault } from '../../main/platform/exit.ts';
import { systemTimers } from '../../main/platform/timers.ts';
import { startAgent } from '../agent/agent.ts';
import { mqttLink } from '../agent/mqtt-link.ts';
import { must } from '../ledger/result.ts';
import { type Ack, openAck } from '../protocol/ack.ts';
import { encodeEnrol, openEnrolled } from '../protocol/enrol.ts';
import { parseVoucher } from '../protocol/voucher.ts';
import { type Central, startCentral } from './compose.ts';
import { Box } from './testing.ts';

let directory = '';
const sockets = new Set<Socket>();
let broker: { server: Server; aedes: Aedes; port: number } | undefined;
let central: Central | undefined;
let client: MqttClient | undefined;

async function startBroker(port = 0): Promise<{ server: Server; aedes: Aedes; port: number }> {
  const aedes = await Aedes.createBroker();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return { server, aedes, port: typeof address === 'object' && address !== null ? address.port : 0 };
}
async function stopBroker(): Promise<void> {
  const old = broker;
  broker = undefined;
  if (old === undefined) return;
  await new Promise<void>((resolve) => old.aedes.close(() => resolve()));
  // As when its process ends: connections that are just being made end too.
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => old.server.close(() => resolve()));
}
const start = (mqttUrl: string, http = { host: '127.0.0.1', port: 0 }) =>
  startCentral({
    dataDirectory: directory,
    http,
    mqttUrl,
    clock: systemClock,
    entropy: systemEntropy,
    log: pino({ level: 'silent' }),
    officeAssetsDirectory: join(directory, 'none'),
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'centre-'));
});
afterEach(async () => {
  client?.end(true);
  client = undefined;
  await central?.stop();
  central = undefined;
  await stopBroker();
  rmSync(directory, { recursive: true });
});

async function signedIn(url: string): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const password = readFileSync(join(directory, 'office-password'), 'utf8').trim();
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/sessions`, { method: 'POST', body: JSON.stringify({ password }), headers });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return (path, init = {}) => fetch(`${url}${path}`, { ...init, headers: { ...headers, cookie } });
}

/** The next message on a topic, after `send` was published; sent again until it is answered, as a lossy pipe asks for. */
function exchange(link: MqttClient, up: string, down: string, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const repeat = setInterval(() => link.publish(up, Buffer.from(bytes)), 200);
    const listener = (topic: string, payload: Buffer) => {
      if (topic !== down) return;
      clearInterval(repeat);
      link.off('message', listener);
      resolve(new Uint8Array(payload));
    };
    link.on('message', listener);
    link.subscribe(down, () => link.publish(up, Buffer.from(bytes)));
  });
}

test('a voucher, an enrolment, a batch and an acknowledgement over a real broker; the broker may go and come back', async () => {
  broker = await startBroker();
  const { port } = broker;
  central = await start(`mqtt://127.0.0.1:${port}`);
  const office = await signedIn(central.httpUrl);
  const made = await office('/v1/vouchers', { method: 'POST', body: JSON.stringify({ gateway: 'syabru', site: 'Syabru Besi' }) });
  const voucher = must(parseVoucher(((await made.json()) as { code: string }).code), 'voucher');

  client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 100, queueQoSZero: false });
  const box = new Box('syabru', 1).openAll().pay(50);
  const answer = await exchange(client, `u/v-${voucher.id}`, `d/v-${voucher.id}`, encodeEnrol(voucher, box.name.epoch, box.signer));
  const { enrolled } = must(openEnrolled(answer, voucher, box.signer.publicKey), 'enrolled');
  if (enrolled.status !== 'enrolled') throw new Error('not enrolled');

  const ackOf = async (bytes: Uint8Array): Promise<Ack> =>
    must(openAck(await exchange(client as MqttClient, 'u/syabru', 'd/syabru', bytes), enrolled.centreKey), 'ack');
  expect((await ackOf(box.batch(1, 40))).received).toEqual(box.headAt(40));
  expect(await (await office('/v1/status')).json()).toMatchObject({ broker: 'connected', entries: 40 });

  await stopBroker();
  broker = await startBroker(port);
  expect((await ackOf(box.batch(41, box.head.number))).received).toEqual(box.head);

  // Another life of the centre over the same folder: the same key, password, session and ledger.
  await central.stop();
  central = await start(`mqtt://127.0.0.1:${port}`);
  const again = await signedIn(central.httpUrl);
  expect(await (await again('/v1/gateways')).json()).toMatchObject({
    gateways: [{ gateway: 'syabru', site: 'Syabru Besi', watermark: box.head.number, lag: 0, state: 'live' }],
  });
  expect((await ackOf(box.hello())).received).toEqual(box.head);
});

test('a real agent drains its journal, with the centre and the broker ended in the middle', { timeout: 90_000 }, async () => {
  broker = await startBroker();
  const mqttUrl = `mqtt://127.0.0.1:${broker.port}`;
  central = await start(mqttUrl);
  const office = await signedIn(central.httpUrl);
  const made = await office('/v1/vouchers', { method: 'POST', body: JSON.stringify({ gateway: 'syabru', site: 'Syabru Besi' }) });
  const voucher = must(parseVoucher(((await made.json()) as { code: string }).code), 'voucher');
  const box = new Box('syabru', 1).openAll().pay(1_500);
  let watermark = { received: box.headAt(0), archived: 0 };
  const waiting: { number: number; resolve: () => void }[] = [];
  const settledTo = (number: number) => new Promise<void>((resolve) => waiting.push({ number, resolve }));
  const tell = () => {
    for (const one of waiting) if (watermark.received.number >= one.number) one.resolve();
  };
  const first = settledTo(500);
  const all = settledTo(box.head.number);
  const fences: string[] = [];
  const agent = startAgent({
    openLink: mqttLink({ url: mqttUrl, clientId: 'syabru', keepaliveMs: 60_000, connectTimeoutMs: 5_000 }),
    source: {
      head: () => box.head,
      name: () => box.name,
      entriesAfter: (number, limit) => box.entries.slice(number, number + limit),
      watermark: () => watermark,
    },
    signer: box.signer,
    hooks: {
      settle: async (ack) => {
        expect(ack.received).toEqual(box.headAt(ack.received.number));
        watermark = ack;
        tell();
      },
      fence: async (reason) => void fences.push(reason),
      enrolled: async () => undefined,
      onState: () => undefined,
      onDocument: () => undefined,
      onReport: () => undefined,
    },
    clock: systemClock,
    timers: systemTimers,
    entropy: systemEntropy,
    settings: { leastSilenceMs: 100, mostSilenceMs: 400, leastReconnectMs: 50, mostReconnectMs: 200, firstRateBytesPerS: 3_000 },
  });
  agent.enrol(voucher);
  await first;
  await central.stop();
  central = await start(mqttUrl);
  const { port } = broker;
  await stopBroker();
  broker = await startBroker(port);
  await all;
  agent.stop();
  expect(fences).toEqual([]);
  const again = await signedIn(central.httpUrl);
  expect(await (await again('/v1/gateways')).json()).toMatchObject({
    gateways: [{ watermark: box.head.number, entries: box.head.number, breaks: 0 }],
  });
});

test('without a broker the office is served all the same, and its secrets are private', async () => {
  central = await start('mqtt://127.0.0.1:1');
  expect((await fetch(`${central.httpUrl}/healthz`)).status).toBe(200);
  expect(await (await (await signedIn(central.httpUrl))('/v1/status')).json()).toMatchObject({ broker: 'away', entries: 0 });
  for (const file of ['identity.pem', 'office-password']) expect(statSync(join(directory, file)).mode & 0o077).toBe(0);
});

test('a port in use is one clear line', async () => {
  central = await start('mqtt://127.0.0.1:1');
  const port = Number(new URL(central.httpUrl).port);
  await expect(start('mqtt://127.0.0.1:1', { host: '127.0.0.1', port })).rejects.toThrow(ExitFault);
});
