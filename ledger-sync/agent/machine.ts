/**
 * The gateway's side of the sync as a pure machine: (state, input) -> (state, effects). It holds no entry, no byte and no clock.
 * Invariants: only an ACK that is signed and an ancestor of our journal settles, and never lowers (I9, J4, J6); nothing that the centre has not
 * acknowledged is forgotten, because every send starts from a number in the journal; silence, loss and repetition only cost bytes.
 */
import type { Head } from '../ledger/journal.ts';
import { assertNever } from '../ledger/result.ts';
import { MAX_BATCH_ENTRIES } from '../protocol/limits.ts';
import { bytesInFlight, hasEntries, sortFlights, uncovered } from './flights.ts';
import {
  batchBytes,
  firstEstimate,
  flightBytes,
  MOST_IN_FLIGHT,
  silenceMs,
  withArrival,
  withLoss,
  withRate,
  withRoundTrip,
} from './link-estimate.ts';
import type { Effect, Flight, Input, MachineSettings, MachineState } from './machine-types.ts';

export type Step = { readonly state: MachineState; readonly effects: readonly Effect[] };
type Of<T extends Input['type']> = Extract<Input, { type: T }>;
type Draft = { -readonly [K in keyof MachineState]: MachineState[K] };

/** A byte estimate for the in-flight budget before a batch is encoded. */
const BYTES_AN_ENTRY = 8;
const BYTES_A_BATCH = 100;
/** Batches on the way and batches that the centre holds, together: it stages at least so many. */
const MOST_HELD = 12;

export function firstState(
  phase: 'unenrolled' | 'asking' | 'opening' | 'fenced',
  head: number,
  settled: Head,
  archived: number,
  settings: MachineSettings,
): MachineState {
  return {
    phase,
    isConnected: false,
    attempts: 0,
    head,
    settled,
    archived,
    base: settled.number,
    highestSent: settled.number,
    flights: [],
    sequence: 0,
    awaitsSent: false,
    fullHeadNext: true,
    silences: 0,
    progressMs: 0,
    arrivedBytes: 0,
    arrivedMs: 0,
    link: firstEstimate(settings),
  };
}

export function step(state: MachineState, input: Input, settings: MachineSettings): Step {
  const machine = new Machine(state, input.nowMs, settings);
  machine.take(input);
  return machine.finish(state);
}

/** One step's working copy. */
class Machine {
  private readonly draft: Draft;
  private readonly effects: Effect[] = [];
  private readonly nowMs: number;
  private readonly settings: MachineSettings;

  constructor(state: MachineState, nowMs: number, settings: MachineSettings) {
    this.draft = { ...state };
    this.nowMs = nowMs;
    this.settings = settings;
  }

  take(input: Input) {
    switch (input.type) {
      case 'start':
        if (this.draft.phase !== 'unenrolled') this.effects.push({ type: 'connect', afterMs: 0 });
        return;
      case 'connected':
        return this.connected();
      case 'disconnected':
        return this.disconnected();
      case 'tick':
        return this.tick();
      case 'enrol':
        return this.startAsking();
      case 'enrolled':
        return this.enrolled();
      case 'refused':
        return this.refused(input);
      case 'journal-grew':
        this.draft.head = Math.max(this.draft.head, input.head);
        return;
      case 'sent':
        return this.sent(input);
      case 'ack':
        return this.ack(input);
      case 'gap':
        return this.gap(input);
      case 'reject':
        return this.reject(input);
      default:
        return assertNever(input);
    }
  }

  /** After every input: send what may be sent, and say when to wake. */
  finish(before: MachineState): Step {
    this.fill();
    const { draft } = this;
    if (draft.phase === 'streaming' && draft.isConnected) draft.dueMs = this.streamingDueMs();
    if (!draft.isConnected) delete draft.dueMs;
    if (draft.dueMs !== before.dueMs) this.effects.push({ type: 'set-timer', atMs: draft.dueMs });
    return { state: draft, effects: this.effects };
  }

  private connected(): void {
    this.draft.isConnected = true;
    this.draft.attempts = 0;
    this.draft.silences = 0;
    this.greet();
  }

  private disconnected(): void {
    const { draft, settings } = this;
    draft.isConnected = false;
    draft.awaitsSent = false;
    this.goBack();
    if (draft.phase === 'streaming') draft.phase = 'opening';
    if (draft.phase === 'unenrolled') return;
    const afterMs = Math.min(settings.mostReconnectMs, settings.leastReconnectMs * 2 ** Math.min(draft.attempts, 20));
    draft.attempts++;
    this.effects.push({ type: 'connect', afterMs });
  }

