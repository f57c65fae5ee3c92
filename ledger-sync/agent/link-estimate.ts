/**
 * What the agent has learned about its link: round trip, rate, loss, and from them how long silence may last, how large a batch and how many bytes
 * in flight (W5). Pure; every estimate has bounds.
 */
export type LinkEstimate = {
  /** Undefined until the first answer. */
  readonly rttMs?: number;
  readonly rttSpreadMs: number;
  readonly rateBytesPerS: number;
  /** Share of batches lost, smoothed, 0 to 1. */
  readonly loss: number;
  /** Entries a batch may have now: grows with answers, halves with loss. */
  readonly batchEntries: number;
};

export type LinkSettings = {
  readonly keepaliveMs: number;
  /** Silence is at least and at most so long before it counts. */
  readonly leastSilenceMs: number;
  readonly mostSilenceMs: number;
  readonly firstRateBytesPerS: number;
};

const LEAST_RATE = 100;
const MOST_RATE = 50_000_000;
const LEAST_ENTRIES = 8;
const FIRST_ENTRIES = 64;
const MOST_ENTRIES = 2000;
/** A batch should not be on the line for longer: what is lost with it must be sent again. */
const BATCH_SECONDS = 3;
const LEAST_BATCH_BYTES = 512;
const MOST_BATCH_BYTES = 256 * 1024;
const FIRST_SILENCE_MS = 10_000;
const SLOW_RTT_MS = 2000;
const SLOW_LOSS = 0.1;

export const MOST_IN_FLIGHT = 4;

export const firstEstimate = (settings: LinkSettings): LinkEstimate => ({
  rttSpreadMs: 0,
  rateBytesPerS: settings.firstRateBytesPerS,
  loss: 0,
  batchEntries: FIRST_ENTRIES,
});

export function withRoundTrip(link: LinkEstimate, sampleMs: number): LinkEstimate {
  const { rttMs } = link;
  if (rttMs === undefined) return { ...link, rttMs: sampleMs, rttSpreadMs: sampleMs / 2 };
  const rttSpreadMs = link.rttSpreadMs * 0.75 + Math.abs(sampleMs - rttMs) * 0.25;
  return { ...link, rttMs: rttMs * 0.875 + sampleMs * 0.125, rttSpreadMs };
}

/**
 * `bytes` arrived in `elapsedMs`, counted from the last answer before the batch went. `isBusy`: there was always something on the way, so the sample
 * is the rate and not only a lower bound of it.
 */
export function withRate(link: LinkEstimate, bytes: number, elapsedMs: number, isBusy: boolean): LinkEstimate {
  const sample = (bytes * 1000) / Math.max(1, elapsedMs);
  const weight = sample > link.rateBytesPerS ? 0.4 : isBusy ? 0.2 : 0;
  const rate = link.rateBytesPerS * (1 - weight) + sample * weight;
  return { ...link, rateBytesPerS: Math.min(MOST_RATE, Math.max(LEAST_RATE, rate)) };
}

export const withArrival = (link: LinkEstimate): LinkEstimate => ({
  ...link,
  loss: link.loss * 0.9,
  batchEntries: Math.min(MOST_ENTRIES, Math.ceil(link.batchEntries * 1.5)),
});

export const withLoss = (link: LinkEstimate): LinkEstimate => ({
  ...link,
  loss: link.loss * 0.9 + 0.1,
  batchEntries: Math.max(LEAST_ENTRIES, Math.floor(link.batchEntries / 2)),
});

/** W5: bytes in flight <= rate x keepalive / 4. */
export const flightBytes = (link: LinkEstimate, settings: LinkSettings): number =>
  Math.max(LEAST_BATCH_BYTES, (link.rateBytesPerS * settings.keepaliveMs) / 4000);

export const batchBytes = (link: LinkEstimate, settings: LinkSettings): number =>
  Math.floor(Math.min(MOST_BATCH_BYTES, flightBytes(link, settings) / 2, Math.max(LEAST_BATCH_BYTES, link.rateBytesPerS * BATCH_SECONDS)));

/** How long to wait for an answer, with so many bytes on the way; doubled for each silence before. */
export function silenceMs(link: LinkEstimate, settings: LinkSettings, bytesInFlight: number, silences: number): number {
  const base = link.rttMs === undefined ? FIRST_SILENCE_MS : link.rttMs + 4 * link.rttSpreadMs;
  const drainMs = (bytesInFlight * 1000) / link.rateBytesPerS;
  const wait = Math.max(settings.leastSilenceMs, base) * 2 ** Math.min(silences, 6);
  // The cap is for pauses: the round trip and what is on the way take their time on any link.
  return Math.max(base, Math.min(settings.mostSilenceMs, wait)) + drainMs;
}

export const isSlow = (link: LinkEstimate): boolean => (link.rttMs ?? 0) > SLOW_RTT_MS || link.loss > SLOW_LOSS;
