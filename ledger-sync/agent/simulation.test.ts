/**
 * Machine and runner in virtual time over a link that loses, repeats, delays, reorders and breaks, with restarts of both sides: 300 seeds, and every
 * entry is at the centre once and in order. A failing seed is in the test's name.
 */
import { describe, expect, it } from 'vitest';
import { kioskStream } from '../../test/bench/kiosk-stream.ts';
import { World } from '../../test/support/sync-world.ts';
import type { Entry } from '../ledger/entry.ts';
import { headOf } from '../ledger/journal.ts';

const HOUR_MS = 3_600_000;
const stream = kioskStream({ payments: 400, seed: 9, grainMs: 1 });

function expectExact(world: World): void {
  expect(world.centre.hashes).toEqual(world.entries.map(({ hash }) => hash));
  expect(world.settled).toEqual(headOf(world.entries.at(-1) as Entry));
  expect(world.fenced).toBeUndefined();
}

describe('everything arrives once and in order (I8, I9, W3)', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index))('ten seeds from %i0 on', async (decade) => {
    for (let seed = decade * 10; seed < decade * 10 + 10; seed++) {
      const world = new World(stream, seed, { heartbeatMs: 20_000, slowRetryMs: 30_000, mostReconnectMs: 20_000, keepaliveMs: 120_000 });
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
      world.centre.isTalkative = random() < 0.7;
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
      expectExact(world);
    }
  });
});

describe('what the rules ask for', () => {
  it('J4: a restored centre gets again what it lost', async () => {
    const world = new World(stream, 1);
    world.startBox();
    world.pay(50);
    expect(await world.time.run(() => world.isSettled(50), HOUR_MS)).toBe(true);
    world.centre.hashes = world.centre.hashes.slice(0, 20);
    world.cut();
    expect(await world.time.run(() => world.isSettled(50), HOUR_MS)).toBe(true);
    expect(world.reports).toContainEqual({ code: 'centre-behind', received: 20, settled: 50 });
    expectExact(world);
  });

  it('J4: a box whose disk was put back fences itself; nothing more is sent', async () => {
    const world = new World(stream, 2);
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
    const world = new World(stream, 3);
    world.centre.isFenced = true;
    world.startBox();
    await world.time.run(() => world.fenced !== undefined, HOUR_MS);
    expect(world.fenced).toContain('closed this journal at entry 0');
  });

  it('J7: an entry that cannot be decoded is passed alone, the others arrive', async () => {
    const world = new World(stream, 4);
    world.centre.unreadable.add(77);
    world.pay(200);
    world.startBox();
    expect(await world.time.run(() => world.isSettled(200), HOUR_MS)).toBe(true);
    expect(world.centre.raw).toEqual([77]);
    expectExact(world);
  });

  it('W3: an unknown version or a box that is not enrolled keeps its entries and tries again slowly', async () => {
    for (const refuse of [{ readsVersion: 0 }, { isEnrolled: false }]) {
      const world = new World(stream, 5, { slowRetryMs: 300_000 });
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
    const world = new World(stream, 6);
    world.startBox();
    await world.time.run(() => world.agent?.state().link === 'on', HOUR_MS);
    const before = world.centre.batches;
    for (let payment = 0; payment < 20; payment++) world.pay(1);
    await world.time.run(() => world.isSettled(20), HOUR_MS);
    expect(world.centre.batches - before).toBe(2);
  });

  it('says on, slow and off as the link is', async () => {
    const world = new World(stream, 7, { heartbeatMs: 5000 });
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
    const world = new World(stream, 8);
    world.weather = { loss: 0.1, repeat: 0, leastMs: 400, jitterMs: 0, bytesPerS: 1200, failsToConnect: 0 };
    world.pay(400);
    world.startBox();
    expect(await world.time.run(() => world.isSettled(400), HOUR_MS)).toBe(true);
    expectExact(world);
    expect(world.bytesUp).toBeLessThan(400 * 25);
  });
});
