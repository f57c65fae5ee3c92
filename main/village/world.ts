/**
 * A whole village as processes: one centre, one broker, N gateways, each with its own data folder and its own relay for a link.
 * `chautari village`, `chautari replay`, the kill tests and the benches all stand on this. Invariants: every process is a real one and can
 * be killed at any moment; stopping ends all; data folders survive.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeToken } from '../api/tokens.ts';
import type { Clock } from '../platform/clock.ts';
import { openDataFolder } from '../platform/data-folder.ts';
import type { Entropy } from '../platform/entropy.ts';
import { ExitFault } from '../platform/exit.ts';
import { GATEWAY_NODE_FLAGS } from '../platform/node-flags.ts';
import { Child, ChildFault, type ReadyLine } from './child.ts';
import { Client } from './client.ts';
import { CLI, type SitePlan } from './plan.ts';
import { BAD_LINK, GOOD_LINK, Relay } from './relay.ts';

export type LinkName = 'up' | 'bad' | 'cut';

export type WorldOptions = {
  readonly dataDirectory: string;
  readonly sites: readonly SitePlan[];
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Ports that people remember; the system picks where one is taken or 0. */
  readonly ports?: { readonly central: number; readonly firstGateway: number };
  /** Arguments that each gateway gets on top. */
  readonly gatewayArgs?: (site: SitePlan) => readonly string[];
  /** Another broker than the village's own: a command that prints the ready line with its `mqtt` URL and stays the same process. */
  readonly broker?: { readonly command: string; readonly args: readonly string[] };
  /** Where each gateway may ask for its link to be switched. */
  readonly villageUrl?: () => string | undefined;
};

/** One site: its gateway's process, its link, and a way to speak to it as its operator would. */
export type Site = {
  readonly plan: SitePlan;
  readonly child: Child;
  readonly relay: Relay;
  readonly dataDirectory: string;
  readonly client: Client;
  link: LinkName;
  linkSinceMs: number;
};

export class World {
  readonly options: WorldOptions;
  readonly central: Child;
  readonly broker: Child;
  readonly sites: Site[] = [];
  readonly office: Client;
  private readonly listeners = new Set<() => void>();

  private constructor(options: WorldOptions) {
    this.options = options;
    const { dataDirectory, clock } = options;
    const now = clock.now;
    const logs = join(dataDirectory, 'logs');
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    this.broker = new Child({
      name: 'broker',
      now,
      logPath: join(logs, 'broker.log'),
      args: (last) => [CLI, 'broker', '--mqtt', `127.0.0.1:${portOf(last?.mqtt) ?? 0}`],
      ...(options.broker === undefined ? {} : { command: options.broker.command, args: () => options.broker?.args ?? [] }),
    });
    this.central = new Child({
      name: 'central',
      now,
      logPath: join(logs, 'central.log'),
      args: (last) => [
        CLI,
        'central',
        '--data',
        this.centralDirectory,
        '--mqtt',
        this.brokerUrl(),
        '--http',
        `127.0.0.1:${portOf(last?.http) ?? options.ports?.central ?? 0}`,
      ],
    });
    this.office = new Client(() => this.central.ready?.http);
    for (const child of [this.broker, this.central]) child.onChange(() => this.changed());
  }

  get centralDirectory(): string {
    return join(this.options.dataDirectory, 'central');
  }

