// A picture whose sending broke off leaves the printer waiting for dots. The next receipt is whole all the same, wherever it broke.
import { expect, it } from 'vitest';
import { systemTimers } from '../../main/platform/timers.ts';
import { memoryPair } from '../serial/memory-pair.ts';
import { EscposPrinter } from './driver.ts';
import type { CutPaper } from './paper.ts';
import { sampleSale } from './sample-receipts.ts';
import { PrinterSimulator } from './simulator.ts';

const copy = { ...sampleSale('ne'), copy: 1 };
const rowsOf = (paper: CutPaper | undefined): string[] =>
  (paper?.parts ?? []).flatMap((part) => (part.kind === 'row' ? [Buffer.from(part.bits).toString('hex')] : []));
const ready = (printer: EscposPrinter): Promise<void> =>
  new Promise((resolve) => {
    if (printer.state().kind === 'ready') return resolve();
    printer.onState(({ kind }) => kind === 'ready' && resolve());
  });

/** Prints `copy`, after a first receipt whose cable was pulled so many bytes on. */
async function rowsAfter(brokenAt: number | undefined): Promise<string[]> {
  const { near, far, unplug, plugIn } = memoryPair();
  const papers: CutPaper[] = [];
  const simulator = new PrinterSimulator(far, { dots: 384, timers: systemTimers, onPaper: (paper) => papers.push(paper) });
  const printer = new EscposPrinter(near, { paperMm: 58, timers: systemTimers });
  await ready(printer);
  if (brokenAt !== undefined) {
    simulator.after(brokenAt, unplug);
    expect(await printer.print({ id: '1.0', receipt: sampleSale('ne') }, () => {})).toMatchObject({ kind: 'unsure', reason: 'unplugged' });
    plugIn();
    await ready(printer);
  }
  expect(await printer.print({ id: '1.1', receipt: copy }, () => {})).toEqual({ kind: 'done' });
  await printer.close();
  return rowsOf(papers.at(-1));
}

it.each([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 2_000, 5_000, 12_345, 20_001])(
  'broken at byte %d',
  async (brokenAt) => {
    const whole = await rowsAfter(undefined);
    const after = await rowsAfter(brokenAt);
    expect(whole.length).toBeGreaterThan(400);
    expect(after.slice(-whole.length)).toEqual(whole);
  },
);
