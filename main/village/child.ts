/**
 * A child process under supervision: started, its ready line read, started again when it dies, stopped when asked.
 * Invariant: at most one process of this name lives; a child that was told to stop is not started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type ChildState = 'starting' | 'running' | 'stopped';
export type ReadyLine = { readonly ready: string; readonly pid: number; readonly http?: string; readonly mqtt?: string };

export type ChildPlan = {
  readonly name: string;
  /** What is run; this Node where it is left out. */
  readonly command?: string;
  /** Its arguments; asked for again at each start, so that a port that the system picked can be kept. */
  readonly args: (last: ReadyLine | undefined) => readonly string[];
  readonly logPath: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now: () => number;
};

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
const STABLE_MS = 10_000;
const STOP_LIMIT_MS = 5_000;
const LAST_LINES = 12;

/** It ended before it was ready, or asked for a person (2, 3). `code` is its exit code, where it ended by itself. */
export class ChildFault extends Error {
  readonly code: number | null;
  constructor(message: string, code: number | null) {
    super(message);
    this.name = 'ChildFault';
    this.code = code;
  }
}

export class Child {
  readonly name: string;
  state: ChildState = 'stopped';
  ready: ReadyLine | undefined;
  sinceMs: number;
  kills = 0;
  restarts = 0;
  private readonly plan: ChildPlan;
  private process: ChildProcess | undefined;
  private log: WriteStream | undefined;
  private wanted = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private backoffTimer: NodeJS.Timeout | undefined;
  private lastLines: string[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly waiters = new Set<{ resolve: (ready: ReadyLine) => void; reject: (fault: Error) => void }>();

  constructor(plan: ChildPlan) {
    this.plan = plan;
    this.name = plan.name;
    this.sinceMs = plan.now();
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Starts it and resolves at its ready line. Rejects where it ends before it was ever ready: that is a fault to show, not to repeat. */
  start(): Promise<ReadyLine> {
    this.wanted = true;
    this.log ??= createWriteStream(this.plan.logPath, { flags: 'a', mode: 0o600 });
    const ready = this.whenReady();
    this.spawn();
    return ready;
  }

  /** Resolves when it is ready, now or after its next start. */
  whenReady(): Promise<ReadyLine> {
    if (this.state === 'running' && this.ready !== undefined) return Promise.resolve(this.ready);
    return new Promise((resolve, reject) => this.waiters.add({ resolve, reject }));
  }

  /** kill -9, as a power cut would. It is started again. */
  kill(): boolean {
    if (this.process?.pid === undefined) return false;
    this.kills++;
    return this.process.kill('SIGKILL');
  }

  /** It is not started again when it ends: a Ctrl-C meets every process of the terminal at once, each in its own time. */
  letGo(): void {
    this.wanted = false;
    clearTimeout(this.backoffTimer);
  }

  async stop(): Promise<void> {
    this.letGo();
    const running = this.process;
    if (running !== undefined) {
      // `close` comes after its last lines have been read; only then is it forgotten, so that a second stop finds nothing to wait for.
      const gone = new Promise<void>((resolve) => running.once('close', () => resolve()));
      running.kill('SIGTERM');
      const force = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS);
      await gone;
      clearTimeout(force);
    }
    this.change('stopped');
    this.refuse(new Error(`${this.name} was stopped`));
    await new Promise<void>((resolve) => (this.log === undefined ? resolve() : this.log.end(() => resolve())));
    this.log = undefined;
  }

  private spawn(): void {
    this.change('starting');
    const child = spawn(this.plan.command ?? process.execPath, this.plan.args(this.ready), {
      // The channel carries nothing: its end tells the child that the village is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...this.plan.env },
    });
    this.process = child;
    const startedAt = this.plan.now();
    createInterface({ input: child.stdout as Readable }).on('line', (line) => this.readLine(line));
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      this.lastLines = [...this.lastLines.slice(1 - LAST_LINES), line];
      this.log?.write(`${line}\n`);
    });
    child.once('error', (fault) => this.lastLines.push(fault.message));
    child.once('close', (code, signal) => this.ended(child, startedAt, code, signal));
  }

  private readLine(line: string): void {
    if (line.length > 4_096 || !line.startsWith('{"ready"')) return;
    try {
      this.ready = JSON.parse(line) as ReadyLine;
    } catch {
      return;
    }
    this.change('running');
    const { ready } = this;
    for (const waiter of this.waiters) waiter.resolve(ready);
    this.waiters.clear();
  }

  private ended(child: ChildProcess, startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.process !== child) return;
    this.process = undefined;
    this.log?.write(`-- ${this.name} ended (${signal ?? code})\n`);
    if (!this.wanted) return;
    if (this.ready === undefined || code === 2 || code === 3) {
      this.wanted = false;
      this.change('stopped');
      this.refuse(new ChildFault(`${this.name} did not start (${signal ?? code}): ${this.lastLines.slice(-3).join(' / ')}`, code));
      return;
    }
    const steady = this.plan.now() - startedAt > STABLE_MS || signal === 'SIGKILL';
    this.backoffMs = steady ? FIRST_BACKOFF_MS : Math.min(MAX_BACKOFF_MS, this.backoffMs * 2);
    this.restarts++;
    this.change('starting');
    this.backoffTimer = setTimeout(() => this.spawn(), this.backoffMs);
  }

  /** Nobody waits for ever for what will not be ready. */
  private refuse(fault: Error): void {
    for (const waiter of this.waiters) waiter.reject(fault);
    this.waiters.clear();
  }

  private change(state: ChildState): void {
    if (state !== this.state) this.sinceMs = this.plan.now();
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
