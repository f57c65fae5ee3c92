/** A link made bad on purpose, in time that only the test moves, over real sockets. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededEntropy } from '../platform/entropy.ts';
import { BAD_LINK, GOOD_LINK, type LinkCondition, Relay } from './relay.ts';

/** What lies behind the relay: it keeps what comes, and can answer. */
let far: Server;
let farPort: number;
let farSockets: Socket[];
let relay: Relay;
let near: Socket;
let nowMs: number;
let timers: { atMs: number; run: () => void; cancelled: boolean }[];
let asleep: (() => void) | undefined;

beforeEach(async () => {
  farSockets = [];
  nowMs = 1_000;
  timers = [];
  far = createServer((socket) => {
    socket.on('error', () => undefined);
    farSockets.push(socket);
  });
  far.listen(0, '127.0.0.1');
  await once(far, 'listening');
  farPort = (far.address() as { port: number }).port;
  relay = await Relay.open({
    targetPort: () => farPort,
    entropy: seededEntropy(1),
    now: () => nowMs,
    setTimer: (delayMs, run) => {
      const timer = { atMs: nowMs + delayMs, run, cancelled: false };
      timers.push(timer);
      asleep?.();
      return () => {
        timer.cancelled = true;
      };
    },
  });
});
afterEach(async () => {
  near?.destroy();
  for (const socket of farSockets) socket.destroy();
  await relay.close();
  far.close();
});

async function open(): Promise<Socket> {
  near = connect({ host: '127.0.0.1', port: relay.port });
  near.on('error', () => undefined);
  const met = once(far, 'connection');
  await once(near, 'connect');
  await met;
  return farSockets.at(-1) as Socket;
}

/** By whatever end. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** Everything that comes to a socket from now on; `until` resolves when there are that many bytes. */
function reading(socket: Socket) {
  const chunks: Buffer[] = [];
  let size = 0;
  let check: () => void = () => undefined;
  socket.on('data', (chunk) => {
    chunks.push(chunk as Buffer);
    size += chunk.length;
    check();
  });
  return {
    size: () => size,
    bytes: () => Buffer.concat(chunks),
    until: (count: number) =>
      new Promise<void>((resolve) => {
        check = () => {
          if (size >= count) resolve();
        };
        check();
      }),
  };
}

/** Resolves when the relay has taken something in and sleeps until it is due. */
const sleeps = () =>
  new Promise<void>((resolve) => {
    asleep = () => {
      asleep = undefined;
      resolve();
    };
  });

function advance(toMs: number): void {
  for (;;) {
    const [due] = timers.filter((timer) => !timer.cancelled && timer.atMs <= toMs).sort((left, right) => left.atMs - right.atMs);
    if (due === undefined) break;
    timers.splice(timers.indexOf(due), 1);
    nowMs = Math.max(nowMs, due.atMs);
    due.run();
  }
  nowMs = Math.max(nowMs, toMs);
}

/** Turns of the event loop until nothing has changed for many of them. */
async function settled(read: () => number): Promise<number> {
  let last = read();
  for (let quiet = 0; quiet < 300; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (read() !== last) quiet = 0;
    last = read();
  }
  return last;
}

const at = (changes: Partial<LinkCondition>): LinkCondition => ({
  ...GOOD_LINK,
  upBytesPerSecond: Number.POSITIVE_INFINITY,
  downBytesPerSecond: Number.POSITIVE_INFINITY,
  ...changes,
});
const numbered = (count: number): Buffer => Buffer.from(Uint32Array.from({ length: count / 4 }, (_, index) => index).buffer);

