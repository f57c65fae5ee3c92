/**
 * The sensors' thread: readings from the main thread and datagrams from its own port wait in one bounded queue, are taken in groups, and are
 * answered after their commit. It alone opens the sensors' database. Before and after each piece of work it says so in shared memory,
 * and which cell runs, so that the main thread can tell one that hangs from one that has nothing to do.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../platform/clock.ts';
import type { Timers } from '../platform/timers.ts';
import { fault, type SensorOrder, type SensorOutcome } from './readings.ts';
import type { FoundCells, SensorCell } from './sensor-cell.ts';
import { SensorDesk } from './sensor-desk.ts';
import { DeviceKeys } from './sensor-keys.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import { type FromSensors, type SensorCounts, type SensorSetup, type ToSensors, WATCH } from './sensor-messages.ts';
import { noCounts, SensorPort } from './sensor-port.ts';
import { SensorRate } from './sensor-rate.ts';
import { SensorStore } from './sensor-store.ts';

export type SensorDoors = { readonly clock: Clock; readonly timers: Timers };

type Waiting = { readonly order: SensorOrder; readonly answer: (outcome: SensorOutcome) => void };

const QUIET_MS = 1_000;

/** Resolves when the thread is ready or has said why it cannot be. `find` may throw. */
export async function serveSensors(messages: MessagePort, setup: SensorSetup, find: () => FoundCells, doors: SensorDoors): Promise<void> {
  const tell = (message: FromSensors): void => messages.postMessage(message);
  let thread: SensorsAtWork | undefined;
  try {
    const { cells, elsewhere } = find();
    thread = new SensorsAtWork(setup, cells, doors, tell);
    const udp = await thread.listen();
    tell({
      type: 'ready',
      cells: cells.map(({ name, version, world }) => ({ name, version, world })),
      elsewhere,
      ...(udp === undefined ? {} : { udp }),
    });
  } catch (error) {
    thread?.close();
    tell({ type: 'failed', detail: error instanceof Error ? error.message : String(error) });
    messages.close();
    return;
  }
  const working = thread;
  messages.on('message', (message: ToSensors) => {
    if (message.type !== 'stop') return working.hear(message);
    working.finish();
    messages.close();
  });
}

class SensorsAtWork {
  private readonly setup: SensorSetup;
  private readonly doors: SensorDoors;
  private readonly tell: (message: FromSensors) => void;
  private readonly desk: SensorDesk;
  private readonly watch: Int32Array;
  private queue: Waiting[] = [];
  private answers: { id: number; outcome: SensorOutcome }[] = [];
  private turnPlanned = false;
  private socket: Socket | undefined;
  private port: SensorPort | undefined;
  private cancelTimer: (() => void) | undefined;
  private lastWorkMs = 0;
  private isFolded = true;

  constructor(setup: SensorSetup, cells: readonly SensorCell[], doors: SensorDoors, tell: (message: FromSensors) => void) {
    this.setup = setup;
    this.doors = doors;
    this.tell = tell;
    this.watch = new Int32Array(setup.watch);
    this.desk = new SensorDesk({
      open: () => new SensorStore(setup.databasePath),
      cells,
      stopped: new Set(setup.stopped),
      now: () => doors.clock.now(),
      running: (index) => {
        Atomics.store(this.watch, WATCH.cell, index + 1);
        // Still at work, and further: each run of a cell has its own time.
        Atomics.add(this.watch, WATCH.turns, 2);
      },
      trouble: (line) => tell({ type: 'trouble', line }),
    });
    // What a killed process left to be reconciled.
    this.planUpkeep();
  }

