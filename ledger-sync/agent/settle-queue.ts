/**
 * Keeps acknowledgements: one at a time, and of those that wait only the newest, which says all that the others say. What could not be kept is tried
 * again after a pause, until it is kept or a newer one is.
 */
import type { Timers } from '../../main/platform/timers.ts';
import type { Head } from '../ledger/journal.ts';

const RETRY_MS = 5000;

export type Settled = { readonly received: Head; readonly archived: number };

export class SettleQueue {
  private readonly keeper: { settle(settled: Settled): Promise<void> };
  private readonly onFault: (detail: string) => void;
  private waiting: Settled | undefined;
  private isBusy = false;
  private cancelRetry: () => void = () => undefined;
  private readonly timers: Timers;

  constructor(keeper: { settle(settled: Settled): Promise<void> }, timers: Timers, onFault: (detail: string) => void) {
    this.keeper = keeper;
    this.timers = timers;
    this.onFault = onFault;
  }

  put(settled: Settled): void {
    this.waiting = settled;
    if (!this.isBusy) void this.drain();
  }

  stop(): void {
    this.waiting = undefined;
    this.cancelRetry();
  }

  private async drain(): Promise<void> {
    this.isBusy = true;
    this.cancelRetry();
    for (let next = this.waiting; next !== undefined; next = this.waiting) {
      this.waiting = undefined;
      try {
        await this.keeper.settle(next);
      } catch (fault) {
        this.onFault(`the acknowledgement of entry ${next.received.number} could not be kept: ${String(fault)}`);
        this.retry(next);
      }
    }
    this.isBusy = false;
  }

  private retry(failed: Settled): void {
    this.cancelRetry = this.timers.setTimer(RETRY_MS, () => {
      if (this.waiting === undefined) this.put(failed);
    });
  }
}
