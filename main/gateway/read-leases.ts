/** The leases of counters here, and how much is left of each. */
import type { LeaseBody } from '../api/schemas.ts';
import type { LeaseView } from '../store/lease-tables.ts';
import type { Reader } from '../store/reader.ts';
import { isoTime } from './seal.ts';

export const readLeases = (reader: Pick<Reader, 'leases'>): LeaseBody[] => reader.leases().map(leaseBody);

const leaseBody = (lease: LeaseView): LeaseBody => {
  const { number, account, from, to, mode, unit, price, currency } = lease;
  return { number, account, from, to, tokensLeft: tokensLeft(lease), mode, unit, price, currency, takenAt: isoTime(lease.takenAt) };
};

/** Tokens that add time use even counts, all others odd ones. */
function tokensLeft({ from, to, lastCount, mode }: LeaseView): number {
  const least = Math.max(from, lastCount + 1);
  const next = (least % 2 === 0) === (mode === 'add-time') ? least : least + 1;
  return next >= to ? 0 : Math.floor((to - 1 - next) / 2) + 1;
}
