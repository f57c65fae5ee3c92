/**
 * What runs the sync machine on a box: it gives the machine its inputs (link, journal, timers) and does what it asks for (encode, publish, settle,
 * fence). One input at a time; what an effect causes is queued behind it.
 * Invariants: bytes leave only while connected; every message is opened with the centre's key before the machine hears of it (W2); what is bad is
 * counted and dropped (W3); one `settle` runs at a time, the newest waits.
 */
import type { Clock } from '../../main/platform/clock.ts';
import type { Entropy } from '../../main/platform/entropy.ts';
import type { Timers } from '../../main/platform/timers.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import { assertNever } from '../ledger/result.ts';
import { encodeBatch, markOf } from '../protocol/batch.ts';
import { DocumentAssembler, type DocumentMessage } from '../protocol/document-message.ts';
import { type Enrolled, encodeEnrol, openEnrolled } from '../protocol/enrol.ts';
import { describeFault } from '../protocol/fault.ts';
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts';
import { type DownMessage, openDown } from '../protocol/message.ts';
import type { Signer } from '../protocol/signing.ts';
import { downTopic, upTopic, voucherDownTopic, voucherUpTopic } from '../protocol/topics.ts';
import type { Voucher } from '../protocol/voucher.ts';
import { type AgentState, agentState, isSameState } from './agent-state.ts';
import { JournalReader, type JournalSource } from './journal-reader.ts';
import type { Link, OpenLink } from './link.ts';
import { firstState, step } from './machine.ts';
import type { Effect, Input, MachineSettings, MachineState, Report } from './machine-types.ts';
import { SettleQueue } from './settle-queue.ts';

export interface AgentHooks {
  /** Makes the watermark durable. A failure is reported and tried again. */
  settle(ack: { readonly received: Head; readonly archived: number }): Promise<void>;
  fence(reason: string): Promise<void>;
  /**
   * Makes the enrolment durable, before anything is sent under it. Where the source does not bear that gateway's name afterwards, this agent
   * goes no further: the caller stops it and starts one over the journal.
   */
  enrolled(enrolled: Extract<Enrolled, { status: 'enrolled' }>): Promise<void>;
  onState(state: AgentState): void;
  onDocument(message: DocumentMessage): void;
  /** A line for the log. */
  onReport(report: AgentReport): void;
}

export type { JournalSource } from './journal-reader.ts';
export type AgentReport = Report | { readonly code: 'fault'; readonly detail: string };

export type AgentOptions = {
  readonly openLink: OpenLink;
  readonly source: JournalSource;
  readonly signer: Signer;
  /** Undefined: this box is not enrolled yet. */
  readonly centreKey?: Uint8Array;
  /** The journal was fenced before this start. */
  readonly isFenced?: boolean;
  readonly hooks: AgentHooks;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly settings?: Partial<MachineSettings>;
};

export interface Agent {
  /** The journal has entries that it had not before. */
  journalGrew(): void;
  /** Hands document messages to the link; false where there is none now: the documents send again after `onState` says `on`. */
  sendDocument(messages: readonly Uint8Array[]): boolean;
  state(): AgentState;
  /** Asks the centre with this voucher until it answers. The voucher is kept in memory only. */
  enrol(voucher: Voucher): void;
  stop(): void;
}

export const DEFAULT_SETTINGS: MachineSettings = {
  keepaliveMs: 120_000,
  leastSilenceMs: 1000,
  mostSilenceMs: 60_000,
  firstRateBytesPerS: 1200,
  heartbeatMs: 60_000,
  slowRetryMs: 300_000,
  leastReconnectMs: 500,
  mostReconnectMs: 60_000,
};

/** Pauses follow the heartbeat where they are not given: a village that beats every two seconds should not wait a minute. */
function settingsOf(given: Partial<MachineSettings> = {}): MachineSettings {
  const heartbeatMs = given.heartbeatMs ?? DEFAULT_SETTINGS.heartbeatMs;
  const pauses = { mostSilenceMs: Math.max(DEFAULT_SETTINGS.leastSilenceMs, heartbeatMs), slowRetryMs: heartbeatMs * 5 };
  return { ...DEFAULT_SETTINGS, ...pauses, ...given };
}

export function startAgent(options: AgentOptions): Agent {
  const runner = new Runner(options);
  runner.start();
  return runner;
}

class Runner implements Agent {
  private readonly options: AgentOptions;
  private readonly settings: MachineSettings;
  private readonly link: Link;
  private readonly assembler = new DocumentAssembler();
  private readonly inputs: Input[] = [];
  private machine: MachineState;
  private centreKey: Uint8Array | undefined;
  private voucher: Voucher | undefined;
  private known: AgentState;
  private readonly reader: JournalReader;
  private readonly settling: SettleQueue;
  private isRunning = false;
  private isStopped = false;
  private badPackets = 0;
  private cancelTimer: () => void = () => undefined;
  private cancelConnect: () => void = () => undefined;

