// From what --printer says to a printed picture in a folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../ledger-sync/ledger/result.ts';
import { systemTimers } from '../../main/platform/timers.ts';
import { openReceiptPrinter, parsePrinterPlace } from './open-printer.ts';
import { PaperFolder } from './paper-folder.ts';
import { sampleSale } from './sample-receipts.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-receipts-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('where the printer is', () => {
  it('reads a path, its options, and a folder', () => {
    expect(parsePrinterPlace('/dev/ttyUSB0')).toEqual({
      ok: true,
      value: { kind: 'serial', path: '/dev/ttyUSB0', paperMm: 80, baudRate: 115_200, flowControl: 'none' },
    });
    expect(parsePrinterPlace('/dev/ttyS1?paper=58&baud=9600&flow=software')).toMatchObject({
      value: { path: '/dev/ttyS1', paperMm: 58, baudRate: 9600, flowControl: 'software' },
    });
    expect(parsePrinterPlace('simulator:receipts')).toMatchObject({ value: { kind: 'simulator', path: 'receipts' } });
  });

  it.each(['', 'simulator:', 'x?paper=70', 'x?baud=fast', 'x?flow=maybe', 'x?speed=1', 'x?a?b'])('says what is wrong with "%s"', (text) => {
    const parsed = parsePrinterPlace(text);
    expect(parsed.ok ? '' : parsed.error).toContain('--printer');
  });
});

describe('a simulated printer', () => {
  it('keeps each receipt as a numbered picture, after those that are there', async () => {
    writeFileSync(join(directory, 'receipt-000041.png'), '');
    const place = must(parsePrinterPlace(`simulator:${directory}?paper=58`), 'place');
    const warnings: string[] = [];
    const printer = openReceiptPrinter(place, { timers: systemTimers, warn: (text) => warnings.push(text) });
    await new Promise<void>((resolve) => printer.onState(({ kind }) => kind === 'ready' && resolve()));
    expect(await printer.print({ id: '1.0', receipt: sampleSale('ne') }, () => {})).toEqual({ kind: 'done' });
    const file = join(directory, 'receipt-000042.png');
    await expect.poll(() => readdirSync(directory)).toContain('receipt-000042.png');
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
    expect(warnings).toEqual([]);
    await printer.close();
  });

  it('says so when a picture cannot be kept', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const warnings: string[] = [];
    const folder = new PaperFolder(
      join(file, 'below'),
      384,
      () => {},
      (text) => warnings.push(text),
    );
    folder.keep({ parts: [{ kind: 'feed', dots: 8 }], isTruncated: false });
    await folder.settled();
    expect(warnings[0]).toContain('could not be kept');
  });
});
