/**
 * The gateway's agent and the centre's ingest, both real, over a link in memory that loses, repeats, reorders and breaks, in virtual time: whatever happens
 * on the way, head office ends with the gateway's journal, once and in order, and the gateway knows it (I8, I9).
 */
import { afterEach, describe, expect, it } from 'vitest';
import { Box, enrolBox } from '../../ledger-sync/central/testing.ts';
import { centre, newPath, openRoom, type Room, removePaths } from '../../ledger-sync/central/testing-room.ts';
import { World } from '../support/sync-world.ts';

const HOUR_MS = 3_600_000;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let room: Room;
afterEach(async () => {
  await room.tables.close();
  removePaths();
});

/** A box with a life of `payments`, enrolled at a real centre. */
async function valley(seed: number, payments: number): Promise<{ readonly world: World; readonly box: Box }> {
  room = await openRoom(newPath());
  const box = new Box('syabru', seed).openAll().pay(payments);
  await enrolBox(room.tables, box);
  await room.ingest.desk.load();
  const settings = { heartbeatMs: 20_000, slowRetryMs: 30_000, mostReconnectMs: 20_000 };
  const world = new World(box, seed, settings, { box: box.signer, office: centre });
  world.time.between = nextTurn;
  world.answer = async (bytes) => {
    room.clock.ms += 700;
    return (await room.ingest.receive('u/syabru', bytes)).map((outgoing) => outgoing.bytes);
  };
  return { world, box };
}

describe('agent and centre', () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %i: every entry settles, once', async (seed) => {
    const { world, box } = await valley(seed, 300);
    const { random, time } = world;
    world.weather = { loss: random() * 0.3, repeat: 0.1, leastMs: 300, jitterMs: random() * 500, bytesPerS: 1200, failsToConnect: 0.3 };
    const total = box.entries.length;
    world.startBox();
    for (let paid = 0; paid < total; ) {
      const group = Math.min(total - paid, 1 + Math.floor(random() ** 3 * 80));
      time.setTimer(random() * 120_000, () => world.pay(group));
      paid += group;
    }
    for (let trouble = 0; trouble < 5; trouble++) {
      time.setTimer(random() * 150_000, () => world.cut());
      time.setTimer(random() * 150_000, () => {
        world.killBox();
        world.startBox();
      });
    }
    expect(await time.run(() => world.settled.number === total, 6 * HOUR_MS)).toBe(true);
    expect(world.settled).toEqual(box.head);
    expect((await room.tables.totals()).entries).toBe(total);
    expect([world.fenced, room.broke]).toEqual([undefined, []]);
  });

  it('J4, P6: a box whose disk was put back is fenced on both sides, and no entry is taken back', async () => {
    const { world, box } = await valley(7, 60);
    world.startBox();
    world.pay(50);
    await world.time.run(() => world.settled.number === 50, HOUR_MS);
    world.killBox();
    world.entries = [...box.entries.slice(0, 20)];
    world.settled = box.headAt(20);
    world.startBox();
    await world.time.run(() => world.fenced !== undefined, world.time.monotonic() + HOUR_MS);
    expect(world.fenced).toContain('50 entries');
    expect((await room.tables.totals()).entries).toBe(50);
  });

  it('an unknown box is told so and keeps its entries', async () => {
    const { world, box } = await valley(8, 10);
    const stranger = new World(new Box('syabru', 99).openAll(), 8, {}, { box: new Box('syabru', 99).signer, office: centre });
    stranger.time.between = nextTurn;
    stranger.answer = world.answer;
    stranger.startBox();
    await stranger.time.run(() => stranger.agent?.state().rejected !== undefined, HOUR_MS);
    expect(stranger.agent?.state().rejected).toBe('not-enrolled');
    expect(box.entries.length).toBeGreaterThan(0);
  });
});
