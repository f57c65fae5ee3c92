/**
 * The printer's machine: (state, input) -> { state, effects }, without clock, disk or line. One job at a time.
 *
 * Invariants. A job's first byte goes out only after `started` (E1). A job that was started is settled once: `done` when the printer
 * answers that everything before the question is printed, `unsure` when anything else happens after its first byte, `refused` only where
 * none went out. No byte of a job is sent twice. Questions stand between commands only. Whatever a broken job left half sent is filled up with padding before anything else is sent.
 */
import { assertNever } from '../../ledger-sync/ledger/result.ts';
import type { PrinterFault } from '../ports/receipt-printer.ts';
import { askFrame, askWhenPrintedFrame, joinFrames, paddingFrame, resetFrame, type StatusQuestion } from './frames.ts';
import type { Goal, Heard, Job, MachineEffect, MachineInput, MachineState, Phase, Step } from './machine-state.ts';
import * as status from './status.ts';

export function step(state: MachineState, input: MachineInput): Step {
  if (state.phase.kind === 'closed') return onClosed(state, input);
  switch (input.kind) {
    case 'opened':
      return onOpened(state);
    case 'lost':
      return onLost(state, input.detail);
    case 'bytes':
      return onBytes(state, input.bytes);
    case 'drained':
      return state.phase.kind === 'sending' && state.phase.waitsFor === 'drain' ? onDrained(state, state.phase) : same(state);
    case 'submit':
      return onSubmit(state, input.job);
    case 'started':
      return onStarted(state, input.id);
    case 'not-started':
      return onNotStarted(state, input.id);
    case 'timer':
      return onTimer(state);
    case 'close':
      return onClose(state);
    default:
      return assertNever(input);
  }
}

const same = (state: MachineState): Step => ({ state, effects: [] });
const timer = (delayMs: number | undefined): MachineEffect => ({ kind: 'timer', delayMs });
const write = (bytes: Uint8Array): MachineEffect => ({ kind: 'write', bytes, isChunk: false });
const refused = (id: string, reason: PrinterFault | 'closed', detail: string): MachineEffect => ({
  kind: 'settle',
  id,
  outcome: { kind: 'refused', reason, detail },
});
const unsure = (id: string, reason: PrinterFault, detail: string): MachineEffect => ({
  kind: 'settle',
  id,
  outcome: { kind: 'unsure', reason, detail },
});

/** A job that ends while it is sent: held back by the printer before its first byte it left no mark. */
const broken = (phase: Extract<Phase, { kind: 'sending' }>, reason: PrinterFault, detail: string): MachineEffect => {
  const isUntouched = phase.waitsFor === 'flow' && phase.piece === 0 && phase.offset === 0;
  return isUntouched ? refused(phase.job.id, reason, detail) : unsure(phase.job.id, reason, detail);
};

const CLOSED = 'this printer was closed';
const DETAILS: Readonly<Record<PrinterFault, string>> = {
  unplugged: 'the printer is not connected: plug it in and switch it on',
  'cover-open': 'the cover is open: close it',
  'paper-out': 'the paper is out: put in a roll',
  offline: 'the printer says that it cannot print: look at its lamps',
  timeout: 'the printer does not answer: switch it off and on',
};

/** Where a job ends: asks how the printer is, or waits for it to be plugged in. */
function afterJob(state: MachineState, effects: readonly MachineEffect[] = []): Step {
  if (!state.isOpen) return { state: { ...state, phase: { kind: 'unplugged' } }, effects: [...effects, timer(undefined)] };
  // Before the first question: a printer in the middle of a command would take that for its parameters, and wait for a picture of their size.
  const padding = state.isDirty ? [write(joinFrames([paddingFrame(), resetFrame()]))] : [];
  const asked = ask({ ...state, isDirty: false }, 'printer', {}, { kind: 'rest' });
  return { state: asked.state, effects: [...effects, ...padding, ...asked.effects] };
}

function ask(state: MachineState, question: StatusQuestion, heard: Heard, goal: Goal, silences = 0): Step {
  return {
    state: { ...state, phase: { kind: 'asking', question, heard, silences, goal } },
    effects: [write(askFrame(question)), timer(state.options.answerTimeoutMs)],
  };
}

