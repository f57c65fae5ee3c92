/** The door to time. `now` is wall time (may jump: order is never taken from it, I14); `monotonic` only rises. Both in milliseconds. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
