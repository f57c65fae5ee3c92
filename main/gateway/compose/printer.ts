/** The receipt printer that `--printer` names. Its room is loaded only where one is named, so a box without a printer does not pay for it. */
import type { ReceiptPrinter } from '../../../hardware/ports/receipt-printer.ts';
import { ExitFault } from '../../platform/exit.ts';
import type { Timers } from '../../platform/timers.ts';

export async function openPrinter(place: string, timers: Timers, warn: (line: string) => void): Promise<ReceiptPrinter> {
  const { openReceiptPrinter, parsePrinterPlace } = await import('../../../hardware/receipt-printer/open-printer.ts');
  const parsed = parsePrinterPlace(place);
  if (!parsed.ok) throw new ExitFault(2, parsed.error);
  return openReceiptPrinter(parsed.value, { timers, warn });
}
