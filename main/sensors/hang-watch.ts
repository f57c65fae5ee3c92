/**
 * Looks now and then whether the sensors' thread came to the end of what it began: a run of a cell, or a commit. Coarse on purpose, unlike
 * the writer's watchdog: no money waits here, a reading that was not answered is sent again, and a whole second of a slow disk may pass.
 */
import type { Clock } from '../platform/clock.ts';
import type { Timers } from '../platform/timers.ts';
import { WATCH } from './sensor-messages.ts';

export type HangWatchOptions = {
  readonly timers: Timers;
  readonly clock: Clock;
  /** How long one run of a cell, or one commit, may take. */
  readonly hangMs: number;
  /** The name of a cell by its place among those of the thread. */
  readonly nameOf: (index: number) => string | undefined;
  /** The thread hangs, and is not looked at any more. */
  readonly onHung: (hang: { readonly forMs: number; readonly cell: string | undefined }) => void;
};

const LOOK_MS = 250;
const STRIKES = 3;

export class HangWatch {
  private readonly options: HangWatchOptions;
  private words = new Int32Array(new SharedArrayBuffer(WATCH.words * 4));
  private readonly strikes = new Map<string, number>();
  private cancel: (() => void) | undefined;

  constructor(options: HangWatchOptions) {
    this.options = options;
  }

  /** What the next thread tells in. */
  renew(): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(WATCH.words * 4);
    this.words = new Int32Array(shared);
    return shared;
  }

  watch(): void {
    this.look(undefined, 0);
  }

  rest(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Cells that hung their thread too often. */
  stopped(): string[] {
    return [...this.strikes].filter(([, count]) => count >= STRIKES).map(([name]) => name);
  }

  /** Other cells are in use: all begin anew. */
  forgive(): void {
    this.strikes.clear();
  }

  private look(before: number | undefined, sinceMs: number): void {
    this.cancel = this.options.timers.setTimer(LOOK_MS, () => {
      const turns = Atomics.load(this.words, WATCH.turns);
      const nowMs = this.options.clock.monotonic();
      const isAtWork = turns % 2 === 1;
      const since = turns === before ? sinceMs : nowMs;
      if (isAtWork && turns === before && nowMs - since >= this.options.hangMs) this.hung(nowMs - since);
      else this.look(turns, since);
    });
  }

  private hung(forMs: number): void {
    this.cancel = undefined;
    const cell = this.options.nameOf(Atomics.load(this.words, WATCH.cell) - 1);
    if (cell !== undefined) this.strikes.set(cell, (this.strikes.get(cell) ?? 0) + 1);
    this.options.onHung({ forMs, cell });
  }
}
