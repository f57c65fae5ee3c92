/**
 * The main thread's end of the writer thread: a bounded queue of commands, answered after their commit.
 * Invariants: an answer means that what it says is durable (I1); past the queue's limit a command is refused at once with `busy` (I13);
 * a thread that dies answers everything it had with `storage` and is started again, a bounded number of times in a row; a thread whose cell
 * hangs is replaced, the hung request alone is answered with a decline, and everything else that the thread had is handed to the next one.
 */
import { existsSync } from 'node:fs';
import { assertNever, err } from '../../ledger-sync/ledger/result.ts';
import type { CommandFault, CommandName, Commands } from '../gateway/commands.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { ExitFault } from '../platform/exit.ts';
import { systemTimers } from '../platform/timers.ts';
import { createDatabase } from './database.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import type { DiskState } from './group-commit.ts';
import { HangDesk, type Waiting } from './hang-desk.ts';
import { goneFault, type Mark, readMark } from './journal-mark.ts';
import { exitFaultOf, StorageFault } from './storage-fault.ts';
import { fillNewJournal } from './store.ts';
import { WATCH_LIMITS } from './watchdog.ts';
import type { Committed, MethodList, Writer, WriterOptions, WriterSetup, WriterState } from './writer.ts';
import type { FromWorker } from './writer-messages.ts';
import { type ThreadEnd, WriterSeat } from './writer-seat.ts';

const RESTARTS_IN_A_ROW = 5;

/** Locks the data folder, makes the database where there is none, starts the thread. Rejects with an ExitFault that says what to do. */
export async function startWriter(options: WriterOptions): Promise<Writer> {
  let lock: FolderLock | undefined;
  try {
    lock = lockFolder(`${options.databasePath}.lock`);
    const mark = readMark(options.databasePath);
    if (!existsSync(options.databasePath)) {
      if (mark !== undefined) throw goneFault(options.databasePath, mark);
      createDatabase(options.databasePath, (connection) => fillNewJournal(connection, options));
    }
    const writer = new WriterThread(options, lock, mark);
    await writer.started;
    return writer;
  } catch (error) {
    lock?.release();
    throw error instanceof StorageFault ? exitFaultOf(error) : error;
  }
}

class WriterThread implements Writer {
  readonly started: Promise<void>;
  methods: MethodList = [];
  private readonly options: WriterOptions;
  private readonly lock: FolderLock;
  private readonly clock: Clock;
  private readonly queueLimit: number;
  private readonly seat: WriterSeat;
  private readonly hangs: HangDesk;
  private readonly listeners = new Set<(event: Committed) => void>();
  /** Accepted, not yet handed to the thread. */
  private waiting: Waiting[] = [];
  /** Handed to the thread, not yet answered; in their order. */
  private readonly inFlight = new Map<number, Waiting>();
  private phase: 'serving' | 'starting' | 'replacing' | 'down' | 'stopping' = 'starting';
  private nextId = 1;
  private restarts = 0;
  private restartsInARow = 0;
  private flushPlanned = false;
  private startedOnce = false;
  private lastTrouble = 'the writer thread ended';
  private diskTrouble: string | undefined;
  private settleStart: { readonly resolve: () => void; readonly reject: (fault: ExitFault) => void };
  private stopped: (() => void) | undefined;
  private stopping: Promise<void> | undefined;

  constructor(options: WriterOptions, lock: FolderLock, mark: Mark | undefined) {
    this.options = options;
    this.lock = lock;
    this.clock = options.clock ?? systemClock;
    this.queueLimit = options.queueLimit ?? 4096;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.started = promise;
    this.settleStart = { resolve, reject };
    const now = (): number => this.clock.monotonic();
    this.hangs = new HangDesk(options, this.clock, (line) => this.trouble(line));
    this.seat = new WriterSeat({
      url: options.workerUrl ?? new URL('./compose-writer.ts', import.meta.url),
      setup: () => ({ ...setupOf(options, mark), ...(this.startedOnce ? { methods: this.methods } : {}) }),
      timers: options.timers ?? systemTimers,
      now,
      limits: WATCH_LIMITS,
      onMessage: (message) => this.heard(message),
      onTrouble: (line) => this.trouble(line),
      onEnded: (end) => this.ended(end),
    });
    this.seat.launch();
  }

  execute<C extends CommandName>(command: C, input: Commands[C]['in']): Promise<Commands[C]['out']> {
    const refusal = this.refusal();
    if (refusal !== undefined) return Promise.resolve(err(refusal) as Commands[C]['out']);
    return new Promise((resolve) => {
      const order = this.hangs.unlessAside({ id: this.nextId++, command, input });
      this.waiting.push({ order, resolve: resolve as Waiting['resolve'] });
      this.planFlush();
    });
  }

