/**
 * A print job as the commands that one printer gets, without questions: those are the machine's. The printer's own font where
 * every letter is ASCII, else a picture of the whole receipt, so that a page never mixes two scripts of two sizes.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { Receipt } from '../ports/receipt.ts';
import { MAX_JOB_BYTES, type PrintJob } from '../ports/receipt-printer.ts';
import { cutFrame, drawerFrame, feedFrame, packFrames, rasterFrames, resetFrame } from './frames.ts';
import { receiptRows } from './layout.ts';
import { type Letters, loadLetters } from './letters.ts';
import { isAscii, nativeFrames } from './native.ts';
import { rasterRows } from './raster.ts';

export type PaperWidthMm = 58 | 80;
/** Dots that print, and columns of font A (12 dots wide). */
export const PAPERS: Readonly<Record<PaperWidthMm, { readonly dots: number; readonly columns: number }>> = {
  58: { dots: 384, columns: 32 },
  80: { dots: 576, columns: 48 },
};

export type RenderOptions = {
  readonly paperMm: PaperWidthMm;
  readonly zoneMinutes?: number;
  readonly loadLetters?: () => Promise<Result<Letters, string>>;
};

export type Rendered = {
  /** Pieces of whole commands, each of a window; see packFrames. */
  readonly pieces: readonly Uint8Array[];
  /** Why the receipt is in English with question marks though it was to be in Nepali. */
  readonly degraded?: string;
};

export type RenderFault = { readonly code: 'too-large' | 'cannot-render'; readonly detail: string };

export async function renderJob(job: PrintJob, options: RenderOptions): Promise<Result<Rendered, RenderFault>> {
  const { dots, columns } = PAPERS[options.paperMm];
  try {
    const rows = receiptRows(job.receipt, options.zoneMinutes);
    const before = [resetFrame(), ...(job.openDrawer === true ? [drawerFrame()] : [])];
    if (isAscii(rows)) return within([...before, ...nativeFrames(rows, columns), feedFrame(3), cutFrame()]);
    const letters = await (options.loadLetters ?? loadLetters)();
    if (!letters.ok) return within([...before, ...degradedFrames(job.receipt, columns, options.zoneMinutes)], letters.error);
    const bitmap = rasterRows(rows, letters.value, { dots, maxRows: Math.floor(MAX_JOB_BYTES / (dots / 8)) });
    if (bitmap === undefined) return err({ code: 'too-large', detail: 'the receipt is longer than half a metre' });
    return within([...before, ...rasterFrames(bitmap), feedFrame(3), cutFrame()]);
  } catch (error) {
    return err({ code: 'cannot-render', detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Without Nepali letters the receipt is printed in English: the sums are right, a name that has no English is a question mark. */
function degradedFrames(receipt: Receipt, columns: number, zoneMinutes: number | undefined): Uint8Array[] {
  const rows = receiptRows({ ...receipt, language: 'en' }, zoneMinutes);
  const note = { kind: 'text', text: '(Nepali letters are missing on this box)', align: 'center', size: 'small', isBold: false } as const;
  return [...nativeFrames([...rows, note], columns), feedFrame(3), cutFrame()];
}

function within(frames: readonly Uint8Array[], degraded?: string): Result<Rendered, RenderFault> {
  const pieces = packFrames(frames);
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size > MAX_JOB_BYTES) return err({ code: 'too-large', detail: `${size} bytes; a job has at most ${MAX_JOB_BYTES}` });
  return ok(degraded === undefined ? { pieces } : { pieces, degraded });
}
