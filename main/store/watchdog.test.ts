import { beforeEach, expect, it } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { Watchdog, type WatchdogOptions } from './watchdog.ts';

const LIMITS = { periodMs: 10, suspectMs: 50, hungMs: 100, slowHungMs: 300, waitingMs: 1_000 };

let time: VirtualTime;
let seen: { turn: number; order: number; reads: number; readMicroseconds: number; isSlow: boolean };
let busyMs: number | undefined;
let told: string[];
let condemned: number[];
let watchdog: Watchdog;
/** Time that passed while nothing could run here. */
let stalledMs: number;

const advance = (byMs: number): Promise<boolean> => time.run(() => false, time.monotonic() + byMs);

beforeEach(() => {
  time = new VirtualTime();
  seen = { turn: 0, order: 7, reads: 0, readMicroseconds: 0, isSlow: false };
  busyMs = undefined;
  stalledMs = 0;
  told = [];
  condemned = [];
  const options: WatchdogOptions = {
    progress: {
      look: () => ({ ...seen, isInCell: seen.turn % 2 === 1, isReading: seen.reads % 2 === 1 }),
      condemn: (turn) => {
        condemned.push(turn);
        return turn === seen.turn;
      },
    },
    timers: time,
    now: () => time.monotonic() + stalledMs,
    busyMs: () => busyMs,
    limits: LIMITS,
    onSuspect: () => told.push('suspect'),
    onRelief: () => told.push('relief'),
    onHung: ({ order, elapsedMs }) => told.push(`hung ${order} ${elapsedMs >= 100 && elapsedMs < 150}`),
  };
  watchdog = new Watchdog(options);
  watchdog.watch();
});

it('a run that does not end is suspected, then condemned, once', async () => {
  seen.turn = 1;
  await advance(40);
  expect(told).toEqual([]);
  await advance(20);
  expect(told).toEqual(['suspect']);
  await advance(1_000);
  expect(told).toEqual(['suspect', 'hung 7 true']);
  expect(condemned).toEqual([1]);
});

it('runs that end are let be, however many there are', async () => {
  for (let turn = 1; turn < 200; turn++) {
    seen.turn = turn;
    await advance(15);
  }
  expect(told).toEqual([]);
});

it('a suspected run that ends relieves', async () => {
  seen.turn = 1;
  await advance(80);
  seen.turn = 2;
  await advance(500);
  expect(told).toEqual(['suspect', 'relief']);
});

it('outside a cell nothing counts: a COMMIT may take its time', async () => {
  seen.turn = 2;
  await advance(60_000);
  expect(told).toEqual([]);
});

it('a slow read in a cell is the disk’s time; what comes after it is the cell’s', async () => {
  seen = { ...seen, turn: 1, reads: 1 };
  await advance(5_000);
  expect(told).toEqual([]);
  seen = { ...seen, reads: 2, readMicroseconds: 5_000_000 };
  await advance(30);
  expect(told).toEqual([]);
  await advance(200);
  expect(told).toEqual(['suspect', 'hung 7 true']);
});

it('a cell that reads without end is a cell that hangs', async () => {
  seen.turn = 1;
  for (let round = 0; round < 30; round++) {
    seen.reads += 7;
    await advance(10);
  }
  expect(told).toEqual(['suspect', 'hung 7 true']);
});

it('time in which the watcher itself stood still counts for two periods', async () => {
  seen.turn = 1;
  await advance(20);
  stalledMs = 1_000;
  await advance(10);
  expect(told).toEqual([]);
});

it('a thread that got no processor is waited for, but not for ever', async () => {
  busyMs = 500;
  seen.turn = 1;
  await advance(400);
  expect(told).toEqual([]);
  await advance(200);
  expect(told).toEqual(['suspect']);
  await advance(1_000);
  expect(told).toHaveLength(2);
});

it('a thread that is busy is not', async () => {
  busyMs = 500;
  seen.turn = 1;
  await advance(20);
  busyMs = 590;
  await advance(150);
  expect(told).toEqual(['suspect', 'hung 7 true']);
});

it('a run that ends in the moment of the verdict has ended', async () => {
  seen.turn = 1;
  await advance(95);
  const { condemn } = (watchdog as unknown as { options: WatchdogOptions }).options.progress;
  Object.assign((watchdog as unknown as { options: WatchdogOptions }).options.progress, {
    condemn: (turn: number) => {
      seen.turn = 2;
      return condemn(turn);
    },
  });
  await advance(500);
  expect(told).toEqual(['suspect', 'relief']);
});

it('rests, and looks again when it is told to', async () => {
  seen.turn = 1;
  watchdog.rest();
  await advance(1_000);
  expect(told).toEqual([]);
  watchdog.watch();
  await advance(150);
  expect(told).toEqual(['suspect', 'hung 7 true']);
});

it('a cell of the class slow is given longer', async () => {
  seen = { ...seen, turn: 1, isSlow: true };
  await advance(280);
  expect(told).toEqual(['suspect']);
  await advance(60);
  expect(told).toHaveLength(2);
});
