/**
 * A byte stream over node-serialport. Opens the path again with backoff after every loss, so a printer may be plugged in later or pulled
 * out at any time. Timers are a parameter; the package is loaded at the first opening, so a box without a device does not pay for it.
 * Modem lines are left alone: pseudo-terminals have none.
 */

import type { SerialPort as SerialPortPackage } from 'serialport';
import type { Timers } from '../../main/platform/timers.ts';
import { type BackoffLimits, backoffMs } from './backoff.ts';
import type { ByteStream, ByteStreamEvent, WriteOutcome } from './byte-stream.ts';
import { endingAtHangup } from './hangup-binding.ts';

export type SerialOptions = {
  readonly baudRate: number;
  readonly flowControl: 'none' | 'hardware' | 'software';
  readonly backoff: BackoffLimits;
  /** A write that has not drained by then loses the line: the device blocks it. */
  readonly writeTimeoutMs: number;
  /** Told why the line does not open or was lost, each reason once. */
  readonly warn?: (text: string) => void;
};

export const DEFAULT_SERIAL_OPTIONS: SerialOptions = {
  baudRate: 115_200,
  flowControl: 'none',
  backoff: { firstMs: 250, lastMs: 10_000 },
  writeTimeoutMs: 15_000,
};

type SerialPortOptions = ConstructorParameters<typeof SerialPortPackage>[0];

/** The part of node-serialport's port that is used. */
type Port = {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  write(bytes: Uint8Array, done: (error: Error | null | undefined) => void): boolean;
  drain(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  on(event: 'close' | 'error', listener: (error: Error | null) => void): unknown;
};

export class SerialStream implements ByteStream {
  private readonly path: string;
  private readonly timers: Timers;
  private readonly options: SerialOptions;
  private listener: ((event: ByteStreamEvent) => void) | undefined;
  private port: Port | undefined;
  private failures = 0;
  private cancelRetry: (() => void) | undefined;
  private loseWrite: (() => void) | undefined;
  private isClosed = false;
  private lastWarning = '';

  constructor(path: string, timers: Timers, options: SerialOptions = DEFAULT_SERIAL_OPTIONS) {
    this.path = path;
    this.timers = timers;
    this.options = options;
  }

  start(listener: (event: ByteStreamEvent) => void): void {
    if (this.listener !== undefined) throw new Error('a byte stream is started once');
    this.listener = listener;
    void this.open();
  }

  write(bytes: Uint8Array): Promise<WriteOutcome> {
    const port = this.port;
    if (port === undefined || this.loseWrite !== undefined) return Promise.resolve('lost');
    return new Promise((resolve) => {
      const settle = (outcome: WriteOutcome): void => {
        if (this.loseWrite !== lose) return;
        this.loseWrite = undefined;
        cancelTimer();
        resolve(outcome);
      };
      const lose = (): void => settle('lost');
      const fail = (error: Error): void => {
        this.lose(port, error.message);
        settle('lost');
      };
      this.loseWrite = lose;
      const cancelTimer = this.timers.setTimer(this.options.writeTimeoutMs, () => fail(new Error('the device takes no bytes')));
      port.write(bytes, (error) => {
        if (error) return fail(error);
        port.drain((drainError) => (drainError ? fail(drainError) : settle('drained')));
      });
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.cancelRetry?.();
    const port = this.port;
    this.port = undefined;
    this.loseWrite?.();
    if (port?.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
  }

  private async open(): Promise<void> {
    let port: Port;
    try {
      const { SerialPort } = await import('serialport');
      const { baudRate, flowControl } = this.options;
      const flags = { rtscts: flowControl === 'hardware', xon: flowControl === 'software', xoff: flowControl === 'software' };
      const binding = endingAtHangup(SerialPort.binding);
      port = new SerialPort({ path: this.path, baudRate, autoOpen: false, binding, ...flags } as SerialPortOptions) as Port;
    } catch (error) {
      this.retry(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.isClosed) return;
    port.on('error', (error) => this.lose(port, error?.message ?? 'an error of the port'));
    port.on('close', (error) => this.lose(port, error?.message ?? 'the port was closed'));
    port.on('data', (bytes) => {
      if (this.port === port) this.listener?.({ kind: 'bytes', bytes });
    });
    port.open((error) => {
      if (error !== null && error !== undefined) return this.retry(error.message);
      if (this.isClosed) return port.close(() => {});
      this.failures = 0;
      this.port = port;
      this.listener?.({ kind: 'opened' });
    });
  }

  private lose(port: Port, detail: string): void {
    if (this.port !== port) return;
    this.port = undefined;
    this.loseWrite?.();
    if (port.isOpen) port.close(() => {});
    if (this.isClosed) return;
    this.listener?.({ kind: 'lost', detail });
    this.retry(detail);
  }

  private retry(detail: string): void {
    if (this.isClosed) return;
    if (detail !== this.lastWarning) this.options.warn?.(`${this.path}: ${detail}`);
    this.lastWarning = detail;
    const delayMs = backoffMs(this.failures, this.options.backoff);
    this.failures += 1;
    this.cancelRetry = this.timers.setTimer(delayMs, () => void this.open());
  }
}
