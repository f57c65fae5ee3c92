/**
 * A receipt printer as the gateway sees it (rule E1). `onStarted` is awaited before the first byte of a job goes out; a job that was
 * started and not confirmed by the printer is `unsure`, never sent again: the caller prints a COPY. A `refused` job left no mark on the
 * paper, even where `onStarted` had been called.
 */
import type { Receipt } from './receipt.ts';

export type PrintJob = {
  /** The caller's id of the effect. A driver starts an id at most once in its life. */
  readonly id: string;
  readonly receipt: Receipt;
  /** Opens the cash drawer that hangs on the printer, before the paper moves. */
  readonly openDrawer?: boolean;
};

/** Ordered by precedence, never renumbered. The first five pass when somebody tends the printer: ask again when it is ready. */
export type PrinterFault = 'unplugged' | 'cover-open' | 'paper-out' | 'offline' | 'timeout';
/**
 * `busy`: the queue is full, ask again later. `closed`: this printer was closed. `too-large`, `cannot-render`, `already-started`: asking
 * again cannot help.
 */
export type RefusalReason = PrinterFault | 'busy' | 'closed' | 'too-large' | 'cannot-render' | 'already-started';

export type PrintOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'unsure'; readonly reason: PrinterFault; readonly detail: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string };

export type PrinterStateKind = 'ready' | 'paper-out' | 'cover-open' | 'offline' | 'unplugged';

export type PrinterState = {
  readonly kind: PrinterStateKind;
  /** The roll is nearly at its end. */
  readonly isPaperLow: boolean;
  /** Jobs that wait, the one at work included. */
  readonly waiting: number;
};

export interface ReceiptPrinter {
  /** Rejects only where `onStarted` rejects, with its error; nothing has been printed then. */
  print(job: PrintJob, onStarted: () => void | Promise<void>): Promise<PrintOutcome>;
  state(): PrinterState;
  /** Calls the listener at each change of `state()`; returns what ends that. */
  onState(listener: (state: PrinterState) => void): () => void;
  /** Waiting jobs are refused, a started one becomes unsure. */
  close(): Promise<void>;
}

export const MAX_JOB_BYTES = 256 * 1024;
export const MAX_WAITING_JOBS = 64;
