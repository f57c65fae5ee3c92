/**
 * What is refused, counted: forged, cut short, unknown. Counts gather in memory and are written now and then, so that a flood of rubbish
 * costs no disk. Invariant: the map is bounded; past the bound everything counts under one line.
 */
import type { Tables } from './tables.ts';

const MAX_PENDING = 500;
const OVERFLOW = { topic: '(many)', reason: 'too many different refusals' };

export type Refusal = { readonly topic: string; readonly reason: string; readonly keyFingerprint?: string | undefined };

export class Refusals {
  private readonly pending = new Map<string, { refusal: Refusal; count: number; at: number }>();
  private readonly byTopic = new Map<string, number>();
  private readonly tables: Tables;
  total = 0;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  /** Counts of earlier lives of this process. */
  async load(): Promise<void> {
    for (const { topic, count } of await this.tables.refused(1_000)) {
      this.byTopic.set(topic, (this.byTopic.get(topic) ?? 0) + count);
      this.total += count;
    }
  }

  add(refusal: Refusal, at: number): void {
    this.total += 1;
    const safe = { ...refusal, topic: refusal.topic.replace(/[^ -~]/g, '?').slice(0, 80), reason: refusal.reason.slice(0, 120) };
    let key = `${safe.topic} ${safe.reason} ${safe.keyFingerprint ?? ''}`;
    let kept: Refusal = safe;
    if (!this.pending.has(key) && this.pending.size >= MAX_PENDING) {
      key = OVERFLOW.topic;
      kept = OVERFLOW;
    }
    const held = this.pending.get(key);
    if (held === undefined) this.pending.set(key, { refusal: kept, count: 1, at });
    else {
      held.count += 1;
      held.at = at;
    }
    if (this.byTopic.has(safe.topic) || this.byTopic.size < 2_000) this.byTopic.set(safe.topic, (this.byTopic.get(safe.topic) ?? 0) + 1);
  }

  ofTopic(topic: string): number {
    return this.byTopic.get(topic) ?? 0;
  }

  async flush(): Promise<void> {
    const batch = [...this.pending.values()];
    this.pending.clear();
    for (const { refusal, count, at } of batch) {
      await this.tables.refuse({ topic: refusal.topic, reason: refusal.reason, keyFingerprint: refusal.keyFingerprint, count, at });
    }
  }
}