  private startAsking(): void {
    const { draft } = this;
    if (draft.phase !== 'unenrolled' && draft.phase !== 'asking') return;
    const isNew = draft.phase === 'unenrolled';
    draft.phase = 'asking';
    draft.silences = 0;
    if (draft.isConnected) this.greet();
    else if (isNew) this.effects.push({ type: 'connect', afterMs: 0 });
  }

  private enrolled(): void {
    if (this.draft.phase !== 'asking') return;
    this.draft.phase = 'opening';
    this.draft.silences = 0;
    if (this.draft.isConnected) this.greet();
  }

  private refused({ reason, proved }: Of<'refused'>): void {
    if (this.draft.phase !== 'asking') return;
    this.effects.push({ type: 'report', report: { code: 'refused', reason, proved } });
    if (!proved) return;
    this.draft.phase = 'unenrolled';
    delete this.draft.dueMs;
  }

  /** The first word on a connection: ENROL, or our head (J4). */
  private greet() {
    switch (this.draft.phase) {
      case 'unenrolled':
        return;
      case 'asking':
        return this.ask();
      case 'streaming':
      case 'opening':
      case 'fenced':
        return this.showHead();
      default:
        return assertNever(this.draft.phase);
    }
  }

  private ask(): void {
    const { draft, settings } = this;
    this.effects.push({ type: 'ask' });
    draft.dueMs = this.nowMs + silenceMs(draft.link, settings, 0, draft.silences);
    draft.silences++;
  }

  private showHead(): void {
    const { draft, settings } = this;
    if (draft.awaitsSent) return;
    draft.awaitsSent = true;
    this.effects.push({ type: 'show-head' });
    const isWaiting = draft.phase === 'fenced' || draft.rejected !== undefined;
    const waitMs = isWaiting ? settings.slowRetryMs : silenceMs(draft.link, settings, 0, draft.silences);
    if (draft.phase !== 'streaming') draft.dueMs = this.nowMs + waitMs;
  }

  private tick() {
    const { draft } = this;
    if (!draft.isConnected || draft.dueMs === undefined || this.nowMs < draft.dueMs) return;
    delete draft.dueMs;
    switch (draft.phase) {
      case 'unenrolled':
        return;
      case 'asking':
        return this.ask();
      case 'opening':
        if (draft.flights.length > 0) this.silent();
        return this.showHead();
      case 'fenced':
        if (draft.flights.some(hasEntries)) draft.silences++;
        draft.flights = [];
        return this.showHead();
      case 'streaming':
        if (draft.flights.length === 0) return this.showHead();
        this.silent();
        // Once may be chance: the same goes again at once. Twice is the link or the centre: only the head goes until there is an answer.
        if (draft.silences < 2) return;
        draft.phase = 'opening';
        return this.showHead();
      default:
        return assertNever(draft.phase);
    }
  }

  /** Nothing was answered for too long: what is on the way is lost. The second time, what the centre seemed to hold as well. */
  private silent(): void {
    const { draft } = this;
    draft.silences++;
    draft.link = withLoss(draft.link);
    const held = draft.flights.filter(({ isHeld, after }) => isHeld && after > draft.base);
    this.goBack();
    if (draft.silences < 2) draft.flights = held;
    draft.awaitsSent = false;
    draft.progressMs = this.nowMs;
    this.effects.push({ type: 'report', report: { code: 'silence', times: draft.silences } });
  }

  private goBack(): void {
    this.draft.flights = [];
    this.draft.fullHeadNext = true;
  }

  private streamingDueMs(): number {
    const { draft, settings } = this;
    if (draft.flights.length === 0) return draft.progressMs + settings.heartbeatMs;
    return draft.progressMs + silenceMs(draft.link, settings, bytesInFlight(draft.flights), draft.silences);
  }

