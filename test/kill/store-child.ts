/**
 * A process that pays until it is killed. Each answer goes to stdout as soon as it is known, by a write that does not wait, so what
 * the parent has read had been answered. Arguments: database, first counter.
 */
import { startWriter } from '../../main/store/writer-thread.ts';
import { accountId, NEW_JOURNAL, opening, payment } from '../support/store/test-store.ts';
import { tell } from './tell.ts';

const [databasePath, first] = process.argv.slice(2) as [string, string];
const writer = await startWriter({
  ...NEW_JOURNAL,
  databasePath,
  cellsDirectory: '',
  printReceipts: true,
  workerUrl: new URL('../support/store/simple-writer.ts', import.meta.url),
});
await writer.execute('open-account', opening('wallet:W', 1_000_000_000n));

let counter = Number(first);
const payer = async (): Promise<void> => {
  for (;;) {
    const mine = counter++;
    const changes = mine % 2 === 0 ? { method: 'wallet', account: accountId('wallet:W'), amount: BigInt(mine) } : { amount: BigInt(mine) };
    const out = await writer.execute('take-payment', payment(mine, changes));
    if (out.ok && out.value.status === 'approved') tell(`${mine} ${out.value.entry.number} ${out.value.entry.hash}`);
  }
};
tell('ready');
await Promise.all(Array.from({ length: 16 }, payer));
