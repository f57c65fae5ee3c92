/**
 * The receipt printer that the command line names: a device path (`/dev/ttyUSB0`, a pty), or `simulator:FOLDER`, a byte-level printer in
 * this process that lays each receipt as a PNG into the folder. Loaded only where one is named.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReceiptPrinter } from '../../../hardware/ports/receipt-printer.ts';
import type { Timers } from '../../platform/timers.ts';

export type PrinterOptions = {
  readonly path: string;
  readonly paperMm: 58 | 80;
  readonly timers: Timers;
  readonly warn: (line: string) => void;
};

export async function openPrinter({ path, paperMm, timers, warn }: PrinterOptions): Promise<ReceiptPrinter> {
  const { EscposPrinter } = await import('../../../hardware/receipt-printer/driver.ts');
  const options = { paperMm, timers, warn };
  if (path.startsWith('simulator:'))
    return new EscposPrinter(await simulated(path.slice('simulator:'.length), { path, paperMm, timers, warn }), options);
  const { SerialStream } = await import('../../../hardware/serial/serial-stream.ts');
  return new EscposPrinter(new SerialStream(path, timers), options);
}

async function simulated(folder: string, { paperMm, timers, warn }: PrinterOptions) {
  const { memoryPair } = await import('../../../hardware/serial/memory-pair.ts');
  const { PrinterSimulator } = await import('../../../hardware/receipt-printer/simulator.ts');
  const { PAPERS } = await import('../../../hardware/receipt-printer/render.ts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { near, far } = memoryPair();
  const { dots } = PAPERS[paperMm];
  let count = 0;
  new PrinterSimulator(far, {
    dots,
    timers,
    onPaper: (paper) => {
      const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${++count}.png`;
      import('../../../hardware/receipt-printer/paper-picture.ts')
        .then(async ({ paperPicture }) => writeFileSync(join(folder, name), await paperPicture(paper, dots)))
        .catch((fault: Error) => warn(`the simulated receipt could not be drawn: ${fault.message}`));
    },
  });
  return near;
}
