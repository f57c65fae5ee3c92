/**
 * What `--printer` says, as a printer: a serial path (`/dev/ttyUSB0`, `/dev/ttyUSB0?paper=58&baud=9600&flow=software`), or
 * `simulator:DIR`, which prints into a folder of pictures. Nothing is opened or loaded until it is needed.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { Timers } from '../../main/platform/timers.ts';
import type { ReceiptPrinter } from '../ports/receipt-printer.ts';
import { memoryPair } from '../serial/memory-pair.ts';
import { DEFAULT_SERIAL_OPTIONS, type SerialOptions, SerialStream } from '../serial/serial-stream.ts';
import { EscposPrinter } from './driver.ts';
import { PaperFolder } from './paper-folder.ts';
import { PAPERS, type PaperWidthMm } from './render.ts';
import { PrinterSimulator } from './simulator.ts';

export type PrinterPlace = {
  readonly kind: 'serial' | 'simulator';
  readonly path: string;
  readonly paperMm: PaperWidthMm;
  readonly baudRate: number;
  readonly flowControl: SerialOptions['flowControl'];
};

const SIMULATOR = 'simulator:';
const FLOWS = ['none', 'hardware', 'software'] as const;

export function parsePrinterPlace(text: string): Result<PrinterPlace, string> {
  const [place = '', query = '', ...rest] = text.split('?');
  if (rest.length > 0) return err(`--printer ${text}: one "?" at most`);
  const isSimulator = place.startsWith(SIMULATOR);
  const path = isSimulator ? place.slice(SIMULATOR.length) : place;
  if (path === '') return err('--printer: give a serial path such as /dev/ttyUSB0, or simulator:DIR');
  const members = new URLSearchParams(query);
  for (const name of members.keys()) {
    if (!['paper', 'baud', 'flow'].includes(name)) return err(`--printer: "${name}" is none of paper, baud, flow`);
  }
  const paper = members.get('paper') ?? '80';
  if (paper !== '58' && paper !== '80') return err('--printer: paper is 58 or 80');
  const baud = members.get('baud') ?? String(DEFAULT_SERIAL_OPTIONS.baudRate);
  if (!/^[1-9][0-9]{2,6}$/.test(baud)) return err('--printer: baud is a number such as 9600 or 115200');
  const flow = FLOWS.find((one) => one === (members.get('flow') ?? 'none'));
  if (flow === undefined) return err(`--printer: flow is one of ${FLOWS.join(', ')}`);
  const paperMm = paper === '58' ? 58 : 80;
  return ok({ kind: isSimulator ? 'simulator' : 'serial', path, paperMm, baudRate: Number(baud), flowControl: flow });
}

export type OpenOptions = {
  readonly timers: Timers;
  /** What somebody should hear: the line does not open, Nepali letters are missing, a picture could not be kept. */
  readonly warn: (text: string) => void;
};

export function openReceiptPrinter(place: PrinterPlace, { timers, warn }: OpenOptions): ReceiptPrinter {
  const { paperMm, baudRate, flowControl } = place;
  if (place.kind === 'serial') {
    const stream = new SerialStream(place.path, timers, { ...DEFAULT_SERIAL_OPTIONS, baudRate, flowControl, warn });
    return new EscposPrinter(stream, { paperMm, timers, warn });
  }
  const { near, far } = memoryPair();
  const { dots } = PAPERS[paperMm];
  const folder = new PaperFolder(place.path, dots, () => {}, warn);
  new PrinterSimulator(far, { dots, timers, onPaper: (paper) => folder.keep(paper) });
  return new EscposPrinter(near, { paperMm, timers, warn });
}
