// The serial line over a pseudo-terminal: opens when the device appears, carries bytes both ways, says when it is lost, opens again.
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Timers } from '../../main/platform/timers.ts';
import { systemTimers } from '../../main/platform/timers.ts';
import { requireTool } from '../../test/support/require.ts';
import type { ByteStreamEvent } from './byte-stream.ts';
import { ptyPair } from './pty-pair.ts';
import { DEFAULT_SERIAL_OPTIONS, SerialStream } from './serial-stream.ts';

const socat = requireTool('socat');
const pair = ptyPair(socat ?? '');
const { nearPath, farPath, plugIn, unplug } = pair;
const options = { ...DEFAULT_SERIAL_OPTIONS, backoff: { firstMs: 10, lastMs: 40 } };
const streams: SerialStream[] = [];

/** A stream and its events, to be awaited in order. */
function open(path: string, warn: (text: string) => void = () => {}) {
  const stream = new SerialStream(path, systemTimers, { ...options, warn });
  streams.push(stream);
  const events: ByteStreamEvent[] = [];
  let wake = (): void => {};
  stream.start((event) => {
    events.push(event);
    wake();
  });
  const next = async (): Promise<ByteStreamEvent> => {
    while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return events.shift() as ByteStreamEvent;
  };
  return { stream, next };
}

afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.close();
  await unplug();
});
afterAll(() => pair.dispose());

describe.skipIf(socat === undefined)('a serial line', () => {
  it('carries every byte value in order, both ways', async () => {
    await plugIn();
    const near = open(nearPath);
    const far = open(farPath);
    expect(await near.next()).toEqual({ kind: 'opened' });
    expect(await far.next()).toEqual({ kind: 'opened' });
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      expect(await from.stream.write(all)).toBe('drained');
      const heard: number[] = [];
      while (heard.length < all.length) {
        const event = await to.next();
        if (event.kind === 'bytes') heard.push(...event.bytes);
      }
      expect(heard).toEqual([...all]);
    }
  });

  it('waits for a device that is not there yet, and opens again after it was pulled out', async () => {
    const warnings: string[] = [];
    const near = open(nearPath, (text) => warnings.push(text));
    await expect.poll(() => warnings.length).toBe(1);
    expect(warnings[0]).toContain(nearPath);
    await plugIn();
    expect(await near.next()).toEqual({ kind: 'opened' });
    await unplug();
    expect(await near.next()).toMatchObject({ kind: 'lost' });
    expect(await near.stream.write(Uint8Array.of(1))).toBe('lost');
    await plugIn();
    expect(await near.next()).toEqual({ kind: 'opened' });
  });
});

describe('a serial line that is closed', () => {
  it('tries no more and answers writes with lost', async () => {
    const waits: number[] = [];
    let tried = (): void => {};
    const firstTry = new Promise<void>((resolve) => (tried = resolve));
    let cancelled = 0;
    const timers: Timers = {
      setTimer: (delayMs) => {
        waits.push(delayMs);
        tried();
        return () => {
          cancelled += 1;
        };
      },
    };
    const stream = new SerialStream(`${nearPath}-nothing`, timers, options);
    stream.start(() => {});
    await firstTry;
    await stream.close();
    expect([waits, cancelled]).toEqual([[10], 1]);
    expect(await stream.write(Uint8Array.of(1))).toBe('lost');
  });
});
