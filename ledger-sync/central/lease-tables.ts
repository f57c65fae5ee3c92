/**
 * Meters and the leases of their counters, as a port (P12, SPEC L2, L4). One call gives a range and keeps it, in one transaction, so that no
 * two leases of a meter overlap whatever is asked at the same time. Nothing of it is ever changed or deleted.
 */
import type { Epoch, GatewayId } from '../ledger/ids.ts';
import type { JournalName } from '../ledger/journal.ts';
import type { MeterTerms } from '../protocol/lease.ts';

export type MeterRow = MeterTerms & {
  readonly meter: string;
  /** The meter's last count when it was registered: 1 for a new one. Leases begin behind it. */
  readonly lastCount: number;
  readonly createdAt: number;
};

export type LeaseRow = {
  readonly number: number;
  readonly meter: string;
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly from: number;
  readonly to: number;
  readonly price: number;
  readonly issuedAt: number;
  /** The office's own name for the asking: the same one gets the same lease again. */
  readonly request: string | undefined;
  /** Why the meter was taken from a journal that is not fenced. */
  readonly takenOver: string | undefined;
};

export type IssueLease = {
  readonly meter: string;
  readonly owner: JournalName;
  /** How many counts. */
  readonly count: number;
  /** Another price than the meter's. */
  readonly price: number | undefined;
  readonly request: string | undefined;
  readonly takenOver: string | undefined;
  readonly at: number;
};

export type LeaseIssue =
  | { readonly status: 'issued'; readonly lease: LeaseRow; readonly repeated: boolean }
  /** Another journal has the meter, and is not fenced. */
  | { readonly status: 'owned'; readonly by: LeaseRow }
  /** The same request for something else. */
  | { readonly status: 'request-conflict'; readonly lease: LeaseRow }
  | { readonly status: 'unknown-meter' | 'unknown-journal' | 'fenced' | 'used-up' };

export interface LeaseTables {
  /** `known`: the very same was there already; `conflict`: the meter is there with other terms. */
  addMeter(meter: MeterRow): Promise<'added' | 'known' | 'conflict' | 'full'>;
  meter(meter: string): Promise<MeterRow | undefined>;
  /** Sorted by name. */
  meters(after: string, limit: number): Promise<readonly MeterRow[]>;
  issueLease(wanted: IssueLease): Promise<LeaseIssue>;
  /** Newest first. */
  leases(query: { readonly meter?: string | undefined; readonly limit: number }): Promise<readonly LeaseRow[]>;
}

export const LEASE_LIMITS = {
  meters: 100_000,
  /** Counts of one lease. A meter takes a token that is at most 64 counts ahead of its last one (30 in older firmware): a range that is lost must not lock it. */
  counts: 60,
  /** Ten tokens. */
  countsUnasked: 20,
} as const;
