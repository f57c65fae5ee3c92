/**
 * `node hardware/receipt-printer/picture.ts [DIR]`: prints the sample receipts on a simulated printer, by the same bytes that a real one
 * gets, and writes what came out as PNG.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemTimers } from '../../main/platform/timers.ts';
import type { Receipt } from '../ports/receipt.ts';
import { memoryPair } from '../serial/memory-pair.ts';
import { EscposPrinter } from './driver.ts';
import type { CutPaper } from './paper.ts';
import { paperPicture } from './paper-picture.ts';
import { PAPERS, type PaperWidthMm } from './render.ts';
import { sampleSale } from './sample-receipts.ts';
import { PrinterSimulator } from './simulator.ts';

/** What one receipt looks like on paper. */
export async function pictureOf(receipt: Receipt, paperMm: PaperWidthMm): Promise<Uint8Array> {
  const { near, far } = memoryPair();
  const papers: CutPaper[] = [];
  const { dots } = PAPERS[paperMm];
  new PrinterSimulator(far, { dots, onPaper: (paper) => papers.push(paper), timers: systemTimers });
  const printer = new EscposPrinter(near, { paperMm, timers: systemTimers });
  await new Promise<void>((resolve) => {
    printer.onState(({ kind }) => kind === 'ready' && resolve());
  });
  const outcome = await printer.print({ id: 'picture', receipt }, () => {});
  await printer.close();
  const [paper] = papers;
  if (outcome.kind !== 'done' || paper === undefined) throw new Error(`the simulated printer answered ${JSON.stringify(outcome)}`);
  return paperPicture(paper, dots);
}

if (import.meta.main) {
  const directory = process.argv[2] ?? 'docs/pictures';
  mkdirSync(directory, { recursive: true });
  for (const language of ['ne', 'en'] as const) {
    const file = join(directory, `receipt-${language}.png`);
    writeFileSync(file, await pictureOf(sampleSale(language), 80));
    process.stdout.write(`${file}\n`);
  }
}
