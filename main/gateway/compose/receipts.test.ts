/** Rule E1 over the real journal, with a printer that does what the test says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrinterState, PrintJob, PrintOutcome, ReceiptPrinter } from '../../../hardware/ports/receipt-printer.ts';
import type { AccountId } from '../../../ledger-sync/ledger/account.ts';
import { NEW_JOURNAL, opening, payment, paymentId } from '../../../test/support/store/test-store.ts';
import type { Ledger } from '../../api/face.ts';
import { openReader } from '../../store/reader.ts';
import { startWriter } from '../../store/writer-thread.ts';
import type { TakePayment } from '../commands.ts';
import { shortCode } from './receipt-of-payment.ts';
import { ReceiptDesk, type ReceiptEvent } from './receipts.ts';

const DONE: PrintOutcome = { kind: 'done' };
const refused = (reason: 'paper-out' | 'cannot-render' | 'busy', afterStart = false) => ({
  outcome: { kind: 'refused', reason, detail: reason } as PrintOutcome,
  afterStart,
});

/** Prints what comes, unless the next outcome was set. */
class FakePrinter implements ReceiptPrinter {
  readonly jobs: PrintJob[] = [];
  /** What each job was when the first byte could go out. */
  readonly statesAtStart: string[] = [];
  next: (ReturnType<typeof refused> | { outcome: PrintOutcome; afterStart?: boolean })[] = [];
  broken: Error | undefined;
  atStart: () => string = () => '';
  private readonly listeners = new Set<(state: PrinterState) => void>();
  closed = false;

