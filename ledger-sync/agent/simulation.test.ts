/**
 * Machine and runner in virtual time over a link that loses, repeats, delays, reorders and breaks, with restarts of both sides: 300 seeds, and every
 * entry is at the centre once and in order. A failing seed is in the test's name.
 */
import { describe, expect, it } from 'vitest';
import { kioskStream, seededRandom } from '../../test/bench/kiosk-stream.ts';
import { ModelCentre } from '../../test/support/model-centre.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { Entry } from '../ledger/entry.ts';
import { EMPTY_HEAD, type Head, headOf } from '../ledger/journal.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { type Agent, type AgentReport, type JournalSource, startAgent } from './agent.ts';
import type { Link, LinkHandlers, OpenLink } from './link.ts';
import type { MachineSettings } from './machine-types.ts';

const box = signerFromPem(generateKey());
const office = signerFromPem(generateKey());
const stream = kioskStream({ payments: 400, seed: 9, grainMs: 1 });

type Weather = { loss: number; repeat: number; leastMs: number; jitterMs: number; bytesPerS: number; failsToConnect: number };
const CALM: Weather = { loss: 0, repeat: 0, leastMs: 20, jitterMs: 0, bytesPerS: 100_000, failsToConnect: 0 };

class World {
  readonly time = new VirtualTime();
  readonly random: () => number;
  readonly centre: ModelCentre;
  weather: Weather = { ...CALM };
  /** What is on the box's disk. */
  entries: Entry[] = [];
  settled: Head = EMPTY_HEAD;
  fenced: string | undefined;
  readonly reports: AgentReport[] = [];
  agent: Agent | undefined;
  isCentreUp = true;
  bytesUp = 0;
  private handlers: LinkHandlers | undefined;
  private isUp = false;
  private lineFreeMs = 0;
  private readonly settings: Partial<MachineSettings>;

  constructor(seed: number, settings: Partial<MachineSettings> = {}) {
    this.random = seededRandom(seed);
    this.settings = settings;
    this.centre = new ModelCentre(stream.name, box.publicKey, office, () => this.time.now());
  }

  pay(count: number): void {
    this.entries = stream.entries.slice(0, this.entries.length + count);
    this.agent?.journalGrew();
  }

  startBox(): void {
    const source: JournalSource = {
      head: () => (this.entries.length === 0 ? EMPTY_HEAD : headOf(this.entries.at(-1) as Entry)),
      name: () => stream.name,
      entriesAfter: (number, limit) => this.entries.slice(number, number + limit),
      watermark: () => ({ received: this.settled, archived: 0 }),
    };
    this.agent = startAgent({
      openLink: this.openLink,
      source,
      signer: box,
      centreKey: office.publicKey,
      hooks: {
        settle: async ({ received }) => {
          if (received.number < this.settled.number) throw new Error('a watermark went down');
          this.settled = received;
        },
        fence: async (reason) => {
          this.fenced = reason;
        },
        enrolled: async () => undefined,
        onState: () => undefined,
        onDocument: () => undefined,
        onReport: (report) => this.reports.push(report),
      },
      clock: this.time,
      timers: this.time,
      entropy: { bytes: (count) => Uint8Array.from({ length: count }, () => this.random() * 256) },
      settings: this.settings,
    });
  }

  /** kill -9: what was in memory is gone. */
  killBox(): void {
    this.agent?.stop();
    this.agent = undefined;
    this.isUp = false;
    this.handlers = undefined;
  }

  cut(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.handlers?.disconnected('cut');
  }

  private readonly openLink: OpenLink = (handlers): Link => {
    this.handlers = handlers;
    const isCurrent = (): boolean => this.handlers === handlers;
    return {
      connect: () => {
        const fails = this.random() < this.weather.failsToConnect;
        this.time.setTimer(this.weather.leastMs * 2, () => {
          if (!isCurrent()) return;
          this.isUp = !fails;
          if (fails) handlers.disconnected('refused');
          else handlers.connected();
        });
      },
      subscribe: () => undefined,
      publish: (_topic, payload) => {
        if (!this.isUp || !isCurrent()) return;
        this.bytesUp += payload.length;
        this.carry(payload, (bytes) => {
          if (!this.isCentreUp) return;
          for (const answer of this.centre.take(bytes))
            this.carry(answer, (down) => this.isUp && this.handlers?.message(`d/${stream.name.gateway}`, down));
        });
      },
      close: () => undefined,
    };
  };