  constructor(options: AgentOptions) {
    this.options = options;
    this.settings = settingsOf(options.settings);
    this.centreKey = options.centreKey;
    this.settling = new SettleQueue(options.hooks, options.timers, (detail) => this.fault(detail));
    this.reader = new JournalReader(options.source);
    const phase = options.centreKey === undefined ? 'unenrolled' : options.isFenced === true ? 'fenced' : 'opening';
    const { received, archived } = options.source.watermark();
    this.machine = firstState(phase, options.source.head().number, received, archived, this.settings);
    this.known = agentState(this.machine, undefined, options.clock.now(), 0);
    this.link = options.openLink({
      connected: () => this.dispatch({ type: 'connected', nowMs: this.now() }),
      disconnected: () => this.dispatch({ type: 'disconnected', nowMs: this.now() }),
      message: (topic, payload) => this.receive(topic, payload),
    });
  }

  start(): void {
    this.dispatch({ type: 'start', nowMs: this.now() });
  }

  journalGrew(): void {
    this.dispatch({ type: 'journal-grew', head: this.options.source.head().number, nowMs: this.now() });
  }

  sendDocument(messages: readonly Uint8Array[]): boolean {
    if (!this.machine.isConnected || this.centreKey === undefined) return false;
    for (const message of messages) this.link.publish(this.upTopic(), message);
    return true;
  }

  state(): AgentState {
    return this.known;
  }

  enrol(voucher: Voucher): void {
    if (this.centreKey !== undefined) return;
    this.voucher = voucher;
    if (this.machine.isConnected) this.link.subscribe(voucherDownTopic(voucher.id));
    this.dispatch({ type: 'enrol', nowMs: this.now() });
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTimer();
    this.cancelConnect();
    this.settling.stop();
    this.link.close();
  }

  private now(): number {
    return this.options.clock.monotonic();
  }

  private upTopic(): string {
    return upTopic(this.options.source.name().gateway);
  }

