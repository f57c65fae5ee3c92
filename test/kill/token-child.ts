/**
 * A process that sells energy until it is killed, through the real writer thread and the real cell. Each answer goes to stdout as soon as it
 * is known, by a write that does not wait. Arguments: database, folder of cells, first counter.
 */
import { startWriter } from '../../main/store/writer-thread.ts';
import { energySale, float, takeLease } from '../support/store/meter.ts';
import { NEW_JOURNAL } from '../support/store/test-store.ts';
import { tell } from './tell.ts';

const [databasePath, cellsDirectory, first] = process.argv.slice(2) as [string, string, string];
const writer = await startWriter({ ...NEW_JOURNAL, databasePath, cellsDirectory, printReceipts: false });
await writer.execute('open-account', float);
await writer.execute('take-lease', takeLease({ to: 60_000 }));

let counter = Number(first);
const customer = async (): Promise<void> => {
  for (;;) {
    const mine = counter++;
    const out = await writer.execute('take-payment', energySale(mine, BigInt(1 + (mine % 3))));
    // A machine under load: nothing was changed, or the cell was stopped and nothing used up.
    if (!out.ok || (out.value.status === 'declined' && out.value.reason.code === 'budget')) continue;
    if (out.value.status !== 'approved') throw new Error(out.value.reason.detail);
    const { receipt } = out.value;
    const line = (name: string) => receipt.find((field) => field.name === name)?.value;
    tell(`${mine}|${line('count')}|${line('token')}`);
  }
};
tell('ready');
await Promise.all(Array.from({ length: 8 }, customer));
