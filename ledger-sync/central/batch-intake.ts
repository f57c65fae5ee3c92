/**
 * One verified batch into the ledger: where it stands against the committed head decides what happens.
 *   next         decoded, folded, stored with the head in one transaction (J6)
 *   replayed     the known part must have the very hashes that are held; no effect (W3)
 *   early        staged until the gap before it is filled (J6)
 *   branching    kept unfolded, the journal fenced at its watermark, a break (P6, I7)
 *   unreadable   asked for in halves; a lone entry is kept raw under its hash, passed, a break (J7)
 * The answer is always made from the committed head.
 */
import type { Entry } from '../ledger/entry.ts';
import { type EntryHash, GENESIS } from '../ledger/ids.ts';
import type { Head } from '../ledger/journal.ts';
import { continuesFrom, decodeEntries, openBatch, type VerifiedBatch } from '../protocol/batch.ts';
import { describeFault } from '../protocol/fault.ts';
import { MAX_BATCH_ENTRIES } from '../protocol/limits.ts';
import type { JournalDesk } from './journal-desk.ts';
import { PartitionCache } from './partition.ts';
import type { Break, Journal, NewBreak, StoreBatch, Tables } from './tables.ts';

/** What the caller sends: the acknowledgement of the committed head always, a GAP beside it where something is missing. */
export type Taken = {
  readonly journal: Journal;
  readonly gap?: GapWish;
  /** An early batch that found no room: to its gateway it is as lost. */
  readonly dropped?: boolean;
};
export type GapWish = { readonly reason: 'missing' | 'undecodable'; readonly limitEntries: number; readonly until: number };

export interface IntakeEvents {
  stored(journal: Journal, from: number, to: number, lastSequence: number): void;
  broke(found: Break): void;
  fenced(journal: Journal): void;
}

type Step =
  | { readonly kind: 'moved'; readonly journal: Journal }
  | { readonly kind: 'stays'; readonly journal: Journal; readonly gap?: GapWish }
  | { readonly kind: 'early' }
  | { readonly kind: 'again' };

const MISSING: GapWish = { reason: 'missing', limitEntries: MAX_BATCH_ENTRIES, until: 0 };
/** Another worker may move the head between reading and writing; each time everything is read again. */
const MAX_TRIES = 8;

export class BatchIntake {
  private readonly tables: Tables;
  private readonly desk: JournalDesk;
  private readonly events: IntakeEvents;
  private readonly cache: PartitionCache;

  constructor(tables: Tables, desk: JournalDesk, events: IntakeEvents, cache: PartitionCache = new PartitionCache()) {
    this.tables = tables;
    this.desk = desk;
    this.events = events;
    this.cache = cache;
  }