function onOpened(state: MachineState): Step {
  const open: MachineState = { ...state, isOpen: true, mayGoOn: true, isDirty: true, owed: 0, reader: status.emptyReader };
  return open.phase.kind === 'unplugged' ? afterJob(open) : same(open);
}

function onLost(state: MachineState, detail: string): Step {
  const lost: MachineState = { ...state, isOpen: false, isDirty: true, health: 'unplugged' };
  const { phase } = lost;
  const why = `${DETAILS.unplugged} (${detail})`;
  switch (phase.kind) {
    case 'unplugged':
    case 'resting':
    case 'closed':
      return afterJob(lost);
    case 'asking':
      if (phase.goal.kind === 'start') return afterJob(lost, [refused(phase.goal.job.id, 'unplugged', why)]);
      if (phase.goal.kind === 'abort') return afterJob(lost, [unsure(phase.goal.id, 'unplugged', why)]);
      return afterJob(lost);
    case 'starting':
      // `started` is on its way to the disk; the job is answered when it is there.
      return same({ ...lost, phase: { ...phase, lost: 'unplugged' } });
    case 'sending':
      return afterJob(lost, [broken(phase, 'unplugged', why)]);
    case 'confirming':
      return afterJob(lost, [unsure(phase.id, 'unplugged', why)]);
    default:
      return assertNever(phase);
  }
}

function onSubmit(state: MachineState, job: Job): Step {
  const { phase } = state;
  if (phase.kind === 'unplugged') return { state, effects: [refused(job.id, 'unplugged', DETAILS.unplugged)] };
  if (phase.kind === 'resting') return ask(state, 'printer', {}, { kind: 'start', job });
  if (phase.kind === 'asking' && phase.goal.kind === 'rest') return same({ ...state, phase: { ...phase, goal: { kind: 'start', job } } });
  throw new Error('the machine takes one job at a time');
}

function onStarted(state: MachineState, id: string): Step {
  const { phase } = state;
  if (phase.kind !== 'starting' || phase.job.id !== id) return same(state);
  if (phase.lost === 'closed') return { state: { ...state, phase: { kind: 'closed' } }, effects: [refused(id, 'closed', CLOSED)] };
  if (phase.lost === 'unplugged') return afterJob(state, [refused(id, 'unplugged', DETAILS.unplugged)]);
  return sendNext({ ...state, isDirty: true }, phase.job, 0, 0);
}

/** The caller failed to record the start, and has its own error to show: nothing is printed, nothing is settled. */
function onNotStarted(state: MachineState, id: string): Step {
  const { phase } = state;
  if (phase.kind !== 'starting' || phase.job.id !== id) return same(state);
  return phase.lost === 'closed' ? same({ ...state, phase: { kind: 'closed' } }) : afterJob(state);
}

function sendNext(state: MachineState, job: Job, piece: number, offset: number): Step {
  const wait = (waitsFor: 'drain' | 'flow'): MachineState => ({
    ...state,
    phase: { kind: 'sending', job, piece, offset, silences: 0, waitsFor },
  });
  if (!state.mayGoOn) return { state: wait('flow'), effects: [timer(state.options.answerTimeoutMs)] };
  const bytes = pieceOf(job, piece).subarray(offset, offset + state.options.chunkBytes);
  // No timer: a line that blocks a write is lost by its own limit.
  return { state: wait('drain'), effects: [timer(undefined), { kind: 'write', bytes, isChunk: true }] };
}

function pieceOf(job: Job, piece: number): Uint8Array {
  const bytes = job.pieces[piece];
  if (bytes === undefined) throw new Error(`${job.id} has no piece ${piece}`);
  return bytes;
}

