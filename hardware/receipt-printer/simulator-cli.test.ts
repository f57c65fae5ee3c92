// The simulated printer as a program of its own: a receipt that is sent to its line becomes a picture, and orders on stdin tend it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { must } from '../../ledger-sync/ledger/result.ts';
import { systemTimers } from '../../main/platform/timers.ts';
import { requireTool } from '../../test/support/require.ts';
import type { PrinterStateKind } from '../ports/receipt-printer.ts';
import { ptyPair } from '../serial/pty-pair.ts';
import { openReceiptPrinter, parsePrinterPlace } from './open-printer.ts';
import { sampleSale } from './sample-receipts.ts';

const socat = requireTool('socat');
const program = join(import.meta.dirname, 'simulator-cli.ts');

describe.skipIf(socat === undefined)('the simulator on a pseudo-terminal', () => {
  it('prints to a picture, and is out of paper when told so', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chautari-simulator-'));
    const cable = ptyPair(socat ?? '');
    await cable.plugIn();
    const simulator = spawn(process.execPath, [program, '--port', cable.farPath, '--out', join(directory, 'out'), '--paper', '58'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const files = createInterface({ input: simulator.stdout })[Symbol.asyncIterator]();
    const place = must(parsePrinterPlace(`${cable.nearPath}?paper=58`), 'place');
    const printer = openReceiptPrinter(place, { timers: systemTimers, warn: () => {} });
    const reach = (wanted: PrinterStateKind): Promise<void> =>
      new Promise((resolve) => {
        if (printer.state().kind === wanted) return resolve();
        printer.onState(({ kind }) => kind === wanted && resolve());
      });
    try {
      await reach('ready');
      expect(await printer.print({ id: '1.0', receipt: sampleSale('ne') }, () => {})).toEqual({ kind: 'done' });
      const { value: file } = await files.next();
      expect(readFileSync(String(file)).subarray(1, 4).toString()).toBe('PNG');
      simulator.stdin.write('paper-out\n');
      await reach('paper-out');
      simulator.stdin.write('paper\n');
      await reach('ready');
    } finally {
      await printer.close();
      const gone = once(simulator, 'exit');
      simulator.kill('SIGTERM');
      await gone;
      await cable.dispose();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('says how it is used', async () => {
    const child = spawn(process.execPath, [program, '--port', 'x'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [[text], [code]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')]);
    expect([String(text), code]).toEqual([expect.stringContaining('usage'), 2]);
  });
});