  private sent({ after, to, bytes, mark }: Of<'sent'>): void {
    const { draft } = this;
    draft.awaitsSent = false;
    if (draft.phase === 'fenced') {
      // Nothing could be read: asked for again it would be the same.
      if (bytes === 0) draft.base = draft.head;
      else if (to > after) draft.dueMs = this.nowMs + silenceMs(draft.link, this.settings, bytes, draft.silences);
    }
    if (!draft.isConnected || bytes === 0) return;
    if (draft.flights.length === 0) draft.progressMs = this.nowMs;
    // A head that is shown again counts as one flight: its bytes, and so its mark, are the same.
    const others = draft.flights.filter((flight) => flight.mark !== mark);
    const isAgain = others.length < draft.flights.length || (to > after && to <= draft.highestSent);
    draft.sequence++;
    const wasBusy = others.length > 0;
    const arrived = { arrivedBytes: draft.arrivedBytes, arrivedMs: wasBusy ? draft.arrivedMs : this.nowMs, wasBusy };
    if (!wasBusy) draft.arrivedMs = this.nowMs;
    draft.flights = [
      ...others,
      { sequence: draft.sequence, after, to, bytes, mark, sentAtMs: this.nowMs, isAgain, isHeld: false, ...arrived },
    ];
    if (to === after) return;
    draft.fullHeadNext = false;
    draft.highestSent = Math.max(draft.highestSent, to);
  }

  private ack(input: Of<'ack'>) {
    const { draft } = this;
    if (draft.phase === 'unenrolled' || draft.phase === 'asking') return;
    const { received, answers } = input;
    if (draft.phase === 'fenced') return this.hearFenced(input);
    if (input.standing !== 'ancestor') return this.fenceMyself(received, input.standing);
    const answered = draft.flights.find(({ mark }) => mark === answers);
    const isAnswer = answers !== 0 && answered !== undefined;
    this.settle(received, input.archived);
    if (input.fenced) return this.fence(`the office has closed this journal at entry ${received.number}`);
    // Lower than what is known is old news, or a centre that was restored: only the answer to our own question tells (J4, J8).
    const isOpening = draft.phase === 'opening';
    const isBehind = received.number < draft.base;
    if (isBehind && !(isOpening && isAnswer)) return;
    if (isBehind) {
      this.effects.push({ type: 'report', report: { code: 'centre-behind', received: received.number, settled: draft.settled.number } });
    }
    this.learn(received.number, answered);
    draft.silences = 0;
    delete draft.rejected;
    const moved = received.number !== draft.base;
    draft.base = received.number;
    if (moved || isAnswer) draft.progressMs = this.nowMs;
    if (draft.halving !== undefined && draft.base >= draft.halving.until) delete draft.halving;
    if (isOpening) {
      draft.phase = 'streaming';
      this.goBack();
      draft.progressMs = this.nowMs;
    } else this.sortFlights(answered, false);
  }

  /** P7: no answer opens a closed journal again; it only says that a part of its branch has arrived. */
  private hearFenced({ standing, received, archived, answers }: Of<'ack'>): void {
    const { draft, settings } = this;
    if (standing === 'ancestor') this.settle(received, archived);
    draft.base = Math.max(draft.base, draft.settled.number);
    const answered = answers === 0 ? undefined : draft.flights.find(({ mark }) => mark === answers);
    if (answered === undefined) return;
    if (hasEntries(answered)) draft.base = Math.max(draft.base, answered.to);
    draft.flights = [];
    draft.silences = 0;
    draft.dueMs = this.nowMs + settings.slowRetryMs;
  }

  private sortFlights(answered: Flight | undefined, isGap: boolean): void {
    const { draft } = this;
    const sorted = sortFlights(draft.flights, draft.base, answered, isGap);
    draft.flights = sorted.flights;
    if (sorted.lost === 0) return;
    draft.link = withLoss(draft.link);
    draft.fullHeadNext = true;
  }

  /** Round trip and rate from an answer. */
  private learn(number: number, answered: Flight | undefined): void {
    const { draft } = this;
    const arrived = draft.flights.filter((flight) => flight === answered || (flight.to > flight.after && flight.to <= number));
    if (arrived.length === 0) return;
    if (answered !== undefined && !answered.isAgain) draft.link = withRoundTrip(draft.link, this.nowMs - answered.sentAtMs);
    draft.arrivedBytes += arrived.reduce((sum, flight) => sum + flight.bytes, 0);
    draft.arrivedMs = this.nowMs;
    draft.link = withArrival(draft.link);
    const sample = answered ?? arrived.at(-1);
    if (sample === undefined || sample.isAgain) return;
    draft.link = withRate(draft.link, draft.arrivedBytes - sample.arrivedBytes, this.nowMs - sample.arrivedMs, sample.wasBusy);
  }

  private settle(received: Head, archived: number): void {
    const { draft } = this;
    if (received.number <= draft.settled.number && archived <= draft.archived) return;
    if (received.number > draft.settled.number) draft.settled = received;
    draft.archived = Math.max(draft.archived, archived);
    this.effects.push({ type: 'settle', received: draft.settled, archived: draft.archived });
  }

