/**
 * A small centre that follows SPEC.md, for tests of the agent: contiguous watermark, staging, ACK, GAP, REJECT. It throws where an entry would come
 * twice or out of order.
 */
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import type { EntryNumber } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD, type Head, headOf, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { encodeAck } from '../../ledger-sync/protocol/ack.ts';
import { decodeEntries, openBatch, type VerifiedBatch } from '../../ledger-sync/protocol/batch.ts';
import { encodeGap, type GapReason } from '../../ledger-sync/protocol/gap.ts';
import { encodeReject } from '../../ledger-sync/protocol/reject.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';

const STAGED_LIMIT = 16;

export class ModelCentre {
  /** What is durable. */
  hashes: string[] = [];
  /** Numbers of entries that were passed without being read (J7). */
  readonly raw: number[] = [];
  staged: VerifiedBatch[] = [];
  isStaging = true;
  /** An ACK goes before every GAP. */
  isTalkative = true;
  isEnrolled = true;
  readsVersion = 1;
  /** Entries that this centre claims it cannot decode. */
  readonly unreadable = new Set<number>();
  isFenced = false;
  batches = 0;
  private readonly name: JournalName;
  private readonly key: Uint8Array;
  private readonly signer: Signer;
  private readonly nowMs: () => number;
  private lastGap = { number: -1, limit: 0, atMs: 0 };

  constructor(name: JournalName, gatewayKey: Uint8Array, signer: Signer, nowMs: () => number) {
    this.name = name;
    this.key = gatewayKey;
    this.signer = signer;
    this.nowMs = nowMs;
  }

  head(): Head {
    return this.headAt(this.hashes.length);
  }

  headAt(number: number): Head {
    return number === 0 ? EMPTY_HEAD : { number, hash: this.hashes[number - 1] as Head['hash'] };
  }

  /** What is answered to a message; nothing where it is dropped. */
  take(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.readsVersion !== 1) return [this.reject('unknown-version')];
    const opened = openBatch(bytes, () => (this.isEnrolled ? this.key : undefined));
    if (!opened.ok) return opened.error.code === 'unknown-sender' ? [this.reject('not-enrolled')] : [];
    const batch = opened.value;
    this.batches++;
    if (batch.count === 0) return [this.ack(batch)];
    const before = this.hashes.length;
    const answer = this.append(batch);
    if (answer !== undefined) return this.isTalkative ? [this.ack(batch), answer] : [answer];
    while (this.hashes.length > before && this.staged.length > 0) {
      const next = this.staged.find(({ after }) => after <= this.hashes.length);
      if (next === undefined) break;
      this.staged = this.staged.filter((staged) => staged !== next);
      if (next.after + next.count > this.hashes.length) this.append(next);
    }
    return [this.ack(batch)];
  }

  private append(batch: VerifiedBatch): Uint8Array | undefined {
    if (batch.after > this.hashes.length) {
      if (this.isStaging && this.staged.length < STAGED_LIMIT) this.staged.push(batch);
      return this.gap(batch, 'missing', 4096, 0);
    }
    const numbers = Array.from({ length: batch.count }, (_, index) => batch.after + 1 + index);
    if (numbers.some((number) => this.unreadable.has(number))) return this.unread(batch);
    const decoded = decodeEntries(batch, this.headAt(batch.after));
    if (!decoded.ok) return decoded.error.code === 'wrong-previous' ? this.gap(batch, 'missing', 4096, 0) : this.unread(batch);
    for (const entry of decoded.value) this.keep(entry);
    return undefined;
  }

  private keep(entry: Entry): void {
    const known = this.hashes[entry.number - 1];
    if (known !== undefined) {
      if (known !== entry.hash) throw new Error(`two entries ${entry.number}`);
      return;
    }
    if (entry.number !== this.hashes.length + 1 || entry.previous !== this.head().hash)
      throw new Error(`entry ${entry.number} out of order`);
    this.hashes.push(headOf(entry).hash);
  }

  /** J7: halves, until the bad entry stands alone and can be passed by the hash that came with it. */
  private unread(batch: VerifiedBatch): Uint8Array | undefined {
    if (batch.lastHash !== undefined && batch.after === this.hashes.length) {
      this.raw.push((batch.after + 1) as EntryNumber);
      this.hashes.push(batch.lastHash);
      return undefined;
    }
    return this.gap(batch, 'undecodable', Math.max(1, Math.floor(batch.count / 2)), batch.after + batch.count);
  }

  private ack(batch: VerifiedBatch): Uint8Array {
    const received = this.head();
    const ack = { to: this.name, received, archived: 0, fenced: this.isFenced, centreTimeMs: this.nowMs(), answers: batch.mark };
    return encodeAck(ack, this.signer);
  }

  /** At most one a watermark and round trip: for the model, one a second; an ACK otherwise. */
  private gap(batch: VerifiedBatch, reason: GapReason, limitEntries: number, until: number): Uint8Array {
    const { number } = this.head();
    const isRepeated = this.lastGap.number === number && this.lastGap.limit === limitEntries && this.nowMs() - this.lastGap.atMs < 1000;
    if (isRepeated) return this.ack(batch);
    this.lastGap = { number, limit: limitEntries, atMs: this.nowMs() };
    return encodeGap({ to: this.name, received: this.head(), reason, limitEntries, until, answers: batch.mark }, this.signer);
  }

  private reject(reason: 'unknown-version' | 'not-enrolled'): Uint8Array {
    return encodeReject({ to: this.name, reason, readsVersion: this.readsVersion }, this.signer);
  }
}
