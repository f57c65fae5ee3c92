import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { EntryHash } from '../ledger/ids.ts';
import { type Settled, SettleQueue } from './settle-queue.ts';

const ack = (number: number): Settled => ({ received: { number, hash: 'aa'.repeat(32) as EntryHash }, archived: 0 });

describe('the settle queue', () => {
  it('keeps one at a time, and only the newest of those that wait', async () => {
    const kept: number[] = [];
    const time = new VirtualTime();
    const queue = new SettleQueue({ settle: async ({ received }) => void kept.push(received.number) }, time, () => undefined);
    for (const number of [1, 2, 3]) queue.put(ack(number));
    await time.run(() => false, 10_000);
    await Promise.resolve();
    expect(kept).toEqual([1, 3]);
  });

  it('tries again what could not be kept, unless a newer one was', async () => {
    const kept: number[] = [];
    const faults: string[] = [];
    let isBroken = true;
    const time = new VirtualTime();
    const settle = async ({ received }: Settled): Promise<void> => {
      if (isBroken) throw new Error('disk full');
      kept.push(received.number);
    };
    const queue = new SettleQueue({ settle }, time, (detail) => faults.push(detail));
    queue.put(ack(7));
    await time.run(() => faults.length === 2, 20_000);
    isBroken = false;
    await time.run(() => kept.length === 1, 40_000);
    expect(kept).toEqual([7]);
    expect(faults[0]).toContain('entry 7 could not be kept: Error: disk full');
    queue.stop();
  });
});