  private dispatch(input: Input): void {
    this.inputs.push(input);
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let next = this.inputs.shift(); next !== undefined && !this.isStopped; next = this.inputs.shift()) {
        const { state, effects } = step(this.machine, next, this.settings);
        this.machine = state;
        for (const effect of effects) this.perform(effect);
      }
    } finally {
      this.isRunning = false;
    }
    this.publishState();
  }

  private publishState(): void {
    const next = agentState(this.machine, this.known, this.options.clock.now(), this.badPackets);
    const isSame = isSameState(this.known, next);
    this.known = next;
    if (!isSame && !this.isStopped) this.options.hooks.onState(next);
  }

  private perform(effect: Effect) {
    switch (effect.type) {
      case 'connect':
        return this.connectAfter(effect.afterMs);
      case 'ask':
        return this.ask();
      case 'show-head': {
        const head = this.options.source.head();
        return this.send(head, [], true, head.number);
      }
      case 'send':
        return this.sendEntries(effect);
      case 'settle':
        return this.settling.put({ received: effect.received, archived: effect.archived });
      case 'fence':
        this.options.hooks.fence(effect.reason).catch((fault: unknown) => this.fault(`the fence could not be kept: ${String(fault)}`));
        return;
      case 'set-timer':
        return this.setTimer(effect.atMs);
      case 'report':
        return this.options.hooks.onReport(effect.report);
      default:
        return assertNever(effect);
    }
  }

  private connectAfter(afterMs: number): void {
    this.cancelConnect();
    // Jitter over the upper half: a valley whose mast comes back must not call all at once.
    const [random = 0] = this.options.entropy.bytes(1);
    this.cancelConnect = this.options.timers.setTimer(afterMs / 2 + (afterMs / 2) * (random / 255), () => this.link.connect(this.topics()));
  }

  private topics(): readonly string[] {
    const own = this.centreKey === undefined ? [] : [downTopic(this.options.source.name().gateway)];
    return this.voucher === undefined ? own : [...own, voucherDownTopic(this.voucher.id)];
  }

  private setTimer(atMs: number | undefined): void {
    this.cancelTimer();
    if (atMs === undefined) return;
    this.cancelTimer = this.options.timers.setTimer(Math.max(0, atMs - this.now()), () => {
      // Timers may fire early by a fraction: the machine is told the time that it asked for.
      this.dispatch({ type: 'tick', nowMs: Math.max(atMs, this.now()) });
    });
  }

  private ask(): void {
    if (this.voucher === undefined) return;
    const { epoch } = this.options.source.name();
    this.link.publish(voucherUpTopic(this.voucher.id), encodeEnrol(this.voucher, epoch, this.options.signer));
  }

  private sendEntries({ after, limitEntries, limitBytes, fullHead }: Extract<Effect, { type: 'send' }>): void {
    const { source } = this.options;
    const before = this.reader.headAt(after);
    const entries = before === undefined ? [] : source.entriesAfter(after, limitEntries);
    if (before === undefined || entries.length === 0) {
      if (before === undefined) this.fault(`entry ${after} is not in the journal any more: what follows it cannot be sent`);
      this.dispatch({ type: 'sent', after, to: after, bytes: 0, mark: 0, nowMs: this.now() });
      return;
    }
    this.send(before, entries, fullHead, limitBytes);
  }

  /** Publishes as many of the entries as fit, and tells the machine. */
  private send(after: Head, entries: readonly Entry[], fullHead: boolean, limitBytes: number): void {
    const { source, signer } = this.options;
    const announced = source.head().number;
    let taken = entries;
    let bytes: Uint8Array;
    for (;;) {
      bytes = encodeBatch({ name: source.name(), after, entries: taken, fullHead, announced }, signer);
      if (bytes.length <= limitBytes || taken.length <= 1) break;
      taken = taken.slice(0, Math.max(1, Math.floor((taken.length * limitBytes * 0.95) / bytes.length)));
    }
    this.link.publish(this.upTopic(), bytes);
    const last = taken.at(-1);
    if (last !== undefined) this.reader.remember(last);
    const to = last?.number ?? after.number;
    this.dispatch({ type: 'sent', after: after.number, to, bytes: bytes.length, mark: markOf(bytes), nowMs: this.now() });
  }

  private receive(topic: string, payload: Uint8Array) {
    if (this.isStopped) return;
    if (payload.length > MAX_MESSAGE_BYTES) return this.bad(`${payload.length} bytes on ${topic}`);
    if (this.voucher !== undefined && topic === voucherDownTopic(this.voucher.id)) return this.receiveEnrolled(this.voucher, payload);
    if (this.centreKey === undefined || topic !== downTopic(this.options.source.name().gateway)) return this.bad(`a message on ${topic}`);
    const opened = openDown(payload, this.centreKey);
    if (!opened.ok) return this.bad(describeFault(opened.error));
    this.hear(opened.value);
  }

  private hear(message: DownMessage) {
    const nowMs = this.now();
    switch (message.kind) {
      case 'ack': {
        const { to, received, archived, fenced, answers } = message.ack;
        if (!this.isForUs(to)) return this.bad('an ACK for another journal');
        return this.dispatch({ type: 'ack', received, archived, fenced, answers, standing: this.reader.standingOf(received), nowMs });
      }
      case 'gap': {
        const { to, received, reason, limitEntries, until, answers } = message.gap;
        if (!this.isForUs(to)) return this.bad('a GAP for another journal');
        return this.dispatch({
          type: 'gap',
          received,
          reason,
          limitEntries,
          until,
          answers,
          standing: this.reader.standingOf(received),
          nowMs,
        });
      }
      case 'reject':
        if (message.reject.to.gateway !== this.options.source.name().gateway) return this.bad('a REJECT for another gateway');
        return this.dispatch({ type: 'reject', reason: message.reject.reason, nowMs });
      case 'document': {
        if (message.part.gateway !== this.options.source.name().gateway) return this.bad('a document for another gateway');
        const whole = this.assembler.add(message.part);
        if (!whole.ok) return this.bad(describeFault(whole.error));
        if (whole.value !== undefined) this.options.hooks.onDocument(whole.value);
        return;
      }
      default:
        return assertNever(message);
    }
  }

  private isForUs(to: JournalName): boolean {
    const name = this.options.source.name();
    return to.gateway === name.gateway && to.epoch === name.epoch;
  }

  private receiveEnrolled(voucher: Voucher, payload: Uint8Array) {
    const opened = openEnrolled(payload, voucher, this.options.signer.publicKey);
    if (!opened.ok) return this.bad(describeFault(opened.error));
    if (this.machine.phase !== 'asking') return;
    const { enrolled, proved } = opened.value;
    if (enrolled.status === 'refused') return this.dispatch({ type: 'refused', reason: enrolled.reason, proved, nowMs: this.now() });
    // A journal that holds entries has its name in them; an empty one can take any.
    const { source } = this.options;
    if (enrolled.gateway !== source.name().gateway && source.head().number > 0) {
      return this.dispatch({ type: 'refused', reason: 'other-gateway', proved, nowMs: this.now() });
    }
    this.options.hooks.enrolled(enrolled).then(
      () => {
        if (this.isStopped || this.centreKey !== undefined) return;
        // The hook may have given the source its name; where it has not, this agent has nothing to send.
        if (source.name().gateway !== enrolled.gateway) return this.stop();
        this.centreKey = enrolled.centreKey;
        this.link.subscribe(downTopic(enrolled.gateway));
        this.dispatch({ type: 'enrolled', nowMs: this.now() });
      },
      (fault: unknown) => this.fault(`the enrolment could not be kept: ${String(fault)}`),
    );
  }

  private bad(detail: string): void {
    this.badPackets++;
    this.fault(`dropped: ${detail}`);
    this.publishState();
  }

  private fault(detail: string): void {
    this.options.hooks.onReport({ code: 'fault', detail });
  }
}
