// The driver against the simulated printer: over a line in memory, and over a pair of pseudo-terminals with node-serialport at both ends.
import { describe } from 'vitest';
import { systemTimers } from '../../main/platform/timers.ts';
import { requireTool } from '../../test/support/require.ts';
import { type PrinterBench, receiptPrinterContract } from '../ports/receipt-printer.contract.ts';
import type { ByteStream } from '../serial/byte-stream.ts';
import { memoryPair } from '../serial/memory-pair.ts';
import { ptyPair } from '../serial/pty-pair.ts';
import { DEFAULT_SERIAL_OPTIONS, SerialStream } from '../serial/serial-stream.ts';
import { EscposPrinter } from './driver.ts';
import { DEFAULT_MACHINE_OPTIONS } from './machine-state.ts';
import type { CutPaper } from './paper.ts';
import { PrinterSimulator } from './simulator.ts';

const machine = { ...DEFAULT_MACHINE_OPTIONS, answerTimeoutMs: 200, restMs: 20, maxSilencesPrinting: 10 };

type Cable = {
  readonly near: ByteStream;
  readonly far: ByteStream;
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  dispose(): Promise<void>;
};

const linesOf = (paper: CutPaper): string[] =>
  paper.parts.flatMap((part) => (part.kind === 'line' ? [String.fromCharCode(...part.letters.map((letter) => letter.byte))] : []));

function benchOver(cable: Cable): PrinterBench {
  const papers: CutPaper[] = [];
  const simulator = new PrinterSimulator(cable.far, { dots: 576, timers: systemTimers, onPaper: (paper) => papers.push(paper) });
  const printer = new EscposPrinter(cable.near, { paperMm: 80, timers: systemTimers, machine });
  return {
    printer,
    papers: () => papers.map(linesOf),
    bytesReceived: () => simulator.bytesReceived(),
    drawerPulses: () => simulator.drawerPulses(),
    runOutAfter: (lines) => simulator.runOutAfter(lines),
    loadPaper: () => simulator.loadPaper(),
    setCover: (isOpen) => simulator.setCover(isOpen),
    setMute: (isMute) => simulator.setMute(isMute),
    unplug: () => cable.unplug(),
    plugIn: () => cable.plugIn(),
    unplugAfter: (bytes) => simulator.after(bytes, () => void cable.unplug()),
    dispose: async () => {
      await printer.close();
      await cable.dispose();
    },
  };
}

receiptPrinterContract('the ESC/POS driver over a line in memory', async () => {
  const { near, far, unplug, plugIn } = memoryPair();
  return benchOver({ near, far, unplug: async () => unplug(), plugIn: async () => plugIn(), dispose: () => far.close() });
});

const socat = requireTool('socat');
describe.skipIf(socat === undefined)('with socat', () => {
  receiptPrinterContract('the ESC/POS driver over node-serialport and a pseudo-terminal', async () => {
    const pair = ptyPair(socat ?? '');
    await pair.plugIn();
    const serial = { ...DEFAULT_SERIAL_OPTIONS, backoff: { firstMs: 10, lastMs: 50 } };
    const near = new SerialStream(pair.nearPath, systemTimers, serial);
    const far = new SerialStream(pair.farPath, systemTimers, serial);
    const dispose = async (): Promise<void> => {
      await far.close();
      await pair.dispose();
    };
    return benchOver({ near, far, unplug: pair.unplug, plugIn: pair.plugIn, dispose });
  });
});
