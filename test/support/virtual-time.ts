/** Time that only tests move: events run in order of their moment, and promises settle between them. */
import type { Clock } from '../../main/platform/clock.ts';
import type { Timers } from '../../main/platform/timers.ts';

export class VirtualTime implements Clock, Timers {
  private events: { readonly atMs: number; readonly order: number; readonly run: () => void; isCancelled: boolean }[] = [];
  private order = 0;
  private nowMs = 0;
  /** What is waited for between two events: promises, unless a test has slower things. */
  between: () => Promise<void> = async () => {
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  };

  monotonic(): number {
    return this.nowMs;
  }

  now(): number {
    return 1_800_000_000_000 + Math.floor(this.nowMs);
  }

  setTimer(delayMs: number, run: () => void): () => void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), order: this.order++, run, isCancelled: false };
    let at = this.events.length;
    while (at > 0 && (this.events[at - 1] as typeof event).atMs > event.atMs) at--;
    this.events.splice(at, 0, event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs events until `isDone` or the limit; true where it is done. */
  async run(isDone: () => boolean, limitMs: number): Promise<boolean> {
    while (!isDone()) {
      const event = this.events[0];
      if (event === undefined || event.atMs > limitMs) {
        this.nowMs = Math.max(this.nowMs, limitMs);
        return false;
      }
      this.events.shift();
      this.nowMs = event.atMs;
      if (!event.isCancelled) event.run();
      await this.between();
    }
    return true;
  }
}
