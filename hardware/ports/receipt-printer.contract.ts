/**
 * What every receipt printer of this house does, run against each implementation: rule E1, and what a person at the printer can cause.
 * The bench lets the suite tend the device: take its paper, open its cover, pull its cable.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from './receipt.ts';
import { MAX_WAITING_JOBS, type PrinterStateKind, type PrintJob, type ReceiptPrinter } from './receipt-printer.ts';

export type PrinterBench = {
  readonly printer: ReceiptPrinter;
  /** Each cut receipt, as its lines of text, oldest first. */
  papers(): readonly (readonly string[])[];
  bytesReceived(): number;
  drawerPulses(): number;
  runOutAfter(lines: number): void;
  loadPaper(): void;
  setCover(isOpen: boolean): void;
  setMute(isMute: boolean): void;
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  /** In the middle of what is being received. */
  unplugAfter(bytes: number): void;
  dispose(): Promise<void>;
};

const receiptOf = (entryNumber: number, copy: number, lines: number): Receipt => ({
  action: 'sale',
  siteName: { en: 'Test shop', ne: '' },
  gateway: 'syabru',
  entryNumber,
  shortCode: '0000-0000-0001',
  at: 0,
  currency: { code: 'NPR', decimals: 2 },
  lines: Array.from({ length: lines }, (_, index) => ({ name: { en: `Item ${index + 1}`, ne: '' }, quantity: '1', amountMinor: '100' })),
  totalMinor: String(lines * 100),
  tender: 'cash',
  seal: 'kept',
  copy,
  language: 'en',
});

const jobOf = (entryNumber: number, copy = 0, lines = 3): PrintJob => ({
  id: `${entryNumber}.${copy}`,
  receipt: receiptOf(entryNumber, copy, lines),
});
const LONG = 150;
const ignore = (): void => {};

