/**
 * Methods whose cell hung again and again: answered at once for a while, so that they cannot hold up the others' payments. Then one
 * request at a time shows whether it is over. In memory alone: a restart, or another version in use, begins anew.
 */
export type SetAsideLimits = {
  /** Hangs within the window that set a method aside. */
  readonly hangs: number;
  readonly windowMs: number;
  readonly asideMs: number;
};

export const SET_ASIDE_LIMITS: SetAsideLimits = { hangs: 3, windowMs: 600_000, asideMs: 60_000 };

/** Methods remembered at most; the one whose hang is longest ago goes first. */
const METHODS_MAX = 1_024;

type Record = { hangsAt: number[]; untilMs: number };

export class SetAside {
  private readonly limits: SetAsideLimits;
  private readonly now: () => number;
  private readonly records = new Map<string, Record>();

  constructor(limits: SetAsideLimits, now: () => number) {
    this.limits = limits;
    this.now = now;
  }

  hung(method: string): void {
    const at = this.now();
    const before = this.records.get(method)?.hangsAt ?? [];
    const hangsAt = [...before.filter((one) => at - one < this.limits.windowMs), at].slice(-this.limits.hangs);
    const untilMs = hangsAt.length >= this.limits.hangs ? at + this.limits.asideMs : 0;
    this.records.delete(method);
    this.records.set(method, { hangsAt, untilMs });
    const [oldest] = this.records.keys();
    if (this.records.size > METHODS_MAX && oldest !== undefined) this.records.delete(oldest);
  }

  /** Another version decides now. */
  lift(method: string): void {
    this.records.delete(method);
  }

  isAside(method: string): boolean {
    const record = this.records.get(method);
    return record !== undefined && this.now() < record.untilMs;
  }

  methods(): string[] {
    return [...this.records.keys()].filter((method) => this.isAside(method));
  }
}
