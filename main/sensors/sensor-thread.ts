/**
 * The main thread's end of the sensors' thread. It is started with the first reading, or at once where a port is asked for, so a box without
 * sensors pays nothing. Invariants: no payment ever waits for it; past the queue's limit a reading is refused at once with `busy` (I13);
 * a thread that hangs or dies answers what it had with `interrupted` and is started again; a cell that hung it three times is not run again.
 */
import { Worker } from 'node:worker_threads';
import { assertNever } from '../../ledger-sync/ledger/result.ts';
import type { Address } from '../platform/address.ts';
import type { Clock } from '../platform/clock.ts';
import { ExitFault } from '../platform/exit.ts';
import type { Timers } from '../platform/timers.ts';
import { HangWatch } from './hang-watch.ts';
import { checkOrder, fault, type SensorFault, type SensorOrder, type SensorOutcome } from './readings.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import type { FromSensors, KnownDevice, SensorCellName, SensorCounts, SensorSetup, ToSensors } from './sensor-messages.ts';

export type SensorsState = {
  /** `asleep`: not needed yet. `down`: it cannot start, or died too often in a row; tried again now and then. */
  readonly state: 'asleep' | 'starting' | 'serving' | 'down' | 'stopping';
  readonly inFlight: number;
  readonly restarts: number;
  readonly udp?: Address;
  readonly trouble?: string;
  /** Cells that hung the thread too often. */
  readonly stopped: readonly string[];
};

export type SensorOptions = {
  readonly databasePath: string;
  /** Whatever the thread's entry finds its cells by; asked at every start. */
  readonly cells: () => unknown;
  readonly listen?: { readonly address: Address; readonly secret: Uint8Array };
  readonly timers: Timers;
  readonly clock: Clock;
  readonly onTrouble: (line: string) => void;
  /** How long one run of a cell, or one commit, may take before the thread counts as hung. */
  readonly hangMs?: number;
  /** Readings of one transaction. */
  readonly groupMax?: number;
  readonly reconcileMs?: number;
  readonly queueMax?: number;
  /** The thread's entry: tests and benches compose other cells. */
  readonly workerUrl?: URL;
};

const HANG_MS = 1_000;
const RECONCILE_MS = 5_000;
const STARTS_IN_A_ROW = 5;
const AGAIN_MS = 10_000;
const YOUNG_GENERATION_MIB = 8;

type Waiting = { readonly id: number; readonly order: SensorOrder; readonly resolve: (outcome: SensorOutcome) => void };
type Question = (value: readonly KnownDevice[] | SensorCounts | undefined) => void;

export class Sensors {
  private readonly options: SensorOptions;
  private readonly queueMax: number;
  private waiting: Waiting[] = [];
  private readonly inFlight = new Map<number, Waiting>();
  private readonly questions = new Map<number, Question>();
  private worker: Worker | undefined;
  private readonly hangs: HangWatch;
  private phase: SensorsState['state'] = 'asleep';
  private nextId = 1;
  private restarts = 0;
  private startsInARow = 0;
  private lastTrouble: string | undefined;
  private udp: Address | undefined;
  private cells: readonly SensorCellName[] = [];
  private elsewhere: readonly string[] = [];
  private flushPlanned = false;
  private isRefreshing = false;
  private stopping: Promise<void> | undefined;
  private stopped: (() => void) | undefined;
  private firstStart = Promise.withResolvers<void>();

  constructor(options: SensorOptions) {
    this.options = options;
    this.queueMax = options.queueMax ?? SENSOR_LIMITS.queueMax;
    this.hangs = new HangWatch({
      timers: options.timers,
      clock: options.clock,
      hangMs: options.hangMs ?? HANG_MS,
      nameOf: (index) => this.cells[index]?.name,
      onHung: ({ forMs, cell }) => this.replaceHung(forMs, cell),
    });
    // Whoever waits for it hears of it; nobody else has to.
    this.firstStart.promise.catch(() => {});
  }

  /** Starts now; rejects with an ExitFault where it cannot. */
  start(): Promise<void> {
    if (this.phase === 'asleep') this.launch();
    return this.firstStart.promise;
  }

