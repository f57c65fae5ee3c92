/**
 * Leases of owned counters at this box (P12, SPEC L3, L5-L7): taken once, never given back, the newest one of a partition in use. A cell sees
 * the lease as the state key `host.lease`; the counter is the cell's own state key `count`, and the host holds it to the range whatever
 * the cell believes. Pure but for the book; the signature was verified before a lease comes here.
 */
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { Lease } from '../../ledger-sync/protocol/lease.ts';
import type { CellStateWrite } from '../cell-host/cell.ts';
import type { Book } from './book.ts';
import type { CommandFault, Commands, DeclineReason } from './commands.ts';
import { openAccount } from './open-account.ts';
import { openingIdOf } from './own-ids.ts';
import { fencedFault } from './repeat.ts';

/** What stands in the book of a lease. `line` is what its cell reads. */
export type HeldLease = {
  readonly number: number;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly line: string;
};

/** The method whose cell uses up the counters of meters. */
export const ENERGY = 'energy';
const COUNT = 'count';

export const accountOfMeter = (meter: string): AccountId => `energy:${meter}` as AccountId;

/** One line of ASCII words, in an order that cells know: it may only get longer at its end. */
export const leaseLine = (lease: Lease): string =>
  [
    lease.number,
    lease.from,
    lease.to,
    lease.key,
    lease.startingCode,
    lease.extended ? 'extended' : 'standard',
    lease.restricted ? 'restricted' : 'all',
    lease.mode,
    lease.unit,
    lease.price,
    lease.currency,
  ].join(' ');

/** Spares every other payment the looking. */
const isLeased = (partition: string): boolean => partition.startsWith(`${ENERGY}/`);

type Take = Commands['take-lease'];

export function takeLease(book: Book, hashHex: HashHex, request: Take['in']): Take['out'] {
  const { lease, at } = request;
  const account = accountOfMeter(lease.meter);
  const line = leaseLine(lease);
  const partition = `${ENERGY}/${account}`;
  const known = book.leaseNumbered(lease.number);
  if (known !== undefined && known.partition === partition && known.line === line) return ok({ account, repeated: true });
  const fault = refusal(book, lease, known, book.lease(partition));
  if (fault !== undefined) return err(fault);
  if (book.account(account) === undefined) {
    const opened = openAccount(book, hashHex, {
      id: openingIdOf(book.site.name.gateway, account, hashHex),
      account,
      currency: lease.currency as Currency,
      opening: 0n,
      operator: request.operator,
      at,
    });
    if (!opened.ok) return opened;
  }
  book.addLease({ number: lease.number, partition, from: lease.from, to: lease.to, line }, at);
  return ok({ account, repeated: false });
}

function refusal(book: Book, lease: Lease, known: HeldLease | undefined, newest: HeldLease | undefined): CommandFault | undefined {
  const { gateway, epoch } = book.site.name;
  const fenced = book.fenced();
  if (fenced !== undefined) return fencedFault(fenced);
  if (lease.gateway !== gateway) {
    return { code: 'other-lease', detail: `this lease is for ${lease.gateway}, and this box is ${gateway}: take it there` };
  }
  if (lease.epoch !== epoch) {
    return {
      code: 'other-lease',
      detail: `this lease is for an earlier life of ${gateway} (${lease.epoch}, now ${epoch}): ask head office for a new one; its counts are not used again`,
    };
  }
  if (lease.currency !== book.site.currency) {
    return {
      code: 'other-currency',
      detail: `this lease is in ${lease.currency}, and this site takes ${book.site.currency}: tell head office`,
    };
  }
  if (known !== undefined) {
    // Head office that was put back from an old copy gives its numbers again, and perhaps its counts.
    return {
      code: 'lease-conflict',
      detail: `another lease ${lease.number} is here already: tell head office, and ask for another`,
    };
  }
  if (newest === undefined || lease.from >= newest.to) return undefined;
  if (lease.to <= newest.from) {
    return { code: 'lease-conflict', detail: `a newer lease of ${lease.meter} is here already (${newest.number}): this one is not needed` };
  }
  return {
    code: 'lease-conflict',
    detail: `the counts of this lease are those of lease ${newest.number}, which is here already: tell head office, and ask for another`,
  };
}

/** Decimal digits, as cells write a count; anything else is none. */
export function countOf(value: Uint8Array | undefined): number | undefined {
  const text = value === undefined ? '' : Buffer.from(value).toString('latin1');
  return /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * What is wrong with an approval in a partition that has a lease: it must use up exactly one count that was never used, within the range.
 * Undefined where all is well, and in every other partition.
 */
export function counterFault(book: Book, partition: string, writes: readonly CellStateWrite[]): DeclineReason | undefined {
  const lease = isLeased(partition) ? book.lease(partition) : undefined;
  if (lease === undefined) return undefined;
  const last = countOf(book.cellState(partition, COUNT)) ?? 0;
  const next = countOf(writes.find(({ key }) => key === COUNT)?.value);
  if (next !== undefined && next > last && next >= lease.from && next < lease.to) return undefined;
  return {
    code: 'not-allowed',
    detail: `the cell decided what it may not: it must use up one count of lease ${lease.number} after ${last}, not ${next ?? 'none'}`,
  };
}

/** What was paid for with a count is a token that somebody has: it is not undone. */
export const undoFault = (book: Book, partition: string): DeclineReason | undefined =>
  isLeased(partition) && book.lease(partition) !== undefined
    ? { code: 'not-allowed', detail: 'a token that was shown cannot be taken back: the customer has it' }
    : undefined;
