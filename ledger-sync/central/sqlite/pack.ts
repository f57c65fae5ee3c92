/**
 * Entries on their way into the tables: names that repeat once each, hashes as bytes, everything else as one flat array. It is what the
 * writer thread is sent (copying it costs a tenth of copying the objects) and what the statements are run from, so that a row needs no
 * lookup of its own.
 */
import type { AccountId } from '../../ledger/account.ts';
import type { Entry } from '../../ledger/entry.ts';
import { isPayment } from '../../ledger/limit.ts';
import { remainingChange } from '../../ledger/rules.ts';
import type { PositionChange, StoreBatch, StoreForked } from '../tables.ts';
import { bytesOf } from './rows.ts';

export type Cell = string | number | bigint | boolean | null;

/** `payment`: 0 is no payment (an opening), 1 can be refunded, 2 cannot. */
export const CELL = {
  number: 0,
  method: 1,
  action: 2,
  payment: 3,
  id: 4,
  refersTo: 5,
  account: 6,
  amount: 7,
  currency: 8,
  operator: 9,
  memo: 10,
  at: 11,
  lines: 12,
  first: 13,
} as const;
export const POSITION_CELLS = 6;

export type PackedEntries = {
  readonly count: number;
  /** Methods, actions, currencies, operators. */
  readonly words: readonly string[];
  /** Account and currency by turns. */
  readonly accounts: readonly string[];
  /** 32 bytes each: the hash before the first entry, then every entry's. */
  readonly hashes: Uint8Array;
  readonly cells: readonly Cell[];
};
export type PackedBatch = Omit<StoreBatch, 'entries' | 'positions'> & {
  readonly packed: PackedEntries;
  /** Account's index, floor, known, balance, delta, entries. */
  readonly positions: readonly Cell[];
  readonly sums: readonly { readonly currency: string; readonly entries: number; readonly amount: bigint }[];
};
export type PackedForked = Omit<StoreForked, 'entries'> & { readonly packed: PackedEntries };

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Numbers travel and bind faster than bigints. */
const small = (amount: bigint): number | bigint => (amount <= SAFE && amount >= -SAFE ? Number(amount) : amount);

class Packer {
  readonly words: string[] = [];
  readonly accounts: string[] = [];
  readonly cells: Cell[] = [];
  private readonly wordIndex = new Map<string, number>();
  private readonly accountIndex = new Map<string, Map<string, number>>();

  word(text: string): number {
    const known = this.wordIndex.get(text);
    if (known !== undefined) return known;
    const index = this.words.push(text) - 1;
    this.wordIndex.set(text, index);
    return index;
  }

  account(account: AccountId, currency: string): number {
    let ofCurrency = this.accountIndex.get(currency);
    if (ofCurrency === undefined) {
      ofCurrency = new Map();
      this.accountIndex.set(currency, ofCurrency);
    }
    const known = ofCurrency.get(account);
    if (known !== undefined) return known;
    const index = this.accounts.push(account, currency) / 2 - 1;
    ofCurrency.set(account, index);
    return index;
  }

  entry(entry: Entry): void {
    const { action, currency } = entry;
    const payment = !isPayment(action) ? 0 : remainingChange(entry)?.kind === 'opens' ? 1 : 2;
    this.cells.push(
      entry.number,
      this.word(entry.method),
      this.word(action),
      payment,
      entry.paymentId,
      entry.refersTo ?? null,
      this.account(entry.account, currency),
      small(entry.amount),
      this.word(currency),
      this.word(entry.operator),
      entry.memo ?? null,
      entry.at,
      entry.postings.length,
    );
    for (const { account, amount } of entry.postings) this.cells.push(this.account(account, currency), small(amount));
  }

  finish(entries: readonly Entry[]): PackedEntries {
    const hashes = new Uint8Array(32 * (entries.length + 1));
    const first = entries[0];
    if (first !== undefined) hashes.set(bytesOf(first.previous));
    for (let index = 0; index < entries.length; index++) hashes.set(bytesOf((entries[index] as Entry).hash), 32 * (index + 1));
    return { count: entries.length, words: this.words, accounts: this.accounts, hashes, cells: this.cells };
  }
}

function packEntries(packer: Packer, entries: readonly Entry[]): PackedEntries {
  for (const entry of entries) packer.entry(entry);
  return packer.finish(entries);
}

/** The entries must follow each other. */
export function packForked({ entries, ...rest }: StoreForked): PackedForked {
  return { ...rest, packed: packEntries(new Packer(), entries) };
}

export function packBatch({ entries, positions, ...rest }: StoreBatch): PackedBatch {
  const packer = new Packer();
  const cells: Cell[] = [];
  for (const change of positions) packPosition(packer, cells, change);
  const sums = new Map<string, { currency: string; entries: number; amount: bigint }>();
  for (const { currency, amount, action } of entries) {
    // An opening or a limit is no payment of the day.
    if (!isPayment(action)) continue;
    const sum = sums.get(currency) ?? { currency, entries: 0, amount: 0n };
    sum.entries += 1;
    sum.amount += amount;
    sums.set(currency, sum);
  }
  return { ...rest, packed: packEntries(packer, entries), positions: cells, sums: [...sums.values()] };
}

function packPosition(packer: Packer, cells: Cell[], { account, currency, floor, known, balance, delta, entries }: PositionChange): void {
  cells.push(packer.account(account, currency), small(floor), known, small(balance), small(delta), entries);
}