  ask(order: SensorOrder): Promise<SensorOutcome> {
    const checked = checkOrder(order);
    if (!checked.ok) return Promise.resolve(checked);
    const refusal = this.refusal();
    if (refusal !== undefined) return Promise.resolve(refusal);
    if (this.phase === 'asleep') this.launch();
    return new Promise((resolve) => {
      this.waiting.push({ id: this.nextId++, order: checked.value, resolve });
      this.planFlush();
    });
  }

  /** What is known of a device, by cell; undefined while the thread cannot say. */
  async device(deviceId: string): Promise<readonly KnownDevice[] | undefined> {
    if (this.phase === 'asleep') await this.start().catch(() => {});
    return (await this.question((id) => ({ type: 'device', id, deviceId }))) as readonly KnownDevice[] | undefined;
  }

  async counts(): Promise<SensorCounts | undefined> {
    return (await this.question((id) => ({ type: 'counts', id }))) as SensorCounts | undefined;
  }

  state(): SensorsState {
    return {
      state: this.phase,
      inFlight: this.waiting.length + this.inFlight.size,
      restarts: this.restarts,
      ...(this.udp === undefined ? {} : { udp: this.udp }),
      ...(this.lastTrouble === undefined ? {} : { trouble: this.lastTrouble }),
      stopped: this.hangs.stopped(),
    };
  }

  /** The cells that it runs; none before it was started. */
  list(): readonly SensorCellName[] {
    return this.cells;
  }
  /** Names of the cells that the other thread runs. */
  others(): readonly string[] {
    return this.elsewhere;
  }

  /** Starts the thread again with the cells that are in use now, behind what it accepted; one that sleeps goes on sleeping. */
  refresh(): void {
    if (this.phase !== 'serving') return;
    this.flush();
    this.phase = 'starting';
    this.isRefreshing = true;
    this.hangs.forgive();
    this.post({ type: 'stop' });
  }

  /** Takes no more, finishes what it accepted, closes the database. */
  stop(): Promise<void> {
    this.stopping ??= new Promise((resolve) => {
      this.stopped = resolve;
      const wasServing = this.phase === 'serving';
      this.phase = 'stopping';
      if (this.worker === undefined) {
        this.answerAll(this.waiting.splice(0), 'stopping');
        resolve();
      } else if (wasServing) {
        this.flush();
        this.post({ type: 'stop' });
      }
      // Still starting: `ready` sends the rest and the stop behind it.
    });
    return this.stopping;
  }

  private refusal(): { readonly ok: false; readonly error: SensorFault } | undefined {
    if (this.phase === 'stopping') return fault('stopping', 'this box is stopping; send it again when it is back');
    if (this.phase === 'down') return fault('storage', `nothing was counted: ${this.lastTrouble ?? 'the sensors are down'}`);
    if (this.waiting.length + this.inFlight.size < this.queueMax) return undefined;
    return fault('busy', `${this.queueMax} readings wait already; send it again`);
  }

