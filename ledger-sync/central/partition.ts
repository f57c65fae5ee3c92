/**
 * What a journal's entries do to its partition: the decision between reading and writing. Pure: rows in, changes out.
 * The rules are the gateway's own (`ruleFaults`); an entry that breaks one is applied all the same and opens a break, because the cash
 * has already moved (I7, W4).
 */
import { type Account, type AccountId, kindOf, siteAccounts } from '../ledger/account.ts';
import type { Entry } from '../ledger/entry.ts';
import type { PaymentId } from '../ledger/ids.ts';
import type { Head } from '../ledger/journal.ts';
import { floorAfter, isLimitAction, openedFloor } from '../ledger/limit.ts';
import type { Minor } from '../ledger/money.ts';
import { type PartitionFacts, type Remaining, type RuleFault, remainingChange, ruleFaults } from '../ledger/rules.ts';
import { describeRuleFault } from './describe.ts';
import type { NewBreak, PartitionRows, Position, PositionChange, RemainingAfter } from './tables.ts';

type Slot = {
  readonly account: AccountId;
  readonly currency: string;
  floor: Minor;
  /** What the rules see of it; undefined while it is not opened in this journal. */
  fact: Account | undefined;
  balance: Minor;
  delta: Minor;
  entries: number;
  lastEntry: number;
};

export type Folded = {
  readonly positions: readonly PositionChange[];
  readonly remaining: readonly RemainingAfter[];
  readonly breaks: readonly NewBreak[];
};

const factOf = (id: AccountId, currency: string, floor: Minor): Account => ({ id, currency, floor, open: true });

/** One journal's positions in memory, true for the head that they were read or folded at. */
export class Partition implements PartitionFacts {
  head: Head;
  private readonly siteIds: ReadonlySet<AccountId>;
  private readonly currency: string;
  private readonly slots = new Map<AccountId, Slot>();
  /** Positions in a currency that is not the account's own: nothing but broken rules leads here. */
  private readonly strays = new Map<string, Slot>();
  private readonly payments = new Map<PaymentId, Remaining>();
  private touched: Slot[] = [];

  constructor(gateway: string, currency: string, head: Head) {
    this.head = head;
    this.currency = currency;
    // As in `sitePositions`: the float is opened with what it holds, the others exist from the start.
    this.siteIds = new Set(Object.values(siteAccounts(gateway)).filter((id) => kindOf(id) !== 'float'));
  }

  get size(): number {
    return this.slots.size + this.strays.size;
  }

  /** The accounts of these entries that must be read first. */
  missing(entries: readonly Entry[]): readonly AccountId[] {
    const missing = new Set<AccountId>();
    for (const entry of entries) {
      if (!this.slots.has(entry.account)) missing.add(entry.account);
      for (const { account } of entry.postings) if (!this.slots.has(account)) missing.add(account);
    }
    return [...missing];
  }

  load(asked: readonly AccountId[], rows: PartitionRows): void {
    for (const row of rows.positions) this.put(row);
    for (const account of asked) {
      if (this.slots.has(account)) continue;
      const known = this.siteIds.has(account);
      this.put({ account, currency: this.currency, floor: 0n, known, balance: 0n });
    }
    this.payments.clear();
    for (const { payment, ...facts } of rows.payments) this.payments.set(payment, facts);
  }

  account(id: AccountId): Account | undefined {
    const slot = this.slots.get(id);
    if (slot !== undefined) return slot.fact;
    return this.siteIds.has(id) ? factOf(id, this.currency, 0n) : undefined;
  }

  balance(id: AccountId): Minor {
    return this.slots.get(id)?.balance ?? 0n;
  }

  remaining(id: PaymentId): Remaining | undefined {
    return this.payments.get(id);
  }

  /** Applies entries that follow `head`; everything they name must have been loaded. */
  fold(entries: readonly Entry[]): Folded {
    const referred = new Set<PaymentId>();
    for (const { refersTo } of entries) if (refersTo !== undefined) referred.add(refersTo);
    const breaks: NewBreak[] = [];
    for (const entry of entries) {
      const faults = ruleFaults(entry, this);
      if (faults.length > 0) breaks.push(breakOf(entry, faults));
      this.apply(entry, referred);
    }
    const last = entries.at(-1);
    if (last !== undefined) this.head = { number: last.number, hash: last.hash };
    const remaining = [...referred].flatMap((payment) => {
      const facts = this.payments.get(payment);
      return facts === undefined ? [] : [{ payment, remaining: facts.remaining }];
    });
    return { positions: this.takeChanges(), remaining, breaks };
  }