  /** `bytes` are the message as it came, already verified as `batch`. */
  async take(journal: Journal, batch: VerifiedBatch, bytes: Uint8Array, atMs: number): Promise<Taken> {
    let current = journal;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const step = await this.step(current, batch, bytes.length, atMs);
      switch (step.kind) {
        case 'moved':
          return this.takeStaged(step.journal, atMs);
        case 'stays':
          return step.gap === undefined ? { journal: step.journal } : { journal: step.journal, gap: step.gap };
        case 'early': {
          const staged = await this.tables.stage(current.id, { from: batch.after + 1, count: batch.count, bytes }, atMs);
          return { journal: current, gap: MISSING, dropped: staged === 'full' };
        }
        case 'again':
          current = (await this.desk.reload(current.name)) ?? current;
      }
    }
    return { journal: current, gap: MISSING };
  }

  /** Follows the head through what was staged. A staged batch that does not fit after all is forgotten and asked for again. */
  private async takeStaged(journal: Journal, atMs: number): Promise<Taken> {
    let current = journal;
    for (;;) {
      const next = current.head.number + 1;
      const staged = await this.tables.stagedAt(current.id, next);
      if (staged === undefined) return { journal: current };
      const opened = openBatch(staged.bytes, () => current.publicKey);
      const step = opened.ok ? await this.step(current, opened.value, staged.bytes.length, atMs) : undefined;
      await this.tables.unstage(current.id, staged.from);
      if (step?.kind === 'moved') current = step.journal;
      else
        return { journal: step?.kind === 'stays' ? step.journal : current, gap: step?.kind === 'stays' && step.gap ? step.gap : MISSING };
    }
  }

  private async step(journal: Journal, batch: VerifiedBatch, bytes: number, atMs: number): Promise<Step> {
    if (journal.fenced !== undefined) return this.keepForked(journal, batch, bytes, atMs);
    if (batch.after > journal.head.number) return batch.count === 0 ? { kind: 'stays', journal } : { kind: 'early' };
    if (batch.after === journal.head.number && continuesFrom(batch, journal.head))
      return this.takeNext(journal, journal.head, batch, bytes, atMs);
    return this.takeOverlapping(journal, batch, bytes, atMs);
  }

  private async takeNext(journal: Journal, previous: Head, batch: VerifiedBatch, bytes: number, atMs: number): Promise<Step> {
    if (batch.count === 0) return { kind: 'stays', journal };
    const decoded = decodeEntries(batch, previous);
    if (decoded.ok) return this.store(journal, decoded.value, batch.announced, bytes, atMs);
    return this.takeUnreadable(journal, batch, bytes, describeFault(decoded.error), atMs);
  }

  /** It begins at or below the head, but not exactly there: a repetition, an overlap, a box that fell back, or a branch. */
  private async takeOverlapping(journal: Journal, batch: VerifiedBatch, bytes: number, atMs: number): Promise<Step> {
    const before = (await this.tables.headsAt(journal.id, batch.after)).find((head) => continuesFrom(batch, head));
    if (before === undefined) {
      if (!batch.fullHead) return { kind: 'stays', journal, gap: MISSING };
      return this.fork(journal, batch, [], batch.after, bytes, atMs);
    }
    if (batch.count === 0) return { kind: 'stays', journal };
    const decoded = decodeEntries(batch, before);
    if (!decoded.ok) {
      if (batch.after + batch.count <= journal.head.number) return { kind: 'stays', journal };
      return this.takeUnreadable(journal, batch, bytes, describeFault(decoded.error), atMs);
    }
    const entries = decoded.value;
    const held = new Map(
      (await this.tables.hashes(journal.id, batch.after + 1, journal.head.number)).map((head) => [head.number, head.hash]),
    );
    const differs = entries.find((entry) => entry.number <= journal.head.number && held.get(entry.number) !== entry.hash);
    if (differs !== undefined) return this.fork(journal, batch, entries, differs.number, bytes, atMs);
    const fresh = entries.filter((entry) => entry.number > journal.head.number);
    return fresh.length === 0 ? { kind: 'stays', journal } : this.store(journal, fresh, batch.announced, bytes, atMs);
  }

  private async store(journal: Journal, entries: readonly Entry[], announced: number, bytes: number, atMs: number): Promise<Step> {
    const currency = journal.currency ?? (entries[0] as Entry).currency;
    const partition = this.cache.at(journal.id, journal.name.gateway, currency, journal.head);
    const missing = partition.missing(entries);
    const referred = entries.flatMap(({ refersTo }) => (refersTo === undefined ? [] : [refersTo]));
    partition.load(missing, await this.tables.partition(journal.id, missing, [...new Set(referred)]));
    const folded = partition.fold(entries);
    return this.commit(journal, {
      journal: journal.id,
      expected: journal.head,
      head: partition.head,
      announced,
      receivedAt: atMs,
      bytes,
      currency,
      entries,
      ...folded,
      raw: [],
    });
  }

  private async commit(journal: Journal, batch: StoreBatch): Promise<Step> {
    // The partition was folded ahead of the database; it is true only if this commits.
    const stored = await this.tables.store(batch).catch((error: unknown) => {
      this.cache.forget(journal.id);
      throw error;
    });
    if (stored.status === 'head-moved') {
      this.cache.forget(journal.id);
      return { kind: 'again' };
    }
    this.cache.trim();
    const { head, bytes, currency } = batch;
    const next = this.desk.committed(journal, { head, entries: batch.entries.length, bytes, currency });
    this.events.stored(next, journal.head.number + 1, head.number, stored.lastSequence);
    for (const found of stored.breaks) this.events.broke(found);
    return { kind: 'moved', journal: next };
  }

  private async takeUnreadable(journal: Journal, batch: VerifiedBatch, bytes: number, detail: string, atMs: number): Promise<Step> {
    const isNext = batch.after === journal.head.number;
    if (batch.count > 1 || batch.lastHash === undefined || !isNext) {
      const limitEntries = isNext ? Math.max(1, Math.floor(batch.count / 2)) : MAX_BATCH_ENTRIES;
      const gap: GapWish = { reason: 'undecodable', limitEntries, until: batch.after + batch.count };
      return { kind: 'stays', journal, gap };
    }
    const number = batch.after + 1;
    const found: NewBreak = {
      kind: 'undecodable',
      number,
      hash: batch.lastHash,
      rule: 'J7',
      detail: `signed, but it cannot be read here (${detail}); its bytes are kept`,
      account: undefined,
      amount: undefined,
    };
    this.cache.forget(journal.id);
    return this.commit(journal, {
      journal: journal.id,
      expected: journal.head,
      head: { number, hash: batch.lastHash },
      announced: batch.announced,
      receivedAt: atMs,
      bytes,
      currency: journal.currency,
      entries: [],
      positions: [],
      remaining: [],
      breaks: [found],
      raw: [{ number, bytes: batch.payload, hash: batch.lastHash }],
    });
  }

  private async fork(
    journal: Journal,
    batch: VerifiedBatch,
    entries: readonly Entry[],
    number: number,
    bytes: number,
    atMs: number,
  ): Promise<Step> {
    const decoded = entries.length > 0 ? entries : this.decodeAlone(batch);
    const first = decoded.find((entry) => entry.number >= number);
    const reason = `the box signed another entry ${number} than the one that is held: a restored or cloned disk`;
    const forkBreak: NewBreak = {
      kind: 'forked-journal',
      number,
      hash: first?.hash ?? (batch.fullHead && batch.after === number ? (batch.previous as EntryHash) : undefined),
      rule: 'P6',
      detail: `${reason}; the ledger keeps entries 1 to ${journal.head.number}`,
      account: first?.account,
      amount: first?.amount,
    };
    const kept = await this.tables.storeForked({ journal: journal.id, reason, receivedAt: atMs, bytes, entries: decoded, forkBreak });
    this.cache.forget(journal.id);
    const fenced = (await this.desk.reload(journal.name)) ?? journal;
    for (const found of kept.breaks) this.events.broke(found);
    this.events.fenced(fenced);
    return { kind: 'stays', journal: fenced };
  }

  /** P7, as far as it goes now: what a fenced journal sends is kept, unfolded, for a person to admit. */
  private async keepForked(journal: Journal, batch: VerifiedBatch, bytes: number, atMs: number): Promise<Step> {
    if (batch.count === 0) return { kind: 'stays', journal };
    const before = (await this.tables.headsAt(journal.id, batch.after)).find((head) => continuesFrom(batch, head));
    const decoded = before === undefined ? undefined : decodeEntries(batch, before);
    const entries = decoded?.ok === true ? decoded.value : this.decodeAlone(batch);
    if (entries.length === 0) return { kind: 'stays', journal, gap: MISSING };
    const forkBreak: NewBreak = {
      kind: 'forked-journal',
      number: batch.after + 1,
      hash: entries[0]?.hash,
      rule: 'P6',
      detail: 'fenced',
      account: undefined,
      amount: undefined,
    };
    const reason = journal.fenced?.reason ?? 'fenced';
    await this.tables.storeForked({ journal: journal.id, reason, receivedAt: atMs, bytes, entries, forkBreak });
    return { kind: 'stays', journal };
  }

  /** A batch that carries the full head can be read without any entry before it. */
  private decodeAlone(batch: VerifiedBatch): readonly Entry[] {
    if (!batch.fullHead || batch.count === 0 || (batch.after === 0 && batch.previous !== GENESIS)) return [];
    const decoded = decodeEntries(batch, { number: batch.after, hash: batch.previous as EntryHash });
    return decoded.ok ? decoded.value : [];
  }
}