  private question(message: (id: number) => ToSensors): Promise<readonly KnownDevice[] | SensorCounts | undefined> {
    if (this.phase !== 'serving' || this.questions.size >= this.queueMax) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const id = this.nextId++;
      this.questions.set(id, resolve);
      this.post(message(id));
    });
  }

  /** One message a turn of the event loop, with everything that came in it. */
  private planFlush(): void {
    if (this.flushPlanned) return;
    this.flushPlanned = true;
    setImmediate(() => {
      this.flushPlanned = false;
      if (this.phase === 'serving') this.flush();
    });
  }

  private flush(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting.splice(0);
    for (const one of waiting) this.inFlight.set(one.id, one);
    this.post({ type: 'orders', orders: waiting.map(({ id, order }) => ({ id, order })) });
  }

  private post(message: ToSensors): void {
    this.worker?.postMessage(message);
  }

  private launch(): void {
    this.phase = 'starting';
    const { databasePath, listen, reconcileMs = RECONCILE_MS } = this.options;
    const setup: SensorSetup = {
      databasePath,
      cells: this.options.cells(),
      // The port that was picked at the first start stays: devices know it.
      ...(listen === undefined ? {} : { listen: { ...listen.address, ...this.udp, secret: listen.secret } }),
      stopped: this.hangs.stopped(),
      watch: this.hangs.renew(),
      reconcileMs,
      groupMax: this.options.groupMax ?? SENSOR_LIMITS.groupMax,
    };
    const worker = new Worker(this.options.workerUrl ?? new URL('./compose-sensors.ts', import.meta.url), {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    this.worker = worker;
    worker.on('message', (message: FromSensors) => this.heard(message));
    worker.on('error', (error) => this.trouble(`the sensors' thread broke: ${error instanceof Error ? error.message : String(error)}`));
    worker.on('exit', (code) => this.ended(code));
  }

  private heard(message: FromSensors): void {
    switch (message.type) {
      case 'ready':
        this.cells = message.cells;
        this.elsewhere = message.elsewhere;
        this.udp = message.udp;
        this.lastTrouble = undefined;
        this.firstStart.resolve();
        if (this.phase === 'starting') this.phase = 'serving';
        this.flush();
        if (this.phase === 'stopping') this.post({ type: 'stop' });
        else this.hangs.watch();
        return;
      case 'failed':
        this.trouble(message.detail);
        this.firstStart.reject(new ExitFault(1, message.detail));
        return;
      case 'answers':
        this.startsInARow = 0;
        for (const { id, outcome } of message.answers) {
          const waiting = this.inFlight.get(id);
          this.inFlight.delete(id);
          waiting?.resolve(outcome);
        }
        return;
      case 'device':
        this.answerQuestion(message.id, message.reports);
        return;
      case 'counts':
        this.answerQuestion(message.id, message.counts);
        return;
      case 'trouble':
        this.options.onTrouble(message.line);
        return;
      default:
        assertNever(message);
    }
  }

  private answerQuestion(id: number, value: readonly KnownDevice[] | SensorCounts | undefined): void {
    const resolve = this.questions.get(id);
    this.questions.delete(id);
    resolve?.(value);
  }

  private replaceHung(forMs: number, cell: string | undefined): void {
    const who = cell === undefined ? '' : `, in the cell ${cell}`;
    this.trouble(`the sensors' thread did not answer for ${Math.round(forMs)} ms${who}; it is replaced`);
    void this.worker?.terminate();
  }

  private ended(code: number): void {
    this.worker = undefined;
    this.hangs.rest();
    this.answerAll([...this.inFlight.values()], 'interrupted');
    this.inFlight.clear();
    for (const id of [...this.questions.keys()]) this.answerQuestion(id, undefined);
    if (this.phase === 'stopping') {
      this.answerAll(this.waiting.splice(0), 'stopping');
      this.stopped?.();
      return;
    }
    if (this.isRefreshing) {
      this.isRefreshing = false;
      this.launch();
      return;
    }
    this.startsInARow++;
    if (this.startsInARow <= STARTS_IN_A_ROW && this.phase === 'serving') {
      this.restarts++;
      this.launch();
      return;
    }
    this.phase = 'down';
    this.lastTrouble ??= `the sensors' thread ended (${code})`;
    this.answerAll(this.waiting.splice(0), 'storage');
    this.firstStart.reject(new ExitFault(1, this.lastTrouble));
    this.options.timers.setTimer(AGAIN_MS, () => {
      if (this.phase !== 'down') return;
      this.restarts++;
      this.startsInARow = 0;
      this.launch();
    });
  }

  /** Whether they were committed is not known here; a device's own number for them is. */
  private answerAll(orders: readonly Waiting[], code: 'interrupted' | 'stopping' | 'storage'): void {
    const detail = 'the sensors’ thread ended before it answered; send it again with the same number';
    for (const { resolve } of orders) resolve(fault(code, code === 'storage' ? (this.lastTrouble ?? detail) : detail));
  }

  private trouble(line: string): void {
    this.lastTrouble = line;
    this.options.onTrouble(line);
  }
}