function onDrained(state: MachineState, phase: Extract<Phase, { kind: 'sending' }>): Step {
  const { job, piece } = phase;
  const offset = phase.offset + state.options.chunkBytes;
  if (offset < pieceOf(job, piece).length) return sendNext(state, job, piece, offset);
  const again = timer(state.options.answerTimeoutMs);
  if (piece + 1 === job.pieces.length) {
    return {
      state: { ...state, owed: state.owed + 1, phase: { kind: 'confirming', id: job.id, silences: 0, ticks: 0, hasHeard: false } },
      effects: [write(askWhenPrintedFrame()), again],
    };
  }
  return {
    state: { ...state, phase: { ...phase, piece: piece + 1, offset: 0, waitsFor: 'answer' } },
    effects: [write(askFrame('printer')), again],
  };
}

function onBytes(state: MachineState, bytes: Uint8Array): Step {
  const { reader, events } = status.readStatus(state.reader, bytes);
  let current: MachineState = { ...state, reader };
  const effects: MachineEffect[] = [];
  for (const event of events) {
    const next = onStatus(current, event);
    current = next.state;
    effects.push(...next.effects);
  }
  return { state: current, effects };
}

function onStatus(state: MachineState, event: status.StatusEvent): Step {
  switch (event.kind) {
    case 'answer':
      return onAnswer(state, event.byte);
    case 'printed':
      return onPrinted(state, event.isPaperOut, event.isPaperLow);
    case 'flow': {
      const next: MachineState = { ...state, mayGoOn: event.mayGoOn };
      const { phase } = next;
      const isWaiting = phase.kind === 'sending' && phase.waitsFor === 'flow';
      return isWaiting && event.mayGoOn ? sendNext(next, phase.job, phase.piece, phase.offset) : same(next);
    }
    case 'automatic': // Not asked for: the questions find the same, in order.
    case 'unknown':
      return same(state);
    default:
      return assertNever(event);
  }
}

function onAnswer(state: MachineState, byte: number): Step {
  const { phase } = state;
  switch (phase.kind) {
    case 'asking':
      if (phase.question === 'printer') return ask(state, 'offline-cause', { printer: byte }, phase.goal);
      if (phase.question === 'offline-cause') return ask(state, 'paper', { ...phase.heard, cause: byte }, phase.goal);
      return onDiagnosis(state, phase.heard, byte, phase.goal);
    case 'sending':
      if (phase.waitsFor !== 'answer') return same(state);
      if (status.isOffline(byte)) return ask(state, 'offline-cause', { printer: byte }, { kind: 'abort', id: phase.job.id });
      return sendNext(state, phase.job, phase.piece, phase.offset);
    case 'confirming':
      if (status.isOffline(byte)) return ask(state, 'offline-cause', { printer: byte }, { kind: 'abort', id: phase.id });
      return same({ ...state, phase: { ...phase, silences: 0 } });
    case 'unplugged':
    case 'resting':
    case 'starting':
    case 'closed':
      return same(state);
    default:
      return assertNever(phase);
  }
}

function faultOf(heard: Heard, paper: number): 'cover-open' | 'paper-out' | 'offline' | undefined {
  const cause = heard.cause ?? 0;
  if (status.isCoverOpen(cause)) return 'cover-open';
  if (status.isPaperOut(paper) || status.isStoppedByPaper(cause)) return 'paper-out';
  return status.isOffline(heard.printer ?? 0) ? 'offline' : undefined;
}

/** The three answers are in: what the printer is fit for now. */
function onDiagnosis(state: MachineState, heard: Heard, paper: number, goal: Goal): Step {
  const fault = faultOf(heard, paper);
  const known: MachineState = { ...state, health: fault ?? 'ready', isPaperLow: status.isPaperLow(paper), phase: { kind: 'resting' } };
  const rest = timer(state.options.restMs);
  switch (goal.kind) {
    case 'rest':
      return { state: known, effects: [rest] };
    case 'abort': {
      const reason = fault ?? 'offline';
      // The question stood between two commands: nothing is half sent.
      return { state: { ...known, isDirty: false }, effects: [unsure(goal.id, reason, DETAILS[reason]), rest] };
    }
    case 'start':
      if (fault !== undefined) return { state: known, effects: [refused(goal.job.id, fault, DETAILS[fault]), rest] };
      return {
        state: { ...known, phase: { kind: 'starting', job: goal.job } },
        effects: [timer(undefined), { kind: 'begin', id: goal.job.id }],
      };
    default:
      return assertNever(goal);
  }
}

