/** A line of progress on a terminal, redrawn at most ten times a second; plain lines, one every ten seconds, where there is no terminal. */
import type { Clock } from '../../platform/clock.ts';

type Output = { write(text: string): unknown; readonly isTTY?: boolean };

const WIDTH = 28;

export class ProgressBar {
  private readonly output: Output;
  private readonly clock: Clock;
  private shownAtMs = Number.NEGATIVE_INFINITY;
  private open = false;
  private label = '';
  private startedAtMs = 0;

  constructor(output: Output, clock: Clock) {
    this.output = output;
    this.clock = clock;
  }

  say(line: string): void {
    this.end();
    this.output.write(`replay: ${line}\n`);
  }

  /** `of` 0 draws no bar. */
  show(label: string, done: number, of: number, detail: string): void {
    const now = this.clock.monotonic();
    if (label !== this.label) {
      this.label = label;
      this.startedAtMs = now;
      this.shownAtMs = Number.NEGATIVE_INFINITY;
    }
    const last = of > 0 && done === of;
    const everyMs = this.output.isTTY === true ? 100 : 10_000;
    if (!last && now - this.shownAtMs < everyMs) return;
    this.shownAtMs = now;
    const filled = of > 0 ? Math.round((done / of) * WIDTH) : 0;
    const bar = of > 0 ? `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${of}` : '';
    const rate = of > 0 && now > this.startedAtMs ? `${Math.round((done / (now - this.startedAtMs)) * 1_000)}/s` : '';
    const line = ['replay:', label, bar, rate, detail].filter((part) => part !== '').join('  ');
    if (this.output.isTTY === true) {
      this.output.write(`\r\u001b[K${line}`);
      this.open = true;
      if (last) this.end();
    } else {
      this.output.write(`${line}\n`);
    }
  }

  private end(): void {
    if (this.open) this.output.write('\n');
    this.open = false;
  }
}
