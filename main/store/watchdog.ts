/**
 * Finds the cell's run that does not end. Pure but for the timers and clocks that it is given.
 * Only time inside a cell counts: not SQLite's (a slow disk, a checkpoint, a fact that is read), not time in which this thread itself stood
 * still (a tick counts for two periods at most), and where the system tells, not time in which the thread got no processor.
 * The verdict is the progress word's own (`condemn`): a cell that answers in the last moment has answered.
 */
import type { Timers } from '../platform/timers.ts';
import type { Progress } from './progress.ts';

export type WatchdogOptions = {
  readonly progress: { look(): Progress; condemn(turn: number): boolean };
  readonly timers: Timers;
  /** Milliseconds that only rise. */
  readonly now: () => number;
  /** Milliseconds of processor time that the watched thread has had; undefined where nobody tells. */
  readonly busyMs: () => number | undefined;
  readonly limits: WatchLimits;
  /** A run takes suspiciously long: a new thread may be made ready. */
  readonly onSuspect: () => void;
  /** The suspected run ended by itself. */
  readonly onRelief: () => void;
  /** The run of this order is condemned: the thread must be ended. Nothing is watched any more. */
  readonly onHung: (hang: { readonly order: number; readonly elapsedMs: number }) => void;
};

export type WatchLimits = {
  readonly periodMs: number;
  readonly suspectMs: number;
  /** A run that has had this much is condemned; of it, half on a processor where the system tells. */
  readonly hungMs: number;
  /** The same for a cell of the class slow, which brings its language's whole engine. */
  readonly slowHungMs: number;
  /** A run is condemned for time alone, whatever the processor says. */
  readonly waitingMs: number;
};

export const WATCH_LIMITS: WatchLimits = { periodMs: 10, suspectMs: 50, hungMs: 110, slowHungMs: 180, waitingMs: 2_000 };

const BUSY_PART = 0.5;

type Run = {
  readonly turn: number;
  readonly order: number;
  readonly hungMs: number;
  readonly readsFrom: number;
  readonly busyFrom: number | undefined;
  seenMs: number;
  reads: number;
  isSuspect: boolean;
};

export class Watchdog {
  private readonly options: WatchdogOptions;
  private cancel: (() => void) | undefined;
  private lastTick = 0;
  private run: Run | undefined;

  constructor(options: WatchdogOptions) {
    this.options = options;
  }

  /** Looks every period, until `rest`. */
  watch(): void {
    if (this.cancel !== undefined) return;
    this.lastTick = this.options.now();
    this.plan();
  }

  rest(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.forget();
  }

  private plan(): void {
    this.cancel = this.options.timers.setTimer(this.options.limits.periodMs, () => {
      this.plan();
      this.tick();
    });
  }

  private tick(): void {
    const { progress, now, limits } = this.options;
    const at = now();
    const passedMs = Math.min(at - this.lastTick, 2 * limits.periodMs);
    this.lastTick = at;
    const seen = progress.look();
    const { run } = this;
    if (run === undefined || run.turn !== seen.turn) {
      this.forget();
      if (seen.isInCell) this.run = this.newRun(seen);
      return;
    }
    run.seenMs += passedMs;
    const isInOneRead = seen.isReading && seen.reads === run.reads;
    run.reads = seen.reads;
    // What the read under way takes is known at its end.
    if (isInOneRead) return;
    const readMs = ((seen.readMicroseconds - run.readsFrom) | 0) / 1_000;
    run.seenMs = Math.max(run.seenMs, readMs);
    this.judge(run, run.seenMs - readMs);
  }

  private newRun(seen: Progress): Run {
    const { turn, order, readMicroseconds, reads } = seen;
    const { hungMs: fastHungMs, slowHungMs } = this.options.limits;
    const hungMs = seen.isSlow ? slowHungMs : fastHungMs;
    return { turn, order, hungMs, readsFrom: readMicroseconds, busyFrom: this.options.busyMs(), seenMs: 0, reads, isSuspect: false };
  }

  private judge(run: Run, cellMs: number): void {
    const { limits, onSuspect, onHung, progress } = this.options;
    // A thread that only waits for its turn is no suspect for long: a spare would take the processor that it waits for.
    const isSuspect = cellMs >= limits.waitingMs / 2 || (cellMs >= limits.suspectMs && this.isBusy(run, limits.suspectMs));
    if (!run.isSuspect && isSuspect) {
      run.isSuspect = true;
      onSuspect();
    }
    if (cellMs < run.hungMs || (cellMs < limits.waitingMs && !this.isBusy(run, run.hungMs))) return;
    // Condemned, or it ended in this very moment: then the next tick sees another turn.
    if (!progress.condemn(run.turn)) return;
    this.cancel?.();
    this.cancel = undefined;
    this.run = undefined;
    onHung({ order: run.order, elapsedMs: Math.round(cellMs) });
  }

  /** Half of that time on a processor, where the system tells. */
  private isBusy(run: Run, ofMs: number): boolean {
    const busyMs = this.options.busyMs();
    if (busyMs === undefined || run.busyFrom === undefined) return true;
    return busyMs - run.busyFrom >= ofMs * BUSY_PART;
  }

  private forget(): void {
    if (this.run?.isSuspect === true) this.options.onRelief();
    this.run = undefined;
  }
}
