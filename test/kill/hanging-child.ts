/**
 * A process whose cells hang again and again while it pays, until it is killed. Each answer goes to stdout as soon as it is known: its
 * counter, and `approved` with the entry or `declined`. Arguments: database, first counter.
 */
import { startWriter } from '../../main/store/writer-thread.ts';
import { NEW_JOURNAL, payment } from '../support/store/test-store.ts';
import { tell } from './tell.ts';

const [databasePath, first] = process.argv.slice(2) as [string, string];
const writer = await startWriter({
  ...NEW_JOURNAL,
  databasePath,
  cellsDirectory: '',
  printReceipts: false,
  workerUrl: new URL('../support/store/hanging-writer.ts', import.meta.url),
  setAside: { hangs: 1_000, windowMs: 1, asideMs: 1 },
});

let counter = Number(first);
/** Every fifth hangs; the others wait for nothing but their own answers, so a group holds both. */
const payer = async (): Promise<void> => {
  for (;;) {
    const mine = counter++;
    const out = await writer.execute('take-payment', payment(mine, mine % 5 === 0 ? { operator: 'hang' } : {}));
    if (!out.ok) continue;
    const { value } = out;
    tell(value.status === 'approved' ? `${mine} approved ${value.entry.number} ${value.entry.hash}` : `${mine} declined`);
  }
};
tell('ready');
await Promise.all(Array.from({ length: 8 }, payer));