  /**
   * Starts everything and enrols what is not enrolled yet; resolves when payments can be taken. `onMade` gets the world before anything of
   * it runs, so that it can be stopped on its way up.
   */
  static async start(
    options: WorldOptions,
    progress: (line: string) => void = () => undefined,
    onMade: (world: World) => void = () => undefined,
  ): Promise<World> {
    openDataFolder(options.dataDirectory);
    const world = new World(options);
    onMade(world);
    try {
      progress('starting the broker and head office');
      await world.broker.start();
      await startOnFreePort(world.central);
      await world.signIn();
      for (const [index, plan] of options.sites.entries()) {
        progress(`starting ${plan.site.en}`);
        await world.addSite(plan, index);
      }
    } catch (fault) {
      await world.stop();
      throw fault instanceof ExitFault ? fault : new ExitFault(1, (fault as Error).message);
    }
    return world;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  officePassword(): string {
    return readFileSync(join(this.centralDirectory, 'office-password'), 'utf8').trim();
  }

  site(gateway: string): Site | undefined {
    return this.sites.find((site) => site.plan.gateway === gateway);
  }

  child(name: string): Child | undefined {
    if (name === 'central') return this.central;
    if (name === 'broker') return this.broker;
    return this.site(name)?.child;
  }

  setLink(gateway: string, link: LinkName): boolean {
    const site = this.site(gateway);
    if (site === undefined) return false;
    if (site.link !== link) site.linkSinceMs = this.options.clock.now();
    site.link = link;
    site.relay.set(link === 'bad' ? BAD_LINK : GOOD_LINK);
    site.relay.setCut(link === 'cut');
    this.changed();
    return true;
  }

  /** The code that the box shows now, for a link that pairs by one touch. */
  pairingCode(site: Site): string {
    try {
      return readFileSync(join(site.dataDirectory, 'pairing-code'), 'utf8').trim();
    } catch {
      return '';
    }
  }

  /** Signs in to head office; again after its session is gone. */
  async signIn(): Promise<void> {
    await this.office.signIn(this.officePassword());
  }

  /** Gateways first, so that head office can still acknowledge what they hand over last. */
  async stop(): Promise<void> {
    for (const child of [this.broker, this.central, ...this.sites.map((site) => site.child)]) child.letGo();
    await Promise.all(this.sites.map((site) => site.child.stop()));
    await this.central.stop();
    await this.broker.stop();
    await Promise.all(this.sites.map((site) => site.relay.close()));
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private brokerUrl(): string {
    const url = this.broker.ready?.mqtt;
    if (url === undefined) throw new Error('the broker is not ready');
    return url;
  }

  private async addSite(plan: SitePlan, index: number): Promise<void> {
    const { clock, entropy, dataDirectory, ports, villageUrl, gatewayArgs } = this.options;
    const folder = openDataFolder(join(dataDirectory, plan.gateway));
    const token = makeToken(folder, 'village', ['admin', 'pay', 'read', 'enrol'], entropy);
    const relay = await Relay.open({
      targetPort: () => portOf(this.brokerUrl()) ?? 0,
      entropy,
      now: () => clock.monotonic(),
      setTimer: (delayMs, run) => {
        const handle = setTimeout(run, delayMs);
        return () => clearTimeout(handle);
      },
    });
    const child = new Child({
      name: plan.gateway,
      now: clock.now,
      logPath: join(dataDirectory, 'logs', `${plan.gateway}.log`),
      args: (last) => {
        const port = portOf(last?.http) ?? (ports === undefined ? 0 : ports.firstGateway + index);
        const village = villageUrl?.();
        return [
          ...GATEWAY_NODE_FLAGS,
          CLI,
          'gateway',
          '--data',
          folder,
          '--mqtt',
          `mqtt://127.0.0.1:${relay.port}`,
          '--http',
          `127.0.0.1:${port}`,
          ...(village === undefined ? [] : ['--village', village]),
          ...(gatewayArgs?.(plan) ?? []),
        ];
      },
    });
    child.onChange(() => this.changed());
    const client = new Client(() => child.ready?.http, token);
    this.sites.push({ plan, child, relay, dataDirectory: folder, client, link: 'up', linkSinceMs: clock.now() });
    await startOnFreePort(child);
    await this.enrol(client, plan);
  }

  /** As a technician does it: a voucher made in the office, typed at the box. */
  private async enrol(client: Client, plan: SitePlan): Promise<void> {
    type Enrolment = { state: string; reason?: string };
    let enrolment = await client.get<Enrolment>('/v1/enrolment');
    if (enrolment.state === 'enrolled') return;
    const voucher = await this.office.post<{ code: string }>('/v1/vouchers', { gateway: plan.gateway, site: plan.site.en });
    await client.post('/v1/enrolment', { voucher: voucher.code });
    for (let tries = 0; enrolment.state !== 'enrolled'; tries++) {
      if (tries > 300 || enrolment.state === 'refused') {
        throw new ExitFault(1, `${plan.gateway} was not enrolled: ${enrolment.reason ?? 'no answer from head office'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      enrolment = await client.get<Enrolment>('/v1/enrolment');
    }
  }
}

/** The remembered port, or one that the system picks where another program has it. */
async function startOnFreePort(child: Child): Promise<ReadyLine> {
  try {
    return await child.start();
  } catch (fault) {
    // A port in use ends with 1, like other things that can be put right outside: those only say the same again.
    if (!(fault instanceof ChildFault) || fault.code !== 1) throw fault;
    child.ready = { ready: child.name, pid: 0, http: 'http://127.0.0.1:0' };
    return await child.start();
  }
}

function portOf(url: string | undefined): number | undefined {
  return url === undefined ? undefined : Number(/:([0-9]+)\/?$/.exec(url)?.[1] ?? 0);
}
