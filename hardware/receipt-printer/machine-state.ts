/** The words of the printer's machine: its options, inputs, effects and states. What they do is in machine.ts. */
import type { PrinterStateKind, PrintOutcome } from '../ports/receipt-printer.ts';
import type { StatusQuestion } from './frames.ts';
import { emptyReader, type StatusReader } from './status.ts';

export type MachineOptions = {
  /** One write on the line. */
  readonly chunkBytes: number;
  readonly answerTimeoutMs: number;
  /** Unanswered questions before a resting printer counts as silent, and before a printing one does. */
  readonly maxSilences: number;
  readonly maxSilencesPrinting: number;
  /** Answer timeouts that a sent job may take to be printed. */
  readonly maxConfirmations: number;
  readonly restMs: number;
};

export const DEFAULT_MACHINE_OPTIONS: MachineOptions = {
  chunkBytes: 512,
  answerTimeoutMs: 1_000,
  maxSilences: 3,
  maxSilencesPrinting: 15,
  maxConfirmations: 60,
  restMs: 2_000,
};

/** Pieces of whole commands; between two of them the printer is asked how it is. */
export type Job = { readonly id: string; readonly pieces: readonly Uint8Array[] };

export type MachineInput =
  | { readonly kind: 'opened' }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The chunk that was written last has left. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'submit'; readonly job: Job }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'not-started'; readonly id: string }
  | { readonly kind: 'timer' }
  | { readonly kind: 'close' };

export type MachineEffect =
  | { readonly kind: 'write'; readonly bytes: Uint8Array; readonly isChunk: boolean }
  /** Make `started` durable, then answer with `started` or `not-started`. */
  | { readonly kind: 'begin'; readonly id: string }
  | { readonly kind: 'settle'; readonly id: string; readonly outcome: PrintOutcome }
  /** The one timer; undefined stops it. */
  | { readonly kind: 'timer'; readonly delayMs: number | undefined };

export type Heard = { readonly printer?: number; readonly cause?: number };
export type Goal =
  | { readonly kind: 'rest' }
  | { readonly kind: 'start'; readonly job: Job }
  | { readonly kind: 'abort'; readonly id: string };
export type Phase =
  | { readonly kind: 'unplugged' }
  | { readonly kind: 'resting' }
  | { readonly kind: 'asking'; readonly question: StatusQuestion; readonly heard: Heard; readonly silences: number; readonly goal: Goal }
  | { readonly kind: 'starting'; readonly job: Job; readonly lost?: 'unplugged' | 'closed' }
  | {
      readonly kind: 'sending';
      readonly job: Job;
      readonly piece: number;
      readonly offset: number;
      readonly silences: number;
      readonly waitsFor: 'drain' | 'answer' | 'flow';
    }
  | { readonly kind: 'confirming'; readonly id: string; readonly silences: number; readonly ticks: number; readonly hasHeard: boolean }
  | { readonly kind: 'closed' };

export type MachineState = {
  readonly phase: Phase;
  readonly isOpen: boolean;
  readonly mayGoOn: boolean;
  /** The printer may be in the middle of a command. */
  readonly isDirty: boolean;
  /** Answers to "when printed" that are still to come; only the last one is about the job at work. */
  readonly owed: number;
  readonly reader: StatusReader;
  readonly health: PrinterStateKind;
  readonly isPaperLow: boolean;
  readonly options: MachineOptions;
};

export type Step = { readonly state: MachineState; readonly effects: readonly MachineEffect[] };

export const initialState = (options: MachineOptions = DEFAULT_MACHINE_OPTIONS): MachineState => ({
  phase: { kind: 'unplugged' },
  isOpen: false,
  mayGoOn: true,
  isDirty: true,
  owed: 0,
  reader: emptyReader,
  health: 'unplugged',
  isPaperLow: false,
  options,
});