  private carry(bytes: Uint8Array, arrive: (bytes: Uint8Array) => void): void {
    const { loss, repeat, leastMs, jitterMs, bytesPerS } = this.weather;
    const now = this.time.monotonic();
    this.lineFreeMs = Math.max(now, this.lineFreeMs) + (bytes.length * 1000) / bytesPerS;
    const copies = this.random() < loss ? 0 : this.random() < repeat ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.time.setTimer(this.lineFreeMs - now + leastMs + this.random() * jitterMs, () => arrive(bytes));
    }
  }

  isSettled(count: number): boolean {
    return this.entries.length === count && this.settled.number === count && this.centre.hashes.length === count;
  }

  expectExact(): void {
    expect(this.centre.hashes).toEqual(this.entries.map(({ hash }) => hash));
    expect(this.settled).toEqual(this.entries.length === 0 ? EMPTY_HEAD : headOf(this.entries.at(-1) as Entry));
    expect(this.fenced).toBeUndefined();
  }
}

const HOUR_MS = 3_600_000;

describe('everything arrives once and in order (I8, I9, W3)', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index))('ten seeds from %i0 on', async (decade) => {
    for (let seed = decade * 10; seed < decade * 10 + 10; seed++) {
      const world = new World(seed, { heartbeatMs: 20_000, slowRetryMs: 30_000, mostReconnectMs: 20_000, keepaliveMs: 120_000 });
      const { random, time } = world;
      world.weather = {
        loss: random() < 0.3 ? 0 : random() * 0.35,
        repeat: random() * 0.2,
        leastMs: 10 + random() * 900,
        jitterMs: random() < 0.5 ? 0 : random() * 1500,
        bytesPerS: 200 + random() ** 3 * 50_000,
        failsToConnect: random() * 0.5,
      };
      world.centre.isStaging = random() < 0.7;
      if (random() < 0.3) world.centre.unreadable.add(1 + Math.floor(random() * 60));
      const total = 40 + Math.floor(random() * 160);
      world.startBox();
      for (let paid = 0; paid < total; ) {
        const group = Math.min(total - paid, 1 + Math.floor(random() ** 4 * 60));
        time.setTimer(random() * 120_000, () => world.pay(group));
        paid += group;
      }
      for (let trouble = 0; trouble < 8; trouble++) {
        const atMs = random() * 150_000;
        const kind = random();
        if (kind < 0.4) time.setTimer(atMs, () => world.cut());
        else if (kind < 0.7) {
          time.setTimer(atMs, () => world.killBox());
          time.setTimer(atMs + random() * 10_000, () => world.agent ?? world.startBox());
        } else {
          time.setTimer(atMs, () => {
            world.isCentreUp = false;
          });
          time.setTimer(atMs + random() * 60_000, () => {
            world.isCentreUp = true;
          });
        }
      }
      const isDone = await time.run(() => world.isSettled(total), 6 * HOUR_MS);
      expect({ seed, isDone }).toEqual({ seed, isDone: true });
      world.expectExact();
    }
  });
});

