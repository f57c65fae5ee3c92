/**
 * A receipt printer at the level of bytes: a receive buffer, real-time status, paper that runs out, a cover, a cable and a switch. What
 * it cuts off is handed to `onPaper`. It works through its buffer in steps, so a slow one answers late; a stopped one keeps what it got
 * and goes on when it is tended, as real printers do.
 */
import type { Timers } from '../../main/platform/timers.ts';
import type { ByteStream } from '../serial/byte-stream.ts';
import { CommandReader, type PaperOrder } from './command-reader.ts';
import { type CutPaper, Paper, type PaperPart } from './paper.ts';

export type SimulatorOptions = {
  readonly dots: number;
  readonly onPaper: (paper: CutPaper) => void;
  readonly timers: Timers;
  /** Bytes worked through in a step of `stepMs`; undefined works through everything at once. */
  readonly stepBytes?: number;
  readonly stepMs?: number;
};

/** Past it bytes are lost, as in a printer without flow control. */
const BUFFER_BYTES = 64 * 1024;

export class PrinterSimulator {
  private readonly stream: ByteStream;
  private readonly options: SimulatorOptions;
  private readonly paper: Paper;
  private readonly reader: CommandReader;
  private buffer: number[] = [];
  private cursor = 0;
  private realTime: number[] = [];
  private received = 0;
  private lost = 0;
  private isStepping = false;
  private isCoverOpen = false;
  private hasPaper = true;
  private isMute = false;
  private linesLeft: number | undefined;
  private alarm: { readonly afterBytes: number; readonly run: () => void } | undefined;
  private writes: Promise<unknown> = Promise.resolve();

  constructor(stream: ByteStream, options: SimulatorOptions) {
    this.stream = stream;
    this.options = options;
    this.paper = new Paper(options.dots, options.onPaper);
    this.reader = new CommandReader((order) => this.obey(order));
    stream.start((event) => {
      if (event.kind === 'bytes') this.receive(event.bytes);
    });
  }

  bytesReceived(): number {
    return this.received;
  }
  bytesLost(): number {
    return this.lost;
  }
  hanging(): readonly PaperPart[] {
    return this.paper.hanging();
  }
  drawerPulses(): number {
    return this.paper.drawerPulses();
  }

  /** Lines of letters and rows of dots until the roll is at its end. */
  runOutAfter(lines: number): void {
    this.linesLeft = lines;
    if (lines === 0) this.hasPaper = false;
  }
  loadPaper(): void {
    this.linesLeft = undefined;
    this.hasPaper = true;
    this.work();
  }
  setCover(isOpen: boolean): void {
    this.isCoverOpen = isOpen;
    this.work();
  }
  /** Answers nothing, as when it is off though its cable is in. */
  setMute(isMute: boolean): void {
    this.isMute = isMute;
  }
  /** Off and on again: the buffer is empty, a command half read is forgotten; the paper stays. */
  restart(): void {
    this.buffer = [];
    this.cursor = 0;
    this.realTime = [];
    this.reader.reset();
    this.paper.reset();
  }
  /** Calls `run` in the middle of what comes in, after so many bytes from now; the rest of that write never arrives. */
  after(bytes: number, run: () => void): void {
    this.alarm = { afterBytes: this.received + bytes, run };
  }

  private receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.received += 1;
      this.hearRealTime(byte);
      if (this.buffer.length - this.cursor < BUFFER_BYTES) this.buffer.push(byte);
      else this.lost += 1;
      if (this.alarm !== undefined && this.received >= this.alarm.afterBytes) {
        const { run } = this.alarm;
        this.alarm = undefined;
        run();
        break;
      }
    }
    this.work();
  }

  /** DLE EOT n is answered at once, wherever it stands. */
  private hearRealTime(byte: number): void {
    this.realTime = [...this.realTime.slice(-2), byte];
    const [first, second, question] = this.realTime;
    if (first !== 0x10 || second !== 0x04 || question === undefined) return;
    if (question === 1) this.reply(0x12 | (this.isStopped() ? 0x08 : 0));
    if (question === 2) this.reply(0x12 | (this.isCoverOpen ? 0x04 : 0) | (this.hasPaper ? 0 : 0x20));
    if (question === 3) this.reply(0x12);
    if (question === 4) this.reply(0x12 | (this.hasPaper ? 0 : 0x6c));
  }

  private isStopped(): boolean {
    return this.isCoverOpen || !this.hasPaper;
  }

  private work(): void {
    if (this.isStepping) return;
    const { stepBytes, stepMs } = this.options;
    let budget = stepBytes ?? Number.POSITIVE_INFINITY;
    while (!this.isStopped() && this.cursor < this.buffer.length && budget > 0) {
      const byte = this.buffer[this.cursor] ?? 0;
      this.cursor += 1;
      budget -= 1;
      this.reader.read(byte);
    }
    if (this.cursor === this.buffer.length || this.cursor > 4096) {
      this.buffer = this.buffer.slice(this.cursor);
      this.cursor = 0;
    }
    if (this.isStopped() || this.buffer.length === 0) return;
    this.isStepping = true;
    this.options.timers.setTimer(stepMs ?? 1, () => {
      this.isStepping = false;
      this.work();
    });
  }

  private obey(order: PaperOrder): void {
    if (order.kind === 'command' && order.name === 'GS r') {
      if ((order.parameters[0] ?? 0) % 48 === 1) this.reply(this.hasPaper ? 0 : 0x0c);
      return;
    }
    if (!this.paper.obey(order) || this.linesLeft === undefined) return;
    this.linesLeft -= 1;
    if (this.linesLeft <= 0) this.hasPaper = false;
  }

  private reply(byte: number): void {
    if (this.isMute) return;
    this.writes = this.writes.then(() => this.stream.write(Uint8Array.of(byte)));
  }
}