  private fenceMyself(received: Head, standing: 'ahead' | 'diverged'): void {
    this.fence(
      standing === 'ahead'
        ? `head office holds ${received.number} entries of this journal, more than this box: an old copy of its disk was put back`
        : `head office holds another entry ${received.number} of this journal: there are two copies of this box`,
    );
  }

  private fence(reason: string): void {
    const { draft } = this;
    if (draft.phase === 'fenced') return;
    draft.phase = 'fenced';
    this.goBack();
    // What the centre may not have begins behind the last entry that it acknowledged.
    draft.base = draft.settled.number;
    draft.dueMs = this.nowMs + this.settings.slowRetryMs;
    this.effects.push({ type: 'fence', reason });
  }

  private gap(input: Of<'gap'>) {
    const { draft } = this;
    const { received, reason, limitEntries, until } = input;
    if (draft.phase !== 'opening' && draft.phase !== 'streaming') return;
    if (input.standing !== 'ancestor') return this.fenceMyself(received, input.standing);
    if (received.number < draft.base) return;
    const answered = draft.flights.find(({ mark }) => mark === input.answers);
    // J7: one answer a watermark and round trip; the same question comes again while the answer is on its way.
    const isRepeated = draft.lastGap?.number === received.number && this.nowMs - draft.lastGap.atMs < (draft.link.rttMs ?? 0);
    if (answered === undefined && isRepeated) return;
    draft.lastGap = { number: received.number, atMs: this.nowMs };
    draft.silences = 0;
    draft.progressMs = this.nowMs;
    draft.base = received.number;
    draft.phase = 'streaming';
    if (reason === 'undecodable') {
      this.goBack();
      draft.halving = { limit: limitEntries, until };
    } else if (answered === undefined) this.goBack();
    else this.sortFlights(answered, true);
    draft.fullHeadNext = true;
  }

  private reject({ reason }: Of<'reject'>): void {
    const { draft } = this;
    if (draft.phase !== 'opening' && draft.phase !== 'streaming') return;
    if (draft.rejected !== reason) this.effects.push({ type: 'report', report: { code: 'rejected', reason } });
    draft.rejected = reason;
    draft.phase = 'opening';
    this.goBack();
    draft.dueMs = this.nowMs + this.settings.slowRetryMs;
  }

  /** At most one `send` a step: the next one needs to know how many bytes this one took. */
  private fill() {
    const { draft, settings } = this;
    if (draft.phase === 'fenced') return this.tellBranch();
    if (draft.phase !== 'streaming' || !draft.isConnected || draft.awaitsSent) return;
    const { after, until, isHole } = uncovered(draft.flights, draft.base, draft.head);
    const pending = until - after;
    if (pending <= 0) return;
    const largest = Math.min(MAX_BATCH_ENTRIES, draft.halving?.limit ?? draft.link.batchEntries);
    const limitEntries = Math.min(pending, largest);
    const limitBytes = batchBytes(draft.link, settings);
    const data = draft.flights.filter(hasEntries);
    if (data.length > 0 && !isHole) {
      // Small batches wait for the one on its way and go together; full ones fill the window.
      const onTheWay = data.filter(({ isHeld }) => !isHeld).length;
      if (onTheWay >= MOST_IN_FLIGHT || data.length >= MOST_HELD || (onTheWay > 0 && pending < largest)) return;
      const estimate = Math.min(limitEntries * BYTES_AN_ENTRY + BYTES_A_BATCH, limitBytes);
      if (bytesInFlight(draft.flights) + estimate > flightBytes(draft.link, settings)) return;
    }
    draft.awaitsSent = true;
    const fullHead = draft.fullHeadNext || draft.halving !== undefined;
    this.effects.push({ type: 'send', after, limitEntries, limitBytes, fullHead });
  }

  /** P7: what a closed journal holds past its last acknowledged entry goes too, one batch at a time: that cash has moved as well. */
  private tellBranch(): void {
    const { draft, settings } = this;
    const pending = draft.head - draft.base;
    if (!draft.isConnected || draft.awaitsSent || draft.flights.length > 0 || pending <= 0) return;
    draft.awaitsSent = true;
    const limitEntries = Math.min(pending, MAX_BATCH_ENTRIES, draft.link.batchEntries);
    this.effects.push({ type: 'send', after: draft.base, limitEntries, limitBytes: batchBytes(draft.link, settings), fullHead: true });
  }
}