describe('what the rules ask for', () => {
  it('J4: a restored centre gets again what it lost', async () => {
    const world = new World(1);
    world.startBox();
    world.pay(50);
    expect(await world.time.run(() => world.isSettled(50), HOUR_MS)).toBe(true);
    world.centre.hashes = world.centre.hashes.slice(0, 20);
    world.cut();
    expect(await world.time.run(() => world.isSettled(50), HOUR_MS)).toBe(true);
    expect(world.reports).toContainEqual({ code: 'centre-behind', received: 20, settled: 50 });
    world.expectExact();
  });

  it('J4: a box whose disk was put back fences itself; nothing more is sent', async () => {
    const world = new World(2);
    world.startBox();
    world.pay(30);
    await world.time.run(() => world.isSettled(30), HOUR_MS);
    world.killBox();
    world.entries = world.entries.slice(0, 10);
    world.settled = headOf(world.entries[9] as Entry);
    world.startBox();
    await world.time.run(() => world.fenced !== undefined, world.time.monotonic() + HOUR_MS);
    expect(world.fenced).toContain('holds 30 entries');
    expect(world.agent?.state().phase).toBe('fenced');
    const { batches } = world.centre;
    world.agent?.journalGrew();
    await world.time.run(() => false, world.time.monotonic() + 60_000);
    expect(world.centre.batches).toBe(batches);
  });

  it('P6: a journal that the office closed is fenced', async () => {
    const world = new World(3);
    world.centre.isFenced = true;
    world.startBox();
    await world.time.run(() => world.fenced !== undefined, HOUR_MS);
    expect(world.fenced).toContain('closed this journal at entry 0');
  });

  it('J7: an entry that cannot be decoded is passed alone, the others arrive', async () => {
    const world = new World(4);
    world.centre.unreadable.add(77);
    world.pay(200);
    world.startBox();
    expect(await world.time.run(() => world.isSettled(200), HOUR_MS)).toBe(true);
    expect(world.centre.raw).toEqual([77]);
    world.expectExact();
  });

  it('W3: an unknown version or a box that is not enrolled keeps its entries and tries again slowly', async () => {
    for (const refuse of [{ readsVersion: 0 }, { isEnrolled: false }]) {
      const world = new World(5, { slowRetryMs: 300_000 });
      Object.assign(world.centre, refuse);
      world.pay(20);
      world.startBox();
      await world.time.run(() => world.agent?.state().rejected !== undefined, HOUR_MS);
      const bytes = world.bytesUp;
      await world.time.run(() => false, world.time.monotonic() + 250_000);
      expect(world.bytesUp).toBe(bytes);
      Object.assign(world.centre, { readsVersion: 1, isEnrolled: true });
      expect(await world.time.run(() => world.isSettled(20), world.time.monotonic() + 400_000)).toBe(true);
      expect(world.agent?.state().rejected).toBeUndefined();
    }
  });

  it('a lone payment goes at once; those that come while it is on its way go together', async () => {
    const world = new World(6);
    world.startBox();
    await world.time.run(() => world.agent?.state().link === 'on', HOUR_MS);
    const before = world.centre.batches;
    for (let payment = 0; payment < 20; payment++) world.pay(1);
    await world.time.run(() => world.isSettled(20), HOUR_MS);
    expect(world.centre.batches - before).toBe(2);
  });

  it('says on, slow and off as the link is', async () => {
    const world = new World(7, { heartbeatMs: 5000 });
    world.startBox();
    expect(world.agent?.state().link).toBe('off');
    const becomes = (link: string) => world.time.run(() => world.agent?.state().link === link, world.time.monotonic() + HOUR_MS);
    expect(await becomes('on')).toBe(true);
    world.isCentreUp = false;
    expect(await becomes('slow')).toBe(true);
    expect(await becomes('off')).toBe(true);
    world.isCentreUp = true;
    expect(await becomes('on')).toBe(true);
    world.weather.leastMs = 3000;
    expect(await becomes('slow')).toBe(true);
    world.cut();
    expect(world.agent?.state().link).toBe('off');
  });

  it('W5: 9,600 bit/s, 800 ms, 10 % loss: the line is kept busy and few bytes go twice', async () => {
    const world = new World(8);
    world.weather = { loss: 0.1, repeat: 0, leastMs: 400, jitterMs: 0, bytesPerS: 1200, failsToConnect: 0 };
    world.pay(400);
    world.startBox();
    expect(await world.time.run(() => world.isSettled(400), HOUR_MS)).toBe(true);
    world.expectExact();
    expect(world.bytesUp).toBeLessThan(400 * 25);
  });
});