describe('a relay', () => {
  it('passes bytes both ways in their order, and counts them', async () => {
    relay.set(at({}));
    const behind = await open();
    const [up, down] = [reading(behind), reading(near)];
    const bytes = numbered(100_000);
    near.write(bytes);
    await up.until(100_000);
    behind.write('answer');
    await down.until(6);
    expect(up.bytes().equals(bytes)).toBe(true);
    expect(down.bytes().toString()).toBe('answer');
    expect(relay.bytes).toEqual({ upBytes: 100_000, downBytes: 6, connections: 1 });
  });

  it('lets bytes wait for the delay', async () => {
    relay.set(at({ delayMs: 410 }));
    const up = reading(await open());
    const taken = sleeps();
    near.write('hello');
    await taken;
    advance(1_409);
    expect(relay.bytes.upBytes).toBe(0);
    advance(1_410);
    await up.until(5);
    expect(up.bytes().toString()).toBe('hello');
  });

  it('holds the rate of each direction, piece by piece', async () => {
    relay.set(at({ upBytesPerSecond: 1_400 }));
    const behind = await open();
    const [up, down] = [reading(behind), reading(near)];
    const taken = sleeps();
    const bytes = numbered(4_200);
    near.write(bytes);
    await taken;
    for (const [ms, size] of [
      [1_999, 0],
      [2_000, 1_400],
      [2_999, 1_400],
      [3_500, 2_800],
      [4_000, 4_200],
    ] as const) {
      advance(ms);
      expect(relay.bytes.upBytes).toBe(size);
    }
    await up.until(4_200);
    expect(up.bytes().equals(bytes)).toBe(true);
    behind.write('at once');
    await down.until(7);
  });

  it('shows loss as a stall: everything comes, later', async () => {
    relay.set(at({ lossFraction: 1 }));
    const up = reading(await open());
    const taken = sleeps();
    near.write(numbered(2_800));
    await taken;
    advance(1_899);
    expect(relay.bytes.upBytes).toBe(0);
    advance(1_900);
    expect(relay.bytes.upBytes).toBe(1_400);
    advance(2_800);
    await up.until(2_800);
  });

  it('holds bytes in an outage, tells nobody, and gives them out afterwards', async () => {
    relay.set(at({ delayMs: 50 }));
    const up = reading(await open());
    const taken = sleeps();
    near.write('before');
    await taken;
    relay.set(at({ delayMs: 50, up: false }));
    near.write(' and during');
    advance(60_000);
    expect(relay.bytes.upBytes).toBe(0);
    expect(near.destroyed).toBe(false);
    const again = sleeps();
    relay.set(at({ delayMs: 50 }));
    await Promise.race([again, up.until(17)]);
    advance(120_000);
    await up.until(17);
    expect(up.bytes().toString()).toBe('before and during');
  });

  it('cut closes what is open and refuses what comes; put back, it serves again', async () => {
    const behind = await open();
    reading(behind);
    reading(near);
    const both = Promise.all([closed(near), closed(behind)]);
    relay.setCut(true);
    expect(relay.isCut).toBe(true);
    await both;
    const refused = connect({ host: '127.0.0.1', port: relay.port });
    refused.on('error', () => undefined);
    await closed(refused);
    expect(farSockets).toHaveLength(1);
    expect(relay.bytes.connections).toBe(1);
    relay.setCut(false);
    relay.set(at({}));
    const up = reading(await open());
    near.write('back');
    await up.until(4);
  });

  it.each(['near', 'behind'] as const)('closes the other side when %s is gone', async (side) => {
    const behind = await open();
    const other = side === 'near' ? behind : near;
    reading(other);
    const gone = closed(other);
    (side === 'near' ? near : behind).destroy();
    await gone;
  });

  it('that has nobody behind it closes', async () => {
    far.close();
    near = connect({ host: '127.0.0.1', port: relay.port });
    near.on('error', () => undefined);
    near.resume();
    await closed(near);
  });

  const LARGE = 48 * 1024 * 1024;
  it('stops reading where too much waits, and goes on when the outage ends', async () => {
    const up = reading(await open());
    relay.set(at({ up: false }));
    near.write(Buffer.alloc(LARGE, 7));
    const held = await settled(() => near.writableLength);
    expect(held).toBeGreaterThan(LARGE / 2);
    expect(relay.bytes.upBytes).toBe(0);
    relay.set(at({}));
    await up.until(LARGE);
    expect(relay.bytes.upBytes).toBe(LARGE);
  });

  it('stops reading where the other end does not read', async () => {
    relay.set(at({}));
    const behind = await open();
    behind.pause();
    near.write(Buffer.alloc(LARGE, 7));
    expect(await settled(() => near.writableLength)).toBeGreaterThan(LARGE / 2);
    const up = reading(behind);
    behind.resume();
    await up.until(LARGE);
  });

  it('knows a link that is worse than good', () => {
    expect(BAD_LINK.delayMs * 2).toBe(820);
    expect(BAD_LINK.upBytesPerSecond * 8).toBe(9_600);
  });
});
