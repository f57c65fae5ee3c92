/**
 * `chautari payment replay ID`: runs a payment again as it was decided. Exit 0 the same, 1 different, 2 wrong use or nothing to run again,
 * 3 the journal is damaged.
 */
import { type CommandDef, defineCommand } from 'citty';
import { parsePaymentId } from '../../ledger-sync/ledger/ids.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { readingJournal, rootsOf } from './replay-journal.ts';
import { type ReplayFault, replayPayment } from './replay-payment.ts';
import { paymentReplayText, plainJson } from './show-replay.ts';

const args = {
  id: { type: 'positional', required: true, valueHint: 'ID', description: 'The payment’s id' },
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder; it may be running' },
  cells: { type: 'string', valueHint: 'DIR', description: 'The release’s cells, where they are not beside this program' },
  json: { type: 'boolean', default: false, description: 'As JSON' },
} as const;

const codeOf = ({ code }: ReplayFault): 2 | 3 => (code === 'damaged' ? 3 : 2);

const replay = defineCommand({
  meta: { name: 'replay', description: 'Run a payment again on the facts that it saw: the same answer, the same fuel?' },
  args,
  run: ({ args: given }) => {
    refuseUnknown(given, args);
    const id = parsePaymentId(given.id);
    if (!id.ok) throw new ExitFault(2, `"${given.id}" is no payment's id`);
    readingJournal(given.data, (reader) => {
      const replayed = replayPayment(reader, new CellRegistry(rootsOf(given.data, given.cells)), id.value);
      if (!replayed.ok) throw new ExitFault(codeOf(replayed.error), replayed.error.detail);
      process.stdout.write(`${given.json ? plainJson(replayed.value) : paymentReplayText(replayed.value)}\n`);
      process.exitCode = replayed.value.isSame ? 0 : 1;
    });
  },
});

export const paymentCommand = defineCommand({
  meta: { name: 'payment', description: 'Look into a payment: `payment replay ID --data DIR`' },
  subCommands: { replay: replay as CommandDef },
});
