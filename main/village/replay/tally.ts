/** What was counted while a file was replayed. */
import type { Expected } from './model.ts';
import type { PaysimAction } from './paysim.ts';

const MAX_DIFFERENCES = 50;
const MAX_TIMES = 400_000;

export class Tally {
  readonly outcomes = new Map<PaysimAction, Map<string, number>>();
  /** Second requests that got the first answer. */
  absorbed = 0;
  /** Requests that got no answer and were sent again. */
  unanswered = 0;
  /** Requests that were told "not now" and were sent again. */
  notNow = 0;
  approved = 0;
  readonly differences: string[] = [];
  differenceCount = 0;
  private readonly hashes = new Map<number, Map<number, string>>();
  private readonly times: number[] = [];

  count(kind: PaysimAction, expected: Expected, outcome: string): void {
    const key = outcome === 'approved' ? outcome : `${outcome} (${expected})`;
    const row = this.outcomes.get(kind) ?? new Map<string, number>();
    row.set(key, (row.get(key) ?? 0) + 1);
    this.outcomes.set(kind, row);
    if (outcome === 'approved') this.approved++;
  }

  differ(text: string): void {
    this.differenceCount++;
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push(text);
  }

  /** Remembers what was answered: number and hash of the entry, to be found in the journal and at head office. */
  approvedHash(gateway: number, number: number, hash: string): void {
    const rows = this.hashes.get(gateway) ?? new Map<number, string>();
    const before = rows.get(number);
    if (before !== undefined) this.differ(`two payments were answered with entry #${number} of gateway ${gateway}`);
    rows.set(number, hash);
    this.hashes.set(gateway, rows);
  }

  approvedOf(gateway: number): ReadonlyMap<number, string> {
    return this.hashes.get(gateway) ?? new Map();
  }

  time(ms: number): void {
    if (this.times.length < MAX_TIMES) this.times.push(ms);
  }

  /** The value below which the given fraction of the answers came, in milliseconds, retries during kills included. */
  quantileMs(fraction: number): number {
    const sorted = [...this.times].sort((left, right) => left - right);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
  }
}