const reach = (printer: ReceiptPrinter, kind: PrinterStateKind): Promise<void> =>
  new Promise((resolve) => {
    if (printer.state().kind === kind) return resolve();
    const stop = printer.onState((state) => {
      if (state.kind !== kind) return;
      stop();
      resolve();
    });
  });

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function receiptPrinterContract(name: string, makeBench: () => Promise<PrinterBench>): void {
  describe(`a receipt printer: ${name}`, () => {
    let bench: PrinterBench;
    let printer: ReceiptPrinter;
    beforeEach(async () => {
      bench = await makeBench();
      printer = bench.printer;
      await reach(printer, 'ready');
    });
    afterEach(() => bench.dispose());

    it('prints a receipt, cuts it and says done', async () => {
      expect(await printer.print(jobOf(7), ignore)).toEqual({ kind: 'done' });
      expect(bench.papers()).toHaveLength(1);
      expect(bench.papers()[0]?.join('\n')).toContain('syabru #7');
    });

    it('prints in the order in which it was asked', async () => {
      const outcomes = await Promise.all([1, 2, 3].map((number) => printer.print(jobOf(number), ignore)));
      expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
      expect(bench.papers().map((lines) => /#(\d)/.exec(lines.join('\n'))?.[1])).toEqual(['1', '2', '3']);
    });

    it('E1: sends nothing before `started` is durable', async () => {
      let before = -1;
      let after = -1;
      const outcome = await printer.print(jobOf(1), async () => {
        before = bench.bytesReceived();
        await turns(50);
        after = bench.bytesReceived();
      });
      expect(outcome).toEqual({ kind: 'done' });
      expect(after).toBe(before);
    });

    it('E1: prints nothing where `started` cannot be made durable, and goes on with the next', async () => {
      const full = new Error('the disk is full');
      await expect(printer.print(jobOf(1), () => Promise.reject(full))).rejects.toBe(full);
      expect(await printer.print(jobOf(2), ignore)).toEqual({ kind: 'done' });
      expect(bench.papers()).toHaveLength(1);
    });

    it('refuses without paper, and prints when there is some again', async () => {
      bench.runOutAfter(0);
      let hasStarted = false;
      const start = (): void => {
        hasStarted = true;
      };
      expect(await printer.print(jobOf(1), start)).toMatchObject({ kind: 'refused', reason: 'paper-out' });
      expect(hasStarted).toBe(false);
      expect(printer.state().kind).toBe('paper-out');
      bench.loadPaper();
      await reach(printer, 'ready');
      expect(await printer.print(jobOf(1), start)).toEqual({ kind: 'done' });
      expect(bench.papers()).toHaveLength(1);
    });

    it('refuses with its cover open', async () => {
      bench.setCover(true);
      expect(await printer.print(jobOf(1), ignore)).toMatchObject({ kind: 'refused', reason: 'cover-open' });
      bench.setCover(false);
      await reach(printer, 'ready');
      expect(await printer.print(jobOf(1), ignore)).toEqual({ kind: 'done' });
    });

    it('refuses when it does not answer', async () => {
      bench.setMute(true);
      expect(await printer.print(jobOf(1), ignore)).toMatchObject({ kind: 'refused', reason: 'timeout' });
      expect(bench.papers()).toHaveLength(0);
    });

    it('refuses while it is unplugged', async () => {
      await bench.unplug();
      await reach(printer, 'unplugged');
      expect(await printer.print(jobOf(1), ignore)).toMatchObject({ kind: 'refused', reason: 'unplugged' });
      await bench.plugIn();
      await reach(printer, 'ready');
      expect(await printer.print(jobOf(1), ignore)).toEqual({ kind: 'done' });
      expect(bench.papers()).toHaveLength(1);
    });

    it('is unsure when the paper runs out in the middle; the job never starts again, a copy says COPY', async () => {
      bench.runOutAfter(20);
      expect(await printer.print(jobOf(1, 0, LONG), ignore)).toMatchObject({ kind: 'unsure', reason: 'paper-out' });
      bench.loadPaper();
      await reach(printer, 'ready');
      expect(await printer.print(jobOf(1, 0, LONG), ignore)).toMatchObject({ kind: 'refused', reason: 'already-started' });
      expect(await printer.print(jobOf(1, 1, LONG), ignore)).toEqual({ kind: 'done' });
      expect(bench.papers().at(-1)?.join('\n')).toContain('COPY 1');
    });

    it('is unsure when the cable is pulled in the middle, and prints the copy whole afterwards', async () => {
      bench.unplugAfter(2_500);
      expect(await printer.print(jobOf(1, 0, LONG), ignore)).toMatchObject({ kind: 'unsure', reason: 'unplugged' });
      await bench.plugIn();
      await reach(printer, 'ready');
      expect(await printer.print(jobOf(1, 1, LONG), ignore)).toEqual({ kind: 'done' });
      const copy = bench.papers().at(-1)?.join('\n') ?? '';
      expect(copy).toContain('COPY 1');
      expect(copy).toContain(`Item ${LONG} x 1`);
    });

    it('is unsure when it falls silent in the middle', async () => {
      const outcome = await printer.print(jobOf(1, 0, LONG), () => bench.setMute(true));
      expect(outcome).toMatchObject({ kind: 'unsure', reason: 'timeout' });
    });

    it('refuses a receipt that cannot be, before it starts', async () => {
      const bad = jobOf(1);
      const start = (): never => {
        throw new Error('must not start');
      };
      const outcome = await printer.print({ ...bad, receipt: { ...bad.receipt, totalMinor: '1.5' } }, start);
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'cannot-render' });
    });

    it(`holds ${MAX_WAITING_JOBS} receipts, refuses the next, and refuses what waits when it is closed`, async () => {
      let release = ignore;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const waiting = Array.from({ length: MAX_WAITING_JOBS }, (_, index) => printer.print(jobOf(index + 1), () => held));
      expect(printer.state().waiting).toBe(MAX_WAITING_JOBS);
      expect(await printer.print(jobOf(999), ignore)).toMatchObject({ kind: 'refused', reason: 'busy' });
      const closing = printer.close();
      release();
      await closing;
      const outcomes = await Promise.all(waiting);
      expect(outcomes.every((outcome) => outcome.kind === 'refused' && outcome.reason === 'closed')).toBe(true);
      expect(bench.papers()).toHaveLength(0);
      expect(await printer.print(jobOf(1000), ignore)).toMatchObject({ kind: 'refused', reason: 'closed' });
    });

    it('opens the drawer once where the job says so', async () => {
      expect(await printer.print({ ...jobOf(1), openDrawer: true }, ignore)).toEqual({ kind: 'done' });
      expect(await printer.print(jobOf(2), ignore)).toEqual({ kind: 'done' });
      expect(bench.drawerPulses()).toBe(1);
    });
  });
}
