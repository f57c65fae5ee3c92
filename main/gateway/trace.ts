/** What is kept of a cell's run beside its payment, so that it can be run again: which cell, what it was asked, what it read, what it spent. */
import type { CellPayment, CellReads, CellTrace } from '../cell-host/cell.ts';

export type CellRef = CellTrace['cell'];

/** A trace with its request, and a hash of what the run answered where the payment's record does not show all of it. */
export type KeptTrace = CellTrace & { readonly request: CellPayment; readonly answer?: string };

/** Without `reads` where there were too many to keep. */
export type ReadTrace = Omit<KeptTrace, 'reads'> & { readonly reads: CellReads | undefined };
