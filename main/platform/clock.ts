/** The door to time. `now` is wall time (may jump: order is never taken from it, I14); `monotonic` only rises. Both in milliseconds. */
import { MAX_AT_MS } from '../../ledger-sync/protocol/limits.ts';

export interface Clock {
  now(): number;
  monotonic(): number;
}

/** Wall time within what an entry can bear: a clock that was set before 1970 is wrong like any other, and must stop nothing (I14). */
export const systemClock: Clock = {
  now: () => Math.min(Math.max(0, Date.now()), MAX_AT_MS - 1),
  monotonic: () => performance.now(),
};
