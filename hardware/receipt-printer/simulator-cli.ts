/**
 * `node hardware/receipt-printer/simulator-cli.ts --port PATH --out DIR [--paper 58|80]`: a printer at the other end of a serial line or a
 * pseudo-terminal. Each receipt that it cuts becomes a picture; its file name goes to stdout. Lines on stdin tend it: `paper-out`,
 * `paper`, `cover-open`, `cover-closed`, `mute`, `answer`.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { systemTimers } from '../../main/platform/timers.ts';
import { DEFAULT_SERIAL_OPTIONS, SerialStream } from '../serial/serial-stream.ts';
import { PaperFolder } from './paper-folder.ts';
import { PAPERS } from './render.ts';
import { PrinterSimulator } from './simulator.ts';

const say = (text: string): void => void process.stderr.write(`printer: ${text}\n`);
const { values } = parseArgs({ options: { port: { type: 'string' }, out: { type: 'string' }, paper: { type: 'string', default: '80' } } });

if (values.port === undefined || values.out === undefined || (values.paper !== '58' && values.paper !== '80')) {
  say('usage: simulator-cli.ts --port PATH --out DIR [--paper 58|80]');
  process.exit(2);
}

const { dots } = PAPERS[values.paper === '58' ? 58 : 80];
const folder = new PaperFolder(values.out, dots, (file) => void process.stdout.write(`${file}\n`), say);
const stream = new SerialStream(values.port, systemTimers, { ...DEFAULT_SERIAL_OPTIONS, warn: say });
const printer = new PrinterSimulator(stream, { dots, timers: systemTimers, onPaper: (paper) => folder.keep(paper) });

const orders: Readonly<Record<string, () => void>> = {
  'paper-out': () => printer.runOutAfter(0),
  paper: () => printer.loadPaper(),
  'cover-open': () => printer.setCover(true),
  'cover-closed': () => printer.setCover(false),
  mute: () => printer.setMute(true),
  answer: () => printer.setMute(false),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const order = orders[line.trim()];
  if (order === undefined) say(`one of: ${Object.keys(orders).join(', ')}`);
  else order();
});

// An open serial line and stdin may both end; only a signal ends the printer.
const alive = setInterval(() => {}, 60_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    clearInterval(alive);
    await stream.close();
    await folder.settled();
    process.exit(0);
  });
}