  onCommitted(listener: (event: Committed) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  state(): WriterState {
    const trouble = this.phase === 'down' ? this.lastTrouble : this.diskTrouble;
    const state = {
      // Whatever is accepted while a hung thread is replaced will be done.
      state: this.phase === 'replacing' ? 'serving' : this.phase,
      inFlight: this.waiting.length + this.inFlight.size,
      restarts: this.restarts,
      hangs: this.hangs.count,
      setAside: this.hangs.setAside(),
    } as const;
    return trouble === undefined ? state : { ...state, trouble };
  }

  stop(): Promise<void> {
    this.stopping ??= new Promise((resolve) => {
      this.stopped = () => {
        this.seat.close();
        this.lock.release();
        resolve();
      };
      const wasServing = this.phase === 'serving';
      const isDown = this.phase === 'down';
      this.phase = 'stopping';
      if (isDown || !this.seat.isTaken) this.stopped();
      else if (wasServing) {
        this.flush();
        this.seat.post({ type: 'stop' });
      }
      // Still starting: `ready` sends the rest and the stop behind it.
    });
    return this.stopping;
  }

  private refusal(): CommandFault | undefined {
    if (this.phase === 'stopping') return { code: 'stopping', detail: 'this box is stopping; ask again with the same id when it is back' };
    if (this.phase === 'down') return { code: 'storage', detail: `nothing was changed: ${this.lastTrouble}; start the gateway again` };
    if (this.waiting.length + this.inFlight.size >= this.queueLimit) {
      return { code: 'busy', detail: `${this.queueLimit} commands wait already; ask again with the same id` };
    }
    return undefined;
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
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) this.inFlight.set(one.order.id, one);
    this.hand(waiting);
  }

  private hand(orders: readonly Waiting[]): void {
    if (orders.length === 0) return;
    this.seat.post({ type: 'orders', orders: orders.map(({ order }) => order) });
    this.seat.watch();
  }

  private heard(message: FromWorker): void {
    switch (message.type) {
      case 'loaded':
      case 'stopped':
        return;
      case 'ready':
        this.methods = message.methods;
        for (const line of message.troubles) this.options.onTrouble?.(line);
        this.startedOnce = true;
        this.settleStart.resolve();
        if (this.phase !== 'stopping') this.phase = 'serving';
        // What a hung thread had comes first, as it came first.
        this.hand([...this.inFlight.values()]);
        this.flush();
        if (this.phase === 'stopping') this.seat.post({ type: 'stop' });
        return;
      case 'failed':
        this.trouble(message.detail);
        this.phase = this.phase === 'stopping' ? 'stopping' : 'down';
        this.settleStart.reject(new ExitFault(message.exitCode, message.detail));
        return;
      case 'answers':
        this.restartsInARow = 0;
        for (const line of message.troubles) this.trouble(line);
        for (const { id, out } of message.answers) {
          const waiting = this.inFlight.get(id);
          this.inFlight.delete(id);
          if (waiting !== undefined && out.ok) this.hangs.heard(waiting.order);
          waiting?.resolve(out);
        }
        if (this.inFlight.size === 0) this.seat.rest();
        if (message.methods !== undefined) this.methods = message.methods;
        if (message.committed !== undefined) this.announce(message.committed);
        if (message.disk !== undefined) this.heardOfDisk(message.disk);
        return;
      default:
        assertNever(message);
    }
  }

  private heardOfDisk(disk: DiskState): void {
    switch (disk.state) {
      case 'works':
        this.diskTrouble = undefined;
        return;
      case 'failing':
        this.diskTrouble = `nothing can be kept (${disk.detail}); look at the disk and make room: what was answered is safe`;
        return;
      case 'damaged':
        // Every further write could spread it.
        if (this.phase !== 'stopping') this.phase = 'down';
        this.trouble(
          `${this.options.databasePath} is damaged (${disk.detail}); keep the file, run "chautari verify", and restore this box from head office's copy`,
        );
        this.seat.post({ type: 'stop' });
        return;
      default:
        assertNever(disk);
    }
  }

  /** What a listener does wrong must not reach the payments. */
  private announce(event: Committed): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.trouble(`a listener of commits broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  }

  private ended(end: ThreadEnd): void {
    if (end.hang !== undefined && end.isStuck !== true && this.phase !== 'down' && this.hangs.pass(end.hang, this.inFlight, this.waiting)) {
      this.restarts++;
      if (this.phase !== 'stopping') this.phase = 'replacing';
      this.seat.launch();
      return;
    }
    this.answerAll([...this.inFlight.values()]);
    this.inFlight.clear();
    if (this.phase === 'stopping') {
      this.answerAll(this.waiting.splice(0));
      this.stopped?.();
      return;
    }
    if (this.phase !== 'down' && end.isStuck !== true && this.startedOnce && this.restartsInARow < RESTARTS_IN_A_ROW) {
      this.restarts++;
      this.restartsInARow++;
      this.phase = 'starting';
      this.trouble(`the writer thread ended (${end.code}); starting it again, ${this.restartsInARow} of ${RESTARTS_IN_A_ROW}`);
      this.seat.launch();
      return;
    }
    if (end.isStuck === true) this.trouble('the writer thread hangs and cannot be ended');
    this.phase = 'down';
    this.settleStart.reject(new ExitFault(1, `the writer thread ended before it was ready (${end.code})`));
    this.answerAll(this.waiting.splice(0));
  }

  /** Whether they were committed is not known here; their ids are. */
  private answerAll(orders: readonly Waiting[]): void {
    for (const { resolve } of orders) {
      resolve(err({ code: 'storage', detail: 'the writer ended before it answered; ask again with the same id' }));
    }
  }

  private trouble(line: string): void {
    this.lastTrouble = line.split('\n', 1)[0] as string;
    this.options.onTrouble?.(line);
  }
}

function setupOf(options: WriterOptions, mark: Mark | undefined): WriterSetup {
  const {
    databasePath,
    cellsDirectory,
    installedCellsDirectory,
    gateway,
    currency,
    printReceipts,
    groupLimit = 256,
    synchronous = 'FULL',
  } = options;
  return { databasePath, cellsDirectory, installedCellsDirectory, gateway, currency, printReceipts, groupLimit, synchronous, mark };
}