function onPrinted(state: MachineState, isPaperOut: boolean, isPaperLow: boolean): Step {
  if (state.owed === 0) return same(state);
  const heard: MachineState = { ...state, owed: state.owed - 1, isPaperLow: state.isPaperLow || isPaperLow };
  const { phase } = heard;
  if (phase.kind !== 'confirming') return same(heard);
  // An answer to an earlier job that nobody waits for any more says nothing about this one.
  if (heard.owed > 0) return same({ ...heard, phase: { ...phase, hasHeard: true } });
  if (isPaperOut) return afterJob(heard, [unsure(phase.id, 'paper-out', DETAILS['paper-out'])]);
  return afterJob({ ...heard, isDirty: false }, [{ kind: 'settle', id: phase.id, outcome: { kind: 'done' } }]);
}

function onTimer(state: MachineState): Step {
  const { phase, options } = state;
  const again = timer(options.answerTimeoutMs);
  switch (phase.kind) {
    case 'resting':
      return ask(state, 'printer', {}, { kind: 'rest' });
    case 'asking': {
      const silences = phase.silences + 1;
      if (silences < options.maxSilences) return ask(state, phase.question, phase.heard, phase.goal, silences);
      const silent: MachineState = { ...state, health: 'offline', phase: { kind: 'resting' } };
      const rest = timer(options.restMs);
      if (phase.goal.kind === 'start') return { state: silent, effects: [refused(phase.goal.job.id, 'timeout', DETAILS.timeout), rest] };
      if (phase.goal.kind === 'abort') return { state: silent, effects: [unsure(phase.goal.id, 'timeout', DETAILS.timeout), rest] };
      return { state: silent, effects: [rest] };
    }
    case 'sending': {
      if (phase.waitsFor === 'drain') return same(state);
      const silences = phase.silences + 1;
      if (silences >= options.maxSilencesPrinting) return afterJob(state, [broken(phase, 'timeout', DETAILS.timeout)]);
      const effects = phase.waitsFor === 'answer' ? [write(askFrame('printer')), again] : [again];
      return { state: { ...state, phase: { ...phase, silences } }, effects };
    }
    case 'confirming': {
      const silences = phase.silences + 1;
      const ticks = phase.ticks + 1;
      if (silences >= options.maxSilencesPrinting || ticks >= options.maxConfirmations) {
        // One answer may still come late; more are not expected, or a printer that lost one would never be believed again.
        return afterJob({ ...state, owed: phase.hasHeard ? 0 : 1 }, [unsure(phase.id, 'timeout', DETAILS.timeout)]);
      }
      return { state: { ...state, phase: { ...phase, silences, ticks } }, effects: [write(askFrame('printer')), again] };
    }
    case 'unplugged':
    case 'starting':
    case 'closed':
      return same(state);
    default:
      return assertNever(phase);
  }
}

function onClose(state: MachineState): Step {
  const { phase } = state;
  const closed: MachineState = { ...state, isOpen: false, health: 'unplugged', phase: { kind: 'closed' } };
  const end = (...effects: readonly MachineEffect[]): Step => ({ state: closed, effects: [timer(undefined), ...effects] });
  switch (phase.kind) {
    case 'asking':
      if (phase.goal.kind === 'start') return end(refused(phase.goal.job.id, 'closed', CLOSED));
      return phase.goal.kind === 'abort' ? end(unsure(phase.goal.id, 'offline', CLOSED)) : end();
    case 'starting':
      return { state: { ...closed, phase: { ...phase, lost: 'closed' } }, effects: [timer(undefined)] };
    case 'sending':
      return end(broken(phase, 'offline', CLOSED));
    case 'confirming':
      return end(unsure(phase.id, 'offline', CLOSED));
    case 'unplugged':
    case 'resting':
    case 'closed':
      return end();
    default:
      return assertNever(phase);
  }
}

function onClosed(state: MachineState, input: MachineInput): Step {
  if (input.kind !== 'submit') return same(state);
  return { state, effects: [refused(input.job.id, 'closed', CLOSED)] };
}
