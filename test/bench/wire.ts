/**
 * `wire.100`, `wire.1000`: bytes a payment on the wire, signature, ids and times in milliseconds included, over 10,000 seeded payments of a kiosk, in
 * batches of 100 and of 1,000. Beside them the same batches as JSON, and the information that the stream really has. `.seconds` is the stream with
 * times of whole seconds, as a gateway would send that keeps no milliseconds: it is held to what is asked without ids, ids included.
 */
import { EMPTY_HEAD, headOf } from '../../ledger-sync/ledger/journal.ts';
import { encodeBatch } from '../../ledger-sync/protocol/batch.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { Figure } from './figure.ts';
import { type KioskStream, kioskStream } from './kiosk-stream.ts';

const PAYMENTS = 10_000;
const SEED = 42;

type Asked = { readonly name: string; readonly grainMs: number; readonly size: number; readonly most: number };
const ASKED: readonly Asked[] = [
  { name: 'wire.100', grainMs: 1, size: 100, most: 7.5 },
  { name: 'wire.1000', grainMs: 1, size: 1000, most: 6.2 },
  { name: 'wire.100.seconds', grainMs: 1000, size: 100, most: 6.5 },
  { name: 'wire.1000.seconds', grainMs: 1000, size: 1000, most: 5.2 },
];

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function bytesPerPayment({ name, entries }: KioskStream, size: number): { readonly wire: number; readonly json: number } {
  const signer = signerFromPem(generateKey());
  let wire = 0;
  let json = 0;
  for (let from = 0; from < entries.length; from += size) {
    const before = entries[from - 1];
    const after = before === undefined ? EMPTY_HEAD : headOf(before);
    const batch = entries.slice(from, from + size);
    wire += encodeBatch({ name, after, entries: batch, fullHead: from === 0, announced: entries.length }, signer).length;
    // What follows from the chain is left out of the JSON too: it is the rival at its best.
    const bodies = batch.map(({ hash: _hash, previous: _previous, gateway: _gateway, epoch: _epoch, ...rest }) => rest);
    json += Buffer.byteLength(JSON.stringify(bodies, bigintAsText));
  }
  return { wire: wire / entries.length, json: json / entries.length };
}

export async function wireFigures(): Promise<readonly Figure[]> {
  return ASKED.map(({ name, grainMs, size, most }) => {
    const stream = kioskStream({ payments: PAYMENTS, seed: SEED, grainMs });
    const { wire, json } = bytesPerPayment(stream, size);
    return {
      name,
      value: wire,
      unit: 'B/payment',
      rival: 'B as JSON',
      rivalValue: json,
      ratio: wire / json,
      hold: `<= ${most}`,
      holds: wire <= most,
      note: `entropy floor ${stream.floorBytes.toFixed(2)} B without ids and signature; ids included`,
    };
  });
}
