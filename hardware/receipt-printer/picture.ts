/** What a receipt looks like on paper: printed on a simulated printer, by the same bytes that a real one gets. */
import type { Timers } from '../../main/platform/timers.ts';
import type { Receipt } from '../ports/receipt.ts';
import { memoryPair } from '../serial/memory-pair.ts';
import { EscposPrinter } from './driver.ts';
import type { CutPaper } from './paper.ts';
import { paperPicture } from './paper-picture.ts';
import { PAPERS, type PaperWidthMm } from './render.ts';
import { PrinterSimulator } from './simulator.ts';

export async function pictureOf(receipt: Receipt, paperMm: PaperWidthMm, timers: Timers): Promise<Uint8Array> {
  const { near, far } = memoryPair();
  const papers: CutPaper[] = [];
  const { dots } = PAPERS[paperMm];
  new PrinterSimulator(far, { dots, onPaper: (paper) => papers.push(paper), timers });
  const printer = new EscposPrinter(near, { paperMm, timers });
  await new Promise<void>((resolve) => {
    printer.onState(({ kind }) => kind === 'ready' && resolve());
  });
  const outcome = await printer.print({ id: 'picture', receipt }, () => {});
  await printer.close();
  const [paper] = papers;
  if (outcome.kind !== 'done' || paper === undefined) throw new Error(`the simulated printer answered ${JSON.stringify(outcome)}`);
  return paperPicture(paper, dots);
}
