/**
 * Receipts as effects (E1): due → started → done or unsure. The row says `started` durably before the first byte goes out; a receipt that
 * may have been printed is never sent again, a COPY is. Effects are taken one at a time, in their order, as the printer allows.
 * Invariant: nothing here touches money; a printer that is out of paper only makes receipts wait.
 */
import type { ReceiptLanguage, ReceiptSeal } from '../../../hardware/ports/receipt.ts';
import type { PrintOutcome, ReceiptPrinter, RefusalReason } from '../../../hardware/ports/receipt-printer.ts';
import type { Ledger } from '../../api/face.ts';
import type { Timers } from '../../platform/timers.ts';
import type { EffectRow } from '../../store/reader.ts';
import { receiptOf } from './receipt-of-payment.ts';

export type ReceiptEvent = {
  readonly payment: string;
  readonly state: 'due' | 'started' | 'done' | 'unsure' | 'refused';
  readonly reason?: string;
};

export type ReceiptDeskOptions = {
  readonly ledger: Ledger;
  readonly printer: ReceiptPrinter;
  readonly language: ReceiptLanguage;
  readonly sealOf: (number: number) => ReceiptSeal;
  readonly timers: Timers;
  readonly now: () => number;
  readonly onEvent: (event: ReceiptEvent) => void;
  readonly warn: (line: string) => void;
};

const AGAIN_MS = 3_000;
const COPIES_UNASKED = 2;
const FINAL: readonly RefusalReason[] = ['too-large', 'cannot-render', 'already-started'];
const PAGE = 16;

export class ReceiptDesk {
  private readonly options: ReceiptDeskOptions;
  private working = false;
  private attempts = 0;
  private stopped = false;
  private cancelAgain: (() => void) | undefined;
  private readonly unlisten: () => void;

  constructor(options: ReceiptDeskOptions) {
    this.options = options;
    this.unlisten = options.printer.onState((state) => {
      if (state.kind === 'ready') this.wake();
    });
  }

  /** How many receipts wait for paper. */
  get waiting(): number {
    return this.options.ledger.reader.effects(['due', 'started'], 1_000).length;
  }

  /** After a start: what was started in the life before may be on paper. It becomes unsure, and a COPY is due in its place. */
  async resume(): Promise<void> {
    for (const effect of this.options.ledger.reader.effects(['started'], 1_000)) {
      await this.doubt(effect, 'the box stopped while it was printing');
    }
    this.wake();
  }

  /** Something is due, or the printer is back. */
  wake(): void {
    if (this.working || this.stopped) return;
    this.working = true;
    this.work()
      .catch((fault: Error) => {
        this.options.warn(`receipts: ${fault.message}`);
        this.again();
      })
      .finally(() => {
        this.working = false;
      });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelAgain?.();
    this.unlisten();
    await this.options.printer.close();
  }

  private async work(): Promise<void> {
    const { reader } = this.options.ledger;
    for (let due = reader.effects(['due'], PAGE); due.length > 0; due = reader.effects(['due'], PAGE)) {
      for (const effect of due) {
        if (this.stopped) return;
        const outcome = await this.print(effect);
        if (outcome.kind !== 'refused') continue;
        this.options.onEvent({ payment: effect.payment, state: 'refused', reason: outcome.reason });
        this.again();
        return;
      }
    }
  }

  private async print(effect: EffectRow): Promise<PrintOutcome> {
    const { ledger, printer, language, sealOf } = this.options;
    const outcomeRow = ledger.reader.payment(effect.payment);
    const row = outcomeRow?.status === 'approved' ? ledger.reader.historyItem(outcomeRow.entry.number) : undefined;
    if (row === undefined) throw new Error(`effect ${effect.id} names ${effect.payment}, which is not in the journal`);
    const original = row.entry.refersTo === undefined ? undefined : ledger.reader.payment(row.entry.refersTo);
    const receipt = receiptOf(row, {
      site: ledger.reader.site(),
      copy: effect.copy,
      language,
      seal: sealOf(row.entry.number),
      ...(original?.status === 'approved' ? { refundOfEntry: original.entry.number } : {}),
    });
    let started = false;
    // A printer starts an id once: a further attempt at the same receipt, after a refusal that left no mark, has an id of its own.
    const outcome = await printer.print({ id: `${effect.payment}.${effect.copy}.${++this.attempts}`, receipt }, async () => {
      await this.move(effect, 'started');
      started = true;
    });
    if (outcome.kind === 'done') await this.move(effect, 'done');
    else if (outcome.kind === 'unsure') {
      await this.doubt(effect, outcome.detail);
    } else if (FINAL.includes(outcome.reason)) {
      // Asking again cannot help: the row ends here and the receipt is read on the screen.
      if (!started) await this.move(effect, 'started');
      await this.move(effect, 'unsure', outcome.detail);
      return { kind: 'unsure', reason: 'offline', detail: outcome.detail };
    } else if (started) {
      // The printer left no mark: the same receipt may go out as the first again.
      await this.move(effect, 'due', outcome.detail);
    }
    return outcome;
  }

  /**
   * It may be on paper: a COPY is due in its place. The copy first: a power cut between the two then costs nothing, the other way round it
   * would cost the receipt. A printer that never confirms would otherwise print copies to the end of its roll, so the desk asks for a few
   * only (I13); a person may ask for more.
   */
  private async doubt(effect: EffectRow, detail: string): Promise<void> {
    const { ledger, now } = this.options;
    if (effect.copy < COPIES_UNASKED) await ledger.writer.execute('request-print', { payment: effect.payment, at: now() });
    await this.move(effect, 'unsure', detail);
  }

  private async move(effect: EffectRow, state: 'started' | 'done' | 'unsure' | 'due', detail?: string): Promise<void> {
    const input = { id: effect.id, state, at: this.options.now(), ...(detail === undefined ? {} : { detail }) };
    const done = await this.options.ledger.writer.execute('effect', input);
    if (!done.ok) throw new Error(`effect ${effect.id}: ${done.error.detail}`);
    this.options.onEvent({ payment: effect.payment, state });
  }

  private again(): void {
    this.cancelAgain?.();
    if (!this.stopped) this.cancelAgain = this.options.timers.setTimer(AGAIN_MS, () => this.wake());
  }
}
