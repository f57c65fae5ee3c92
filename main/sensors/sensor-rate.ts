/**
 * How many datagrams are looked at: a token bucket for each address and one for all, so that a flood costs a bounded share of a core.
 * What is beyond is dropped before its tag is computed. The table of addresses is bounded too.
 */
import { SENSOR_LIMITS } from './sensor-limits.ts';

type Rate = { readonly perSecond: number; readonly burst: number };
type Bucket = { tokens: number; atMs: number };

function refill(bucket: Bucket, rate: Rate, nowMs: number): void {
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  bucket.tokens = Math.min(rate.burst, bucket.tokens + (passedMs * rate.perSecond) / 1_000);
  bucket.atMs = nowMs;
}

export class SensorRate {
  private readonly monotonic: () => number;
  private readonly sources = new Map<string, Bucket>();
  private readonly total: Bucket;

  constructor(monotonic: () => number) {
    this.monotonic = monotonic;
    this.total = { tokens: SENSOR_LIMITS.totalRate.burst, atMs: monotonic() };
  }

  /** Takes a token of both buckets, or of none. */
  admits(source: string): boolean {
    const nowMs = this.monotonic();
    const bucket = this.sources.get(source) ?? this.opened(source, nowMs);
    if (bucket === undefined) return false;
    refill(bucket, SENSOR_LIMITS.sourceRate, nowMs);
    refill(this.total, SENSOR_LIMITS.totalRate, nowMs);
    if (bucket.tokens < 1 || this.total.tokens < 1) return false;
    bucket.tokens -= 1;
    this.total.tokens -= 1;
    return true;
  }

  private opened(source: string, nowMs: number): Bucket | undefined {
    if (this.sources.size >= SENSOR_LIMITS.sourcesMax) this.forgetQuiet(nowMs);
    if (this.sources.size >= SENSOR_LIMITS.sourcesMax) return undefined;
    const bucket = { tokens: SENSOR_LIMITS.sourceRate.burst, atMs: nowMs };
    this.sources.set(source, bucket);
    return bucket;
  }

  /** A bucket that is full again says nothing that a new one would not. */
  private forgetQuiet(nowMs: number): void {
    for (const [source, bucket] of this.sources) {
      refill(bucket, SENSOR_LIMITS.sourceRate, nowMs);
      if (bucket.tokens >= SENSOR_LIMITS.sourceRate.burst) this.sources.delete(source);
    }
  }
}
