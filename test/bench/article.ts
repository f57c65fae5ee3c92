/**
 * `article`: the complaint that this system comes from, measured. The same payments over the same link: as synchronous writes to head
 * office over TLS with time-out and retry, and through a gateway. The synchronous centre is an honest one (one transaction a payment in
 * SQLite, synchronous FULL); like the systems that the field reports tell of, its clients make a new request at each retry.
 */
import { rmSync } from 'node:fs';
import { Agent, createServer, request as httpsRequest, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { systemClock } from '../../main/platform/clock.ts';
import { seededEntropy, systemEntropy } from '../../main/platform/entropy.ts';
import { sitePlans } from '../../main/village/plan.ts';
import { Relay } from '../../main/village/relay.ts';
import { conditionAt, seededTrace } from '../../main/village/trace.ts';
import { World } from '../../main/village/world.ts';
import type { Figure } from './figure.ts';
import { openScratch } from './scratch-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SECONDS = 90;
const TILLS = 6;
const PAUSE_MS = 1_000;
const TIMEOUT_MS = 5_000;
const TRIES = 3;
const SEED = 20;
/** A key that both ends know stands for certificates: the same handshake round trips, and no key file in the repository. */
const PSK = { psk: Buffer.alloc(32, 7), identity: 'till' };

type Outcome = { readonly times: number[]; timeOuts: number; refused: number; doubles: number };

export async function articleFigures(): Promise<readonly Figure[]> {
  const directory = temporaryFolder();
  const world = await World.start({ dataDirectory: directory, sites: sitePlans(1), clock: systemClock, entropy: systemEntropy });
  const trace = seededTrace(seededEntropy(SEED), SECONDS * 2);
  const central = await synchronousCentre(join(directory, 'synchronous.sqlite'));
  const relay = await Relay.open({
    targetPort: () => central.port,
    entropy: seededEntropy(SEED),
    now: () => performance.now(),
    setTimer: (delayMs, run) => {
      const handle = setTimeout(run, delayMs);
      return () => clearTimeout(handle);
    },
  });
  const site = world.sites[0];
  if (site === undefined) throw new Error('no site');
  const startedAt = performance.now();
  const step = setInterval(() => {
    const condition = conditionAt(trace, performance.now() - startedAt, 1);
    relay.set(condition);
    site.relay.set(condition);
  }, 100);
  try {
    const until = startedAt + SECONDS * 1_000;
    const session = await site.client.pair(world.pairingCode(site), 'bench');
    let counter = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: TILLS });
    const [synchronous, ours] = await Promise.all([
      runTills(until, (outcome, payment) => paySynchronously(agent, relay.port, payment, outcome)),
      runTills(until, async (outcome) => {
        const at = performance.now();
        const answer = await site.client.send('POST', '/v1/payments', {
          id: `${session}.${++counter}`,
          method: 'cash',
          action: 'sale',
          amount: '12500',
          currency: 'NPR',
        });
        if (answer.status !== 201) outcome.refused++;
        outcome.times.push(performance.now() - at);
      }),
    ]);
    agent.destroy();
    synchronous.doubles = central.doubles();
    const journal = await site.client.get<{ head: { number: number } }>('/v1/status');
    ours.doubles = Math.max(0, journal.head.number - counter);
    const row = (name: string, value: number, unit: string, rivalValue: number, rival: string, holds: boolean): Figure => ({
      name,
      value,
      unit,
      rival,
      rivalValue,
      hold: 'beside',
      holds,
    });
    return [
      row(
        'article.p50',
        quantile(ours, 0.5),
        'ms',
        quantile(synchronous, 0.5),
        'ms: synchronous writes',
        quantile(ours, 0.5) <= quantile(synchronous, 0.5),
      ),
      row(
        'article.p99',
        quantile(ours, 0.99),
        'ms',
        quantile(synchronous, 0.99),
        'ms: synchronous writes',
        quantile(ours, 0.99) <= quantile(synchronous, 0.99),
      ),
      row(
        'article.timeouts',
        ours.timeOuts,
        `of ${ours.times.length}`,
        synchronous.timeOuts,
        `of ${synchronous.times.length}: synchronous`,
        ours.timeOuts === 0,
      ),
      row('article.doubles', ours.doubles, 'entries', synchronous.doubles, 'entries: synchronous', ours.doubles === 0),
      row('article.refusals', ours.refused, 'payments', synchronous.refused, 'payments: synchronous', ours.refused === 0),
    ];
  } finally {
    clearInterval(step);
    await relay.close();
    central.close();
    await world.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runTills(until: number, pay: (outcome: Outcome, payment: string) => Promise<void>): Promise<Outcome> {
  const outcome: Outcome = { times: [], timeOuts: 0, refused: 0, doubles: 0 };
  const till = async (index: number): Promise<void> => {
    for (let payment = 0; performance.now() < until; payment++) {
      await pay(outcome, `${index}-${payment}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  await Promise.all(Array.from({ length: TILLS }, (_unused, index) => till(index)));
  return outcome;
}

async function paySynchronously(agent: Agent, port: number, payment: string, outcome: Outcome): Promise<void> {
  const at = performance.now();
  for (let tries = 0; tries < TRIES; tries++) {
    const answered = await postOnce(agent, port, payment);
    if (answered) {
      outcome.times.push(performance.now() - at);
      return;
    }
    outcome.timeOuts++;
  }
  outcome.refused++;
  outcome.times.push(performance.now() - at);
}

function postOnce(agent: Agent, port: number, payment: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = httpsRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/payments',
      agent,
      pskCallback: () => PSK,
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      checkServerIdentity: () => undefined,
    } as RequestOptions);
    const timer = setTimeout(() => asked.destroy(new Error('time-out')), TIMEOUT_MS);
    const done = (answered: boolean): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    asked.on('error', () => done(false));
    asked.on('response', (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode === 201));
      response.on('error', () => done(false));
    });
    asked.end(payment);
  });
}

async function synchronousCentre(path: string): Promise<{ port: number; doubles(): number; close(): void }> {
  const database = openScratch(path);
  database.exec('CREATE TABLE payment (sequence INTEGER PRIMARY KEY, payment TEXT NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO payment (payment) VALUES (?)');
  const server = createServer(
    { pskCallback: (_socket, identity) => (identity === PSK.identity ? PSK.psk : null), ciphers: 'PSK', maxVersion: 'TLSv1.2' },
    (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        insert.run(body);
        response.writeHead(201).end();
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    doubles: () =>
      (database.prepare('SELECT count(*) - count(DISTINCT payment) AS doubles FROM payment').get() as { doubles: number }).doubles,
    close: () => {
      server.close();
      server.closeAllConnections();
      database.close();
    },
  };
}

function quantile(outcome: Outcome, fraction: number): number {
  const sorted = [...outcome.times].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}
