/**
 * A batch on its way to the writer thread. Entries as one flat array of texts and numbers: copying that between threads costs a tenth of
 * copying the objects. Invariant: unpacking gives what was packed, amounts beyond 2^53 included.
 */
import type { AccountId } from '../../ledger/account.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { EntryHash, EntryNumber, PaymentId } from '../../ledger/ids.ts';
import type { JournalName } from '../../ledger/journal.ts';
import type { Currency } from '../../ledger/money.ts';
import type { Balanced, Posting } from '../../ledger/posting.ts';
import type { PositionChange, StoreBatch } from '../tables.ts';

type Cell = string | number | bigint | boolean | null;

export type PackedBatch = Omit<StoreBatch, 'entries' | 'positions'> & {
  readonly name: JournalName | undefined;
  readonly first: EntryHash | undefined;
  readonly entries: readonly Cell[];
  readonly positions: readonly Cell[];
};

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const small = (amount: bigint): number | bigint => (amount <= SAFE && amount >= -SAFE ? Number(amount) : amount);

function packEntry(cells: Cell[], entry: Entry): void {
  cells.push(
    entry.number,
    entry.hash,
    entry.method,
    entry.action,
    entry.paymentId,
    entry.refersTo ?? null,
    entry.account,
    small(entry.amount),
    entry.currency,
    entry.operator,
    entry.memo ?? null,
    entry.at,
    entry.postings.length,
  );
  for (const { account, amount } of entry.postings) cells.push(account, small(amount));
}

export function packBatch(batch: StoreBatch): PackedBatch {
  const entries: Cell[] = [];
  for (const entry of batch.entries) packEntry(entries, entry);
  const positions: Cell[] = [];
  for (const change of batch.positions) {
    const { account, currency, floor, known, balance, delta, entries: count } = change;
    positions.push(account, currency, small(floor), known, small(balance), small(delta), count);
  }
  const head = batch.entries[0];
  const name = head === undefined ? undefined : { gateway: head.gateway, epoch: head.epoch };
  return { ...batch, name, first: head?.previous, entries, positions };
}

export function unpackBatch({ name, first, entries: cells, positions: changes, ...rest }: PackedBatch): StoreBatch {
  const entries: Entry[] = [];
  let previous = first as EntryHash;
  for (let at = 0; at < cells.length; ) {
    const count = cells[at + 12] as number;
    const postings: Posting[] = [];
    for (let line = 0; line < count; line++) {
      const cell = at + 13 + line * 2;
      postings.push({ account: cells[cell] as AccountId, amount: BigInt(cells[cell + 1] as number | bigint) });
    }
    const hash = cells[at + 1] as EntryHash;
    // Packed from sealed entries a moment ago, in this process: the brand is kept, not minted.
    const entry = {
      gateway: name?.gateway,
      epoch: name?.epoch,
      number: cells[at] as EntryNumber,
      previous,
      hash,
      method: cells[at + 2] as string,
      action: cells[at + 3] as string,
      paymentId: cells[at + 4] as PaymentId,
      refersTo: (cells[at + 5] as PaymentId | null) ?? undefined,
      account: cells[at + 6] as AccountId,
      amount: BigInt(cells[at + 7] as number | bigint),
      currency: cells[at + 8] as Currency,
      operator: cells[at + 9] as string,
      memo: (cells[at + 10] as string | null) ?? undefined,
      at: cells[at + 11] as number,
      postings: postings as unknown as Balanced,
    };
    entries.push(entry as unknown as Entry);
    previous = hash;
    at += 13 + count * 2;
  }
  const positions: PositionChange[] = [];
  for (let at = 0; at < changes.length; at += 7) {
    positions.push({
      account: changes[at] as AccountId,
      currency: changes[at + 1] as string,
      floor: BigInt(changes[at + 2] as number | bigint),
      known: changes[at + 3] as boolean,
      balance: BigInt(changes[at + 4] as number | bigint),
      delta: BigInt(changes[at + 5] as number | bigint),
      entries: changes[at + 6] as number,
    });
  }
  return { ...rest, entries, positions };
}
