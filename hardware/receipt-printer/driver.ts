/**
 * Runs the printer's machine over a byte stream: jobs one after the other in the order they came, rendered when their turn comes so that
 * a full queue holds no pictures. Timers are a parameter.
 */
import { assertNever } from '../../ledger-sync/ledger/result.ts';
import type { Timers } from '../../main/platform/timers.ts';
import { MAX_WAITING_JOBS, type PrinterState, type PrintJob, type PrintOutcome, type ReceiptPrinter } from '../ports/receipt-printer.ts';
import type { ByteStream } from '../serial/byte-stream.ts';
import { step } from './machine.ts';
import {
  DEFAULT_MACHINE_OPTIONS,
  initialState,
  type MachineEffect,
  type MachineInput,
  type MachineOptions,
  type MachineState,
} from './machine-state.ts';
import { type RenderOptions, renderJob } from './render.ts';

/** Ids that were started are remembered so that none starts twice; the oldest are forgotten, their rows are long done. */
const MAX_REMEMBERED_IDS = 4096;

export type DriverOptions = RenderOptions & {
  readonly timers: Timers;
  readonly machine?: MachineOptions;
  /** What somebody should hear once: a receipt in English because Nepali letters are missing. */
  readonly warn?: (text: string) => void;
};

type Waiting = {
  readonly job: PrintJob;
  readonly onStarted: () => void | Promise<void>;
  readonly resolve: (outcome: PrintOutcome) => void;
  readonly reject: (error: unknown) => void;
};

const refusal = (reason: Extract<PrintOutcome, { kind: 'refused' }>['reason'], detail: string): PrintOutcome => ({
  kind: 'refused',
  reason,
  detail,
});

export class EscposPrinter implements ReceiptPrinter {
  private readonly stream: ByteStream;
  private readonly options: DriverOptions;
  private machine: MachineState;
  private readonly waiting: Waiting[] = [];
  private current: Waiting | undefined;
  private readonly started = new Set<string>();
  private readonly listeners = new Set<(state: PrinterState) => void>();
  private last: PrinterState;
  private cancelTimer: (() => void) | undefined;
  private writes: Promise<unknown> = Promise.resolve();
  private isClosed = false;
  private hasWarned = false;

  constructor(stream: ByteStream, options: DriverOptions) {
    this.stream = stream;
    this.options = options;
    this.machine = initialState(options.machine ?? DEFAULT_MACHINE_OPTIONS);
    this.last = this.state();
    stream.start((event) => this.feed(event));
  }

  print(job: PrintJob, onStarted: () => void | Promise<void>): Promise<PrintOutcome> {
    if (this.isClosed) return Promise.resolve(refusal('closed', 'this printer was closed'));
    if (this.state().waiting >= MAX_WAITING_JOBS) {
      return Promise.resolve(refusal('busy', `${MAX_WAITING_JOBS} receipts wait already; try again when they are printed`));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, onStarted, resolve, reject });
      this.announce();
      void this.next();
    });
  }

  state(): PrinterState {
    const { health, isPaperLow } = this.machine;
    return { kind: health, isPaperLow, waiting: this.waiting.length + (this.current === undefined ? 0 : 1) };
  }

  onState(listener: (state: PrinterState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { resolve } of this.waiting.splice(0)) resolve(refusal('closed', 'this printer was closed'));
    this.feed({ kind: 'close' });
    this.cancelTimer?.();
    await this.stream.close();
  }

  private async next(): Promise<void> {
    if (this.current !== undefined) return;
    const turn = this.waiting.shift();
    if (turn === undefined) return;
    this.current = turn;
    const { job } = turn;
    if (this.started.has(job.id)) return this.settle(job.id, refusal('already-started', `${job.id} was started before; print a copy`));
    const rendered = await renderJob(job, this.options);
    if (this.current !== turn) return;
    if (!rendered.ok) return this.settle(job.id, refusal(rendered.error.code, rendered.error.detail));
    if (rendered.value.degraded !== undefined && !this.hasWarned) {
      this.hasWarned = true;
      this.options.warn?.(`receipts are printed in English: ${rendered.value.degraded}`);
    }
    this.feed({ kind: 'submit', job: { id: job.id, pieces: rendered.value.pieces } });
  }

  private feed(input: MachineInput): void {
    const { state, effects } = step(this.machine, input);
    this.machine = state;
    for (const effect of effects) this.run(effect);
    this.announce();
  }

  private run(effect: MachineEffect): void {
    switch (effect.kind) {
      case 'write':
        this.write(effect.bytes, effect.isChunk);
        return;
      case 'begin':
        void this.begin(effect.id);
        return;
      case 'settle':
        this.settle(effect.id, effect.outcome);
        return;
      case 'timer':
        this.cancelTimer?.();
        this.cancelTimer =
          effect.delayMs === undefined ? undefined : this.options.timers.setTimer(effect.delayMs, () => this.feed({ kind: 'timer' }));
        return;
      default:
        assertNever(effect);
    }
  }

  /** One write at a time, in order. A lost write says nothing here: the stream tells that the line is lost. */
  private write(bytes: Uint8Array, isChunk: boolean): void {
    this.writes = this.writes.then(async () => {
      const outcome = await this.stream.write(bytes);
      if (isChunk && outcome === 'drained') this.feed({ kind: 'drained' });
    });
  }

  private async begin(id: string): Promise<void> {
    const turn = this.current;
    if (turn === undefined || turn.job.id !== id) throw new Error(`the machine began ${id}, which is not at work`);
    try {
      await turn.onStarted();
    } catch (error) {
      this.feed({ kind: 'not-started', id });
      this.finish(turn, () => turn.reject(error));
      return;
    }
    this.feed({ kind: 'started', id });
  }

  private settle(id: string, outcome: PrintOutcome): void {
    const turn = this.current;
    if (turn === undefined || turn.job.id !== id) throw new Error(`the machine settled ${id}, which is not at work`);
    if (outcome.kind !== 'refused') this.remember(id);
    this.finish(turn, () => turn.resolve(outcome));
  }

  private finish(turn: Waiting, answer: () => void): void {
    if (this.current === turn) this.current = undefined;
    answer();
    this.announce();
    void this.next();
  }

  private remember(id: string): void {
    this.started.add(id);
    if (this.started.size <= MAX_REMEMBERED_IDS) return;
    for (const oldest of this.started) {
      this.started.delete(oldest);
      return;
    }
  }

  private announce(): void {
    const state = this.state();
    const { kind, isPaperLow, waiting } = this.last;
    if (state.kind === kind && state.isPaperLow === isPaperLow && state.waiting === waiting) return;
    this.last = state;
    for (const listener of this.listeners) listener(state);
  }
}