  private apply(entry: Entry, referred: ReadonlySet<PaymentId>): void {
    if (entry.action === 'open') {
      const slot = this.slotToOpen(entry.account, entry.currency);
      if (slot.fact === undefined) this.setFloor(slot, openedFloor(entry));
      this.touch(slot, entry.number);
    }
    const own = isLimitAction(entry.action) ? this.slots.get(entry.account) : undefined;
    if (own !== undefined) {
      if (own.fact !== undefined) this.setFloor(own, floorAfter(entry, own.floor));
      this.touch(own, entry.number);
    }
    for (const { account, amount } of entry.postings) {
      const slot = this.slotOf(account, entry.currency);
      slot.balance += amount;
      this.touch(slot, entry.number);
      slot.delta += amount;
    }
    if (referred.size === 0) return;
    const change = remainingChange(entry);
    if (change?.kind === 'opens') {
      if (referred.has(change.payment)) {
        this.payments.set(change.payment, { amount: change.amount, remaining: change.amount, action: entry.action });
      }
    } else if (change?.kind === 'lowers') {
      const original = this.payments.get(change.payment);
      if (original !== undefined) this.payments.set(change.payment, { ...original, remaining: original.remaining - change.by });
    }
  }

  private setFloor(slot: Slot, floor: Minor): void {
    slot.floor = floor;
    slot.fact = factOf(slot.account, slot.currency, floor);
  }

  private touch(slot: Slot, number: number): void {
    if (slot.lastEntry === number) return;
    if (slot.entries === 0) this.touched.push(slot);
    slot.lastEntry = number;
    slot.entries += 1;
  }

  private takeChanges(): readonly PositionChange[] {
    const changes = this.touched.map(({ account, currency, floor, fact, balance, delta, entries }) => ({
      account,
      currency,
      floor,
      known: fact !== undefined,
      balance,
      delta,
      entries,
    }));
    for (const slot of this.touched) {
      slot.delta = 0n;
      slot.entries = 0;
      slot.lastEntry = 0;
    }
    this.touched = [];
    return changes;
  }

  private put({ account, currency, floor, known, balance }: Position): Slot {
    const fact = known ? factOf(account, currency, floor) : undefined;
    const slot: Slot = { account, currency, floor, fact, balance, delta: 0n, entries: 0, lastEntry: 0 };
    if (this.slots.has(account)) this.strays.set(`${account} ${currency}`, slot);
    else this.slots.set(account, slot);
    return slot;
  }

  private slotOf(account: AccountId, currency: string): Slot {
    const main = this.slots.get(account);
    if (main?.currency === currency) return main;
    return this.strays.get(`${account} ${currency}`) ?? this.put({ account, currency, floor: 0n, known: false, balance: 0n });
  }

  /** The first opening decides an account's currency: what was posted to it in another before becomes the stray. */
  private slotToOpen(account: AccountId, currency: string): Slot {
    const main = this.slots.get(account);
    if (main === undefined || main.fact !== undefined || main.currency === currency) return main ?? this.slotOf(account, currency);
    const slot = this.slotOf(account, currency);
    this.strays.delete(`${account} ${currency}`);
    this.strays.set(`${account} ${main.currency}`, main);
    this.slots.set(account, slot);
    return slot;
  }
}

function breakOf(entry: Entry, faults: readonly RuleFault[]): NewBreak {
  const first = faults[0] as RuleFault;
  return {
    kind: first.code === 'unknown-account' ? 'unknown-account' : 'rule-broken',
    number: entry.number,
    hash: entry.hash,
    rule: first.rule,
    detail: faults.slice(0, 4).map(describeRuleFault).join('; '),
    account: 'account' in first ? first.account : entry.account,
    amount: entry.amount,
  };
}

/** Partitions in memory, bounded in all; the journal that was used longest ago goes first. */
export class PartitionCache {
  private readonly partitions = new Map<number, Partition>();
  private readonly limit: number;

  constructor(limit = 100_000) {
    this.limit = limit;
  }

  /** The journal's partition at exactly this head, or a new one with nothing loaded. */
  at(journal: number, gateway: string, currency: string, head: Head): Partition {
    const held = this.partitions.get(journal);
    this.partitions.delete(journal);
    const fits = held !== undefined && held.head.number === head.number && held.head.hash === head.hash && held.size < this.limit;
    const partition = fits ? held : new Partition(gateway, currency, head);
    this.partitions.set(journal, partition);
    return partition;
  }

  forget(journal: number): void {
    this.partitions.delete(journal);
  }

  trim(): void {
    let size = 0;
    for (const partition of this.partitions.values()) size += partition.size;
    for (const [journal, partition] of this.partitions) {
      if (size <= this.limit || this.partitions.size === 1) return;
      this.partitions.delete(journal);
      size -= partition.size;
    }
  }
}
