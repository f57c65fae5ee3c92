/** One replay from start to report: start the world, open the accounts, send, wait for the drain, compare. */
import type { Clock } from '../../platform/clock.ts';
import { type Entropy, randomFraction } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { createLog } from '../../platform/log.ts';
import type { Client } from '../client.ts';
import { sitePlans } from '../plan.ts';
import { GOOD_LINK } from '../relay.ts';
import type { Trace } from '../trace.ts';
import { World, type WorldOptions } from '../world.ts';
import { type Comparison, compare } from './compare.ts';
import { Driver } from './driver.ts';
import { Model } from './model.ts';
import { type Opening, planReplay } from './operations.ts';
import type { PaysimRow } from './paysim.ts';
import { ProgressBar } from './progress-bar.ts';
import { type Report, reportOf } from './report.ts';
import { Killer, playTrace } from './weather.ts';

export type ReplayOptions = {
  readonly rows: readonly PaysimRow[];
  readonly dataDirectory: string;
  readonly gateways: number;
  readonly trace: Trace;
  readonly speed: number;
  readonly kills: number;
  readonly window: number;
  readonly seed: number;
  /** Repeats and kills: the same seed does the same. */
  readonly entropy: Entropy;
  /** Keys and codes. */
  readonly worldEntropy: Entropy;
  readonly clock: Clock;
  readonly cores: number;
  readonly broker?: WorldOptions['broker'];
  readonly progress: { write(text: string): unknown; readonly isTTY?: boolean };
};

const CURRENCY = 'NPR';
const DRAIN_LIMIT_MS = 30 * 60_000;
const OPENINGS_AT_ONCE = 32;
/** A fifth of the operations is sent twice, half of those at the same moment. */
const REPEATED = 0.2;

export async function replay(options: ReplayOptions): Promise<Report> {
  const { clock, entropy } = options;
  const bar = new ProgressBar(options.progress, clock);
  const names = sitePlans(options.gateways).map((plan) => plan.gateway);
  const plan = planReplay(options.rows, names);
  const model = new Model(names);
  const world = await World.start(
    {
      dataDirectory: options.dataDirectory,
      sites: sitePlans(options.gateways),
      clock,
      entropy: options.worldEntropy,
      ...(options.broker === undefined ? {} : { broker: options.broker }),
    },
    (line) => bar.say(line),
  );
  let interrupted = false;
  const onSignal = (): void => {
    interrupted = true;
    void world.stop().then(() => process.exit(1));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    if (world.sites.some((site) => site.child.ready === undefined)) throw new ExitFault(1, 'a gateway is not ready');
    const sessions = await Promise.all(world.sites.map((site) => site.client.pair(world.pairingCode(site), 'replay')));
    await openAccounts(world, plan.openings, model, bar);

    const killer = new Killer(world, options.kills, plan.operations.length, entropy);
    const stopTrace = playTrace(world, options.trace, options.speed, () => clock.monotonic());
    const repeats = plan.operations.map(() => repeatOf(entropy));
    const startedAtMs = clock.monotonic();
    const driver = new Driver(plan.operations, {
      clients: world.sites.map((site): Client => site.client),
      sessions,
      model,
      currency: CURRENCY,
      window: options.window,
      repeats: (operation) => repeats[operation.index] as 'once' | 'twice' | 'at-once',
      onDone: (done) => {
        killer.passed(done);
        bar.show(
          'paying',
          done,
          plan.operations.length,
          `approved ${driver.tally.approved}  kills ${total(killer)}  differences ${driver.tally.differenceCount}`,
        );
      },
      now: () => clock.monotonic(),
      log: createLog('replay'),
    });
    await driver.run();
    const paidAtMs = clock.monotonic();
    await drain(world, bar, clock);
    const drainedAtMs = clock.monotonic();
    stopTrace();
    for (const site of world.sites) site.relay.set(GOOD_LINK);
    bar.say('comparing head office, gateways and our own fold');
    await world.signIn();
    const comparison: Comparison = await compare(world, model, driver.tally);
    return reportOf({
      options,
      plan,
      tally: driver.tally,
      comparison,
      kills: killer.kills,
      payingMs: paidAtMs - startedAtMs,
      drainingMs: drainedAtMs - paidAtMs,
    });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    if (!interrupted) await world.stop();
  }
}

const total = (killer: Killer): number => Object.values(killer.kills).reduce((sum, count) => sum + count, 0);

function repeatOf(entropy: Entropy): 'once' | 'twice' | 'at-once' {
  const chance = randomFraction(entropy);
  return chance < REPEATED / 2 ? 'twice' : chance < REPEATED ? 'at-once' : 'once';
}

async function openAccounts(world: World, openings: readonly Opening[], model: Model, bar: ProgressBar): Promise<void> {
  let done = 0;
  const clients = world.sites.map((site) => site.client);
  const queue = openings.values();
  const worker = async (): Promise<void> => {
    for (const opening of queue) {
      const { account, amount } = opening;
      await (clients[opening.gateway] as Client).post('/v1/accounts', {
        id: account,
        currency: CURRENCY,
        opening: amount.toString(),
      });
      model.open(opening);
      bar.show('opening accounts', ++done, openings.length, '');
    }
  };
  await Promise.all(Array.from({ length: OPENINGS_AT_ONCE }, worker));
}

/** Waits until head office holds each journal to its head. */
async function drain(world: World, bar: ProgressBar, clock: Clock): Promise<void> {
  const deadline = clock.monotonic() + DRAIN_LIMIT_MS;
  for (;;) {
    const lags = await Promise.all(world.sites.map((site) => lagOf(site.client)));
    const waiting = lags.reduce<number>((sum, lag) => sum + (lag ?? 1), 0);
    if (lags.every((lag) => lag === 0)) return;
    if (clock.monotonic() > deadline)
      throw new ExitFault(1, `head office still lacks ${waiting} entries after ${DRAIN_LIMIT_MS / 60_000} minutes`);
    bar.show('draining', 0, 0, `${waiting} entries to go`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function lagOf(client: Client): Promise<number | undefined> {
  try {
    const status = await client.get<{ head: { number: number }; watermark: { received: number } }>('/v1/status');
    return status.head.number - status.watermark.received;
  } catch {
    return undefined;
  }
}
