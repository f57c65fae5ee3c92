/** Keeps the paper of a simulated printer as numbered pictures in a folder, whole files only; the oldest go when there are many. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CutPaper } from './paper.ts';
import { paperPicture } from './paper-picture.ts';

const MAX_FILES = 500;
const NAME = /^receipt-(\d{6})\.png$/;

export class PaperFolder {
  private readonly directory: string;
  private readonly dots: number;
  private readonly told: (file: string) => void;
  private readonly warn: (text: string) => void;
  private writes: Promise<unknown> = Promise.resolve();

  constructor(directory: string, dots: number, told: (file: string) => void, warn: (text: string) => void) {
    this.directory = directory;
    this.dots = dots;
    this.told = told;
    this.warn = warn;
  }

  keep(paper: CutPaper): void {
    this.writes = this.writes
      .then(() => this.write(paper))
      .catch((error: unknown) =>
        this.warn(`the receipt's picture could not be kept: ${error instanceof Error ? error.message : String(error)}`),
      );
  }

  /** When everything that was cut so far is kept. */
  async settled(): Promise<void> {
    await this.writes;
  }

  private async write(paper: CutPaper): Promise<void> {
    const picture = await paperPicture(paper, this.dots);
    mkdirSync(this.directory, { recursive: true });
    const numbers = readdirSync(this.directory)
      .map((name) => Number(NAME.exec(name)?.[1] ?? 0))
      .filter((number) => number > 0)
      .sort((a, b) => a - b);
    const file = this.fileOf((numbers.at(-1) ?? 0) + 1);
    writeFileSync(`${file}.part`, picture);
    renameSync(`${file}.part`, file);
    for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - MAX_FILES))) rmSync(this.fileOf(number), { force: true });
    this.told(file);
  }

  private fileOf(number: number): string {
    return join(this.directory, `receipt-${String(number).padStart(6, '0')}.png`);
  }
}
