/**
 * How often somebody may guess: a bucket of tries for each key (an address, a topic), refilled with time.
 * Invariant: the table of keys is bounded; when it is full, keys that are new share one bucket, so a flood of keys gains nothing.
 */
export type Attempts = {
  /** Takes one try; false where none is left now. */
  take(key: string, nowMs: number): boolean;
  /** A good guess gives its tries back. */
  forgive(key: string): void;
};

export type AttemptsOptions = { readonly tries: number; readonly perMs: number; readonly keyLimit?: number };

export function createAttempts({ tries, perMs, keyLimit = 1024 }: AttemptsOptions): Attempts {
  const buckets = new Map<string, { left: number; atMs: number }>();
  const shared = { left: tries, atMs: 0 };

  const bucketOf = (key: string, nowMs: number) => {
    const found = buckets.get(key);
    if (found !== undefined) return found;
    if (buckets.size >= keyLimit) {
      for (const [other, bucket] of buckets) if (nowMs - bucket.atMs >= perMs) buckets.delete(other);
    }
    if (buckets.size >= keyLimit) return shared;
    const made = { left: tries, atMs: nowMs };
    buckets.set(key, made);
    return made;
  };

  return {
    take(key, nowMs) {
      const bucket = bucketOf(key, nowMs);
      // A clock that was set back refills nothing, and does not lock anybody out for longer than one period.
      const passedMs = Math.min(perMs, Math.max(0, nowMs - bucket.atMs));
      bucket.left = Math.min(tries, bucket.left + (passedMs * tries) / perMs);
      bucket.atMs = nowMs;
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    forgive(key) {
      buckets.delete(key);
    },
  };
}
