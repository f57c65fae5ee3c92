/**
 * Where the writer thread sits: starts it, watches it, ends it where a cell does not come back, and seats the next one.
 * Invariants: one thread at a time has the database open: a spare that was made ready in time opens it only once the other one's end was
 * seen; everything that a thread said before its end is heard before its end is told.
 */
import { Worker } from 'node:worker_threads';
import { WRITER_YOUNG_GENERATION_MIB } from '../platform/node-flags.ts';
import { threadTimeMs } from '../platform/thread-time.ts';
import type { Timers } from '../platform/timers.ts';
import { ProgressReader, progressWords } from './progress.ts';
import { Watchdog, type WatchLimits } from './watchdog.ts';
import type { FromWorker, ToWorker } from './writer-messages.ts';

/** A run that did not end: `order` is the word of the order that it was for. */
export type Hang = { readonly order: number; readonly elapsedMs: number };
/** How a thread ended: by itself, with its code, or because it was ended for a hang. `stuck`: it could not be ended. */
export type ThreadEnd = { readonly code: number; readonly hang?: Hang; readonly isStuck?: boolean };

export type SeatOptions = {
  readonly url: URL;
  /** What a thread that is made now is given, beside its progress words. */
  readonly setup: () => object;
  readonly timers: Timers;
  readonly now: () => number;
  readonly limits: WatchLimits;
  readonly onMessage: (message: FromWorker) => void;
  readonly onTrouble: (line: string) => void;
  readonly onEnded: (end: ThreadEnd) => void;
};

/** A thread that does not even end is nothing that this process can mend. */
const TERMINATE_LIMIT_MS = 5_000;
/** Modules and cells, without the database: a thread that takes longer hangs in one of them. */
const LOAD_LIMIT_MS = 60_000;

type Thread = {
  readonly worker: Worker;
  readonly progress: ProgressReader;
  timesPath: string | undefined;
  isSeated: boolean;
  hang: Hang | undefined;
  isGone: boolean;
  cancelLoadLimit: () => void;
};

export class WriterSeat {
  private readonly options: SeatOptions;
  private seated: Thread | undefined;
  private spare: Thread | undefined;
  private watchdog: Watchdog | undefined;

  constructor(options: SeatOptions) {
    this.options = options;
  }

  get isTaken(): boolean {
    return this.seated !== undefined;
  }

  /** Seats a thread: the spare where there is one. */
  launch(): void {
    const thread = this.spare ?? this.make();
    this.spare = undefined;
    thread.isSeated = true;
    this.seated = thread;
    this.watchdog = new Watchdog({
      progress: thread.progress,
      timers: this.options.timers,
      now: this.options.now,
      busyMs: () => (thread.timesPath === undefined ? undefined : threadTimeMs(thread.timesPath)),
      limits: this.options.limits,
      onSuspect: () => {
        this.spare ??= this.make();
      },
      onRelief: () => this.dropSpare(),
      onHung: (hang) => this.end(thread, hang),
    });
    thread.worker.postMessage({ type: 'open' } satisfies ToWorker);
  }

  post(message: ToWorker): void {
    this.seated?.worker.postMessage(message);
  }

  /** Orders are under way: looks after them until `rest`. */
  watch(): void {
    if (this.seated !== undefined) this.watchdog?.watch();
  }

  rest(): void {
    this.watchdog?.rest();
  }

  private make(): Thread {
    const { url, setup, timers } = this.options;
    const progress = progressWords();
    const worker = new Worker(url, {
      workerData: { ...setup(), progress },
      resourceLimits: { maxYoungGenerationSizeMb: WRITER_YOUNG_GENERATION_MIB },
    });
    const thread: Thread = {
      worker,
      progress: new ProgressReader(progress),
      timesPath: undefined,
      isSeated: false,
      hang: undefined,
      isGone: false,
      cancelLoadLimit: timers.setTimer(LOAD_LIMIT_MS, () => {
        this.options.onTrouble(`the cells could not be loaded within ${LOAD_LIMIT_MS / 1_000} s: one of them does not end its start`);
        void worker.terminate();
      }),
    };
    worker.on('message', (message: FromWorker) => this.heard(thread, message));
    worker.on('error', (error) =>
      this.options.onTrouble(`the writer thread broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.on('exit', (code) => this.gone(thread, { code }));
    return thread;
  }

  private heard(thread: Thread, message: FromWorker): void {
    if (message.type === 'loaded') {
      thread.cancelLoadLimit();
      thread.timesPath = message.timesPath;
      return;
    }
    if (thread === this.seated) this.options.onMessage(message);
  }

  private end(thread: Thread, hang: Hang): void {
    thread.hang = hang;
    void thread.worker.terminate();
    this.options.timers.setTimer(TERMINATE_LIMIT_MS, () => this.gone(thread, { code: -1, isStuck: true }));
  }

  private gone(thread: Thread, end: ThreadEnd): void {
    if (thread.isGone) return;
    thread.isGone = true;
    thread.cancelLoadLimit();
    if (thread === this.spare) this.spare = undefined;
    if (thread !== this.seated) return;
    this.watchdog?.rest();
    this.seated = undefined;
    this.options.onEnded(thread.hang === undefined ? end : { ...end, hang: thread.hang });
  }

  private dropSpare(): void {
    const { spare } = this;
    this.spare = undefined;
    void spare?.worker.terminate();
  }

  /** Nobody is to be seated any more. */
  close(): void {
    this.watchdog?.rest();
    this.dropSpare();
  }
}