  async print(job: PrintJob, onStarted: () => void | Promise<void>): Promise<PrintOutcome> {
    if (this.broken !== undefined) throw this.broken;
    const { outcome, afterStart } = this.next.shift() ?? { outcome: DONE };
    if (outcome.kind === 'refused' && afterStart !== true) return outcome;
    await onStarted();
    this.statesAtStart.push(this.atStart());
    if (outcome.kind !== 'refused') this.jobs.push(job);
    return outcome;
  }
  state(): PrinterState {
    return { kind: 'ready', isPaperLow: false, waiting: 0 };
  }
  onState(listener: (state: PrinterState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  become(kind: PrinterState['kind']): void {
    for (const listener of this.listeners) listener({ ...this.state(), kind });
  }
  get listenerCount(): number {
    return this.listeners.size;
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

let folder: string;
let ledger: Ledger;
let printer: FakePrinter;
let pendingTimer: (() => void) | undefined;
let desk: ReceiptDesk;
let events: ReceiptEvent[];
let warnings: string[];
let waiters: (() => void)[];

const told = (): void => {
  for (const look of waiters) look();
};
/** Resolves when it is so, looked at after each event and warning. */
const until = (isSo: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = (): void => {
      if (isSo()) resolve();
    };
    waiters.push(look);
    look();
  });

/** Lets the time pass after which the desk looks again. */
const lookAgain = async (): Promise<void> => {
  await until(() => pendingTimer !== undefined);
  // The desk ends its turn before a timer could run.
  await new Promise((resolve) => setImmediate(resolve));
  const run = pendingTimer;
  pendingTimer = undefined;
  run?.();
};

const newDesk = (): ReceiptDesk =>
  new ReceiptDesk({
    ledger,
    printer,
    language: 'both',
    sealOf: () => 'kept',
    timers: {
      setTimer: (_delayMs, run) => {
        pendingTimer = run;
        told();
        return () => {
          pendingTimer = undefined;
        };
      },
    },
    now: () => 1_716_800_000_000,
    onEvent: (event) => {
      events.push(event);
      told();
    },
    warn: (line) => {
      warnings.push(line);
      told();
    },
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-receipts-'));
  const databasePath = join(folder, 'gateway.sqlite');
  const workerUrl = new URL('../../../test/support/store/simple-writer.ts', import.meta.url);
  const writer = await startWriter({ ...NEW_JOURNAL, databasePath, cellsDirectory: '', printReceipts: true, workerUrl });
  ledger = { writer, reader: openReader(databasePath) };
  printer = new FakePrinter();
  pendingTimer = undefined;
  [events, warnings, waiters] = [[], [], []];
  desk = newDesk();
});
afterEach(async () => {
  await desk.stop();
  await ledger.writer.stop();
  ledger.reader.close();
  rmSync(folder, { recursive: true });
});

const take = async (counter: number, changes: Partial<TakePayment> = {}): Promise<void> => {
  const out = await ledger.writer.execute('take-payment', payment(counter, changes));
  expect(out).toMatchObject({ ok: true, value: { status: 'approved' } });
};
const states = (counter: number) => ledger.reader.effectsOf(paymentId(counter)).map(({ copy, state }) => [copy, state]);
const isDone = (counter: number) => () => states(counter).every(([, state]) => state === 'done' || state === 'unsure');

describe('receipts', () => {
  it('are printed once each, in their order, started durably before the first byte', async () => {
    printer.atStart = () =>
      ledger.reader
        .effects(['started'], 10)
        .map(({ payment: id, state }) => `${id} ${state}`)
        .join();
    for (const counter of [1, 2, 3]) await take(counter);
    expect(desk.waiting).toBe(3);
    desk.wake();
    desk.wake();
    await until(() => events.filter(({ state }) => state === 'done').length === 3);
    expect(printer.jobs.map(({ receipt }) => [receipt.entryNumber, receipt.copy])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(printer.statesAtStart).toEqual([1, 2, 3].map((counter) => `${paymentId(counter)} started`));
    expect(new Set(printer.jobs.map(({ id }) => id)).size).toBe(3);
    expect(events.slice(0, 2)).toEqual([
      { payment: paymentId(1), state: 'started' },
      { payment: paymentId(1), state: 'done' },
    ]);
    expect(desk.waiting).toBe(0);
    desk.wake();
    await take(4);
    desk.wake();
    await until(isDone(4));
    expect(printer.jobs).toHaveLength(4);
  });

  it('wait while there is no paper, and come when there is', async () => {
    printer.next = [refused('paper-out'), refused('paper-out')];
    await take(1);
    await take(2);
    desk.wake();
    await until(() => events.length === 1);
    expect(events).toEqual([{ payment: paymentId(1), state: 'refused', reason: 'paper-out' }]);
    expect([states(1), states(2)]).toEqual([[[0, 'due']], [[0, 'due']]]);
    expect(desk.waiting).toBe(2);
    // It looks again by itself, and at once when the printer says that it is ready.
    await lookAgain();
    await until(() => events.length === 2 && pendingTimer !== undefined);
    await new Promise((resolve) => setImmediate(resolve));
    printer.become('cover-open');
    expect(printer.jobs).toEqual([]);
    printer.become('ready');
    await until(() => isDone(1)() && isDone(2)());
    expect(printer.jobs.map(({ receipt }) => receipt.copy)).toEqual([0, 0]);
  });

  it('that left no mark are the first again', async () => {
    printer.next = [refused('paper-out', true)];
    await take(1);
    desk.wake();
    await until(() => events.some(({ state }) => state === 'refused'));
    expect(states(1)).toEqual([[0, 'due']]);
    await lookAgain();
    await until(isDone(1));
    expect(states(1)).toEqual([[0, 'done']]);
    expect(events.map(({ state }) => state)).toEqual(['started', 'due', 'refused', 'started', 'done']);
  });

  it('that may have been printed are printed again as a COPY, never sent again', async () => {
    printer.next = [{ outcome: { kind: 'unsure', reason: 'unplugged', detail: 'the cable' } }];
    await take(1);
    desk.wake();
    await until(() => events.filter(({ state }) => state === 'done').length === 1);
    expect(states(1)).toEqual([
      [0, 'unsure'],
      [1, 'done'],
    ]);
    expect(ledger.reader.effectsOf(paymentId(1))[0]?.detail).toBe('the cable');
    expect(printer.jobs.map(({ receipt }) => receipt.copy)).toEqual([0, 1]);
  });

  it('that are never confirmed are copied twice and no more, until a person asks (I13)', async () => {
    const doubtful = { outcome: { kind: 'unsure', reason: 'timeout', detail: 'no answer' } as PrintOutcome };
    printer.next = Array.from({ length: 10 }, () => doubtful);
    await take(1);
    desk.wake();
    await until(() => events.filter(({ state }) => state === 'unsure').length === 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(states(1)).toEqual([
      [0, 'unsure'],
      [1, 'unsure'],
      [2, 'unsure'],
    ]);
    expect(printer.jobs.map(({ receipt }) => receipt.copy)).toEqual([0, 1, 2]);
    await ledger.writer.execute('request-print', { payment: paymentId(1), at: 1 });
    desk.wake();
    await until(() => events.filter(({ state }) => state === 'unsure').length === 4);
    expect(states(1)).toHaveLength(4);
  });

  it('that were started when the power went are unsure, and a COPY comes in their place', async () => {
    await take(1);
    await take(2);
    const [first] = ledger.reader.effectsOf(paymentId(1));
    await ledger.writer.execute('effect', { id: first?.id as number, state: 'started', at: 1 });
    await desk.stop();
    printer = new FakePrinter();
    desk = newDesk();
    await desk.resume();
    await until(() => events.filter(({ state }) => state === 'done').length === 2);
    expect(states(1)).toEqual([
      [0, 'unsure'],
      [1, 'done'],
    ]);
    expect(states(2)).toEqual([[0, 'done']]);
    expect(printer.jobs.map(({ receipt }) => [receipt.entryNumber, receipt.copy])).toEqual([
      [2, 0],
      [1, 1],
    ]);
    // Once: a second start finds nothing to do.
    await desk.resume();
    expect(printer.jobs).toHaveLength(2);
    expect(ledger.reader.historyItem(1)?.prints).toBe(2);
  });

  it('that no printer can print end there, and hold up nobody', async () => {
    printer.next = [refused('cannot-render')];
    await take(1);
    await take(2);
    desk.wake();
    await until(isDone(2));
    expect(states(1)).toEqual([[0, 'unsure']]);
    expect(ledger.reader.effectsOf(paymentId(1))[0]?.detail).toBe('cannot-render');
    expect(printer.jobs.map(({ receipt }) => receipt.entryNumber)).toEqual([2]);
    expect(pendingTimer).toBeUndefined();
  });

  it('whose printer breaks wait, are tried again, and the log says so', async () => {
    printer.broken = new Error('no such device');
    await take(1);
    desk.wake();
    await until(() => warnings.length === 1);
    expect(warnings).toEqual(['receipts: no such device']);
    expect(states(1)).toEqual([[0, 'due']]);
    printer.broken = undefined;
    await lookAgain();
    await until(isDone(1));
  });

  it('are left alone after the stop', async () => {
    await desk.stop();
    expect([printer.closed, printer.listenerCount]).toEqual([true, 0]);
    await take(1);
    desk.wake();
    expect(pendingTimer).toBeUndefined();
    expect(states(1)).toEqual([[0, 'due']]);
  });
});

describe('what stands on a receipt', () => {
  const printed = async (counter: number) => {
    desk.wake();
    await until(isDone(counter));
    const receipt = printer.jobs.at(-1)?.receipt;
    if (receipt === undefined) throw new Error('nothing was printed');
    return receipt;
  };

  it('is what was sold, what was paid, and the entry', async () => {
    const fields = { 'item.1': '2|5000|Tea|चिया', 'item.2': '1|100|Salt', 'item.3': 'nonsense', 'item.4': '1|much|X|X' };
    await take(1, { fields, amount: 5_100n });
    const { entry } = ledger.reader.historyItem(1) as { entry: { hash: string } };
    expect(await printed(1)).toMatchObject({
      action: 'sale',
      siteName: { en: 'Syabru Besi' },
      gateway: 'syabru',
      entryNumber: 1,
      shortCode: shortCode(entry.hash),
      currency: { code: 'NPR', decimals: 2 },
      lines: [
        { name: { en: 'Tea', ne: 'चिया' }, quantity: '2', amountMinor: '5000' },
        { name: { en: 'Salt', ne: 'Salt' }, quantity: '1', amountMinor: '100' },
      ],
      totalMinor: '5100',
      tender: 'cash',
      seal: 'kept',
      copy: 0,
    });
    expect(shortCode('5c1e08b4a97d00')).toBe('5C1E-08B4-A97D');
  });

  it('of a refund and of a reversal names the entry that it gives back; of a wallet its holder', async () => {
    await take(1);
    await take(2, { action: 'refund', refersTo: paymentId(1), amount: 40n });
    expect(await printed(2)).toMatchObject({ action: 'refund', refundOfEntry: 1, lines: [{ name: { en: 'Refund' }, amountMinor: '40' }] });
    await ledger.writer.execute('open-account', opening('wallet:W-1', 500n));
    await take(3, { method: 'wallet', account: 'wallet:W-1' as AccountId });
    const sale = await printed(3);
    expect(sale).toMatchObject({ tender: 'wallet', payerAccount: 'W-1', entryNumber: 4 });
    expect(sale).not.toHaveProperty('refundOfEntry');
    await ledger.writer.execute('reverse-payment', { id: paymentId(5), refersTo: paymentId(3), reason: 'wrong', operator: 'x', at: 1 });
    expect(await printed(5)).toMatchObject({ action: 'refund', refundOfEntry: 4, lines: [{ name: { en: 'Undone' } }] });
  });
});