  async listen(): Promise<{ host: string; port: number } | undefined> {
    const { listen } = this.setup;
    if (listen === undefined) return undefined;
    const socket = createSocket({ type: listen.host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 256 * 1024 });
    this.socket = socket;
    const port = new SensorPort({
      socket,
      keys: new DeviceKeys(Buffer.from(listen.secret)),
      rate: new SensorRate(() => this.doors.clock.monotonic()),
      now: () => this.doors.clock.now(),
      monotonic: () => this.doors.clock.monotonic(),
      submit: (order, answer) => this.submit({ order, answer }),
    });
    this.port = port;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) =>
        reject(new Error(`no datagrams can be taken at ${listen.host}:${listen.port} (${error.message}); name another with --sensors`)),
      );
      socket.bind(listen.port, listen.host, resolve);
    });
    socket.removeAllListeners('error');
    socket.on('error', (error) => this.tell({ type: 'trouble', line: `the sensors' port: ${error.message}` }));
    socket.on('message', (datagram, from) => port.take(datagram, from));
    const { address, port: bound } = socket.address();
    return { host: address, port: bound };
  }

  hear(message: Exclude<ToSensors, { type: 'stop' }>): void {
    switch (message.type) {
      case 'orders':
        for (const { id, order } of message.orders) {
          const answer = (outcome: SensorOutcome): void => void this.answers.push({ id, outcome });
          if (!this.submit({ order, answer })) answer(fault('busy', 'too many readings wait already; send it again'));
        }
        this.plan();
        return;
      case 'device':
        this.tell({ type: 'device', id: message.id, reports: this.desk.known(message.deviceId) });
        return;
      case 'counts':
        this.tell({ type: 'counts', id: message.id, counts: this.counts() });
    }
  }

  private counts(): SensorCounts {
    const commits = this.port?.commits();
    return {
      ...(this.port?.counts ?? noCounts()),
      ...(commits === undefined || commits.count === 0 ? {} : { commits }),
      outboxRows: this.desk.outboxRows(),
    };
  }

  private submit(one: Waiting): boolean {
    if (this.queue.length >= SENSOR_LIMITS.queueMax) return false;
    this.queue.push(one);
    this.plan();
    return true;
  }

  /** What comes in one turn of the event loop is one group. */
  private plan(): void {
    if (this.turnPlanned) return;
    this.turnPlanned = true;
    setImmediate(() => {
      this.turnPlanned = false;
      this.turn();
    });
  }

  private turn(): void {
    const group = this.queue.splice(0, this.setup.groupMax);
    if (group.length > 0) {
      const outcomes = this.atWork(() => this.desk.run(group.map(({ order }) => order)));
      for (const [index, { answer }] of group.entries()) answer(outcomes[index] as SensorOutcome);
      this.lastWorkMs = this.doors.clock.monotonic();
      this.isFolded = false;
      this.planUpkeep();
    }
    if (this.answers.length > 0) this.tell({ type: 'answers', answers: this.answers.splice(0) });
    if (this.queue.length > 0) this.plan();
  }

  private atWork<T>(work: () => T): T {
    Atomics.add(this.watch, WATCH.turns, 1);
    try {
      return work();
    } finally {
      Atomics.add(this.watch, WATCH.turns, 1);
    }
  }

  /** Reconciliation and the folding of the log: only while there is something to do, so that a quiet box is left asleep. */
  private planUpkeep(): void {
    this.cancelTimer ??= this.doors.timers.setTimer(this.setup.reconcileMs, () => {
      this.cancelTimer = undefined;
      const hasMore = this.atWork(() => this.desk.reconcile());
      const isQuiet = this.doors.clock.monotonic() - this.lastWorkMs >= QUIET_MS;
      if (isQuiet) this.fold();
      if (hasMore || !this.isFolded) this.planUpkeep();
    });
  }

  private fold(): void {
    this.atWork(() => this.desk.checkpoint());
    this.isFolded = true;
  }

  /** Takes what waits, and closes. */
  finish(): void {
    while (this.queue.length > 0 || this.answers.length > 0) this.turn();
    this.atWork(() => this.desk.reconcile());
    this.close();
  }

  close(): void {
    this.cancelTimer?.();
    this.socket?.close();
    this.desk.close();
  }
}
