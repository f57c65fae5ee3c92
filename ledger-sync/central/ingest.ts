/**
 * The centre's one door for what the broker brings: bytes in, messages out. Verified before it is read (W2), answered from what is committed
 * (J6); what is forged, cut short or unknown is counted and changes nothing (W3). The messages of one topic are taken one after the other;
 * those of different topics share the waiting for the disk.
 */
import type { Entropy } from '../../main/platform/entropy.ts';
import { type Attempts, createAttempts } from '../../main/platform/http/attempts.ts';
import type { Epoch, GatewayId } from '../ledger/ids.ts';
import type { JournalName } from '../ledger/journal.ts';
import { encodeAck } from '../protocol/ack.ts';
import { openBatch } from '../protocol/batch.ts';
import { DocumentAssembler, type DocumentMessage, encodeDocument, openDocumentPart } from '../protocol/document-message.ts';
import type { WireFault } from '../protocol/fault.ts';
import { encodeGap } from '../protocol/gap.ts';
import { KIND, kindOfMessage } from '../protocol/header.ts';
import { WIRE_VERSION } from '../protocol/limits.ts';
import { encodeReject, type RejectReason } from '../protocol/reject.ts';
import type { Signer } from '../protocol/signing.ts';
import { downTopic, parseUpTopic, voucherDownTopic } from '../protocol/topics.ts';
import { BatchIntake, type GapWish, type IntakeEvents } from './batch-intake.ts';
import type { DocumentDesk } from './documents.ts';
import { JournalDesk } from './journal-desk.ts';
import { Refusals } from './refusals.ts';
import { type Journal, StorageFault, type Tables } from './tables.ts';
import { answerEnrol } from './vouchers.ts';

export type Outgoing = { readonly topic: string; readonly bytes: Uint8Array };

export interface IngestEvents extends IntakeEvents {
  enrolled(journal: Journal): void;
  met(journal: Journal): void;
  /** Storage refused (a full disk), or takes again. The acknowledgement is withheld meanwhile (J7). */
  storage(fault: StorageFault | undefined): void;
}

export type IngestOptions = {
  readonly tables: Tables;
  readonly signer: Signer;
  readonly now: () => number;
  readonly entropy: Entropy;
  readonly documents: DocumentDesk;
  readonly events: IngestEvents;
  /** The shortest time between two GAPs of one watermark: about a slow link's round trip (J7). */
  readonly gapIntervalMs?: number;
};

/** A gateway that opens an exchange wants to know; one in the middle of it is not held up. */
const GREET_INTERVAL_MS = { opening: 2_000, streaming: 30_000 } as const;
const UNKNOWN_EPOCH = '0'.repeat(16) as Epoch;

export class Ingest {
  readonly desk: JournalDesk;
  readonly refusals: Refusals;
  private readonly options: IngestOptions;
  private readonly intake: BatchIntake;
  private readonly assembler = new DocumentAssembler(64);
  private readonly rejects: Attempts = createAttempts({ tries: 6, perMs: 60_000 });
  private readonly guesses: Attempts = createAttempts({ tries: 10, perMs: 60_000 });
  private readonly gaps = new Map<number, { key: string; atMs: number }>();
  private readonly greeted = new Map<GatewayId, number>();
  private readonly lanes = new Map<string, Promise<unknown>>();
  private storageFault: StorageFault | undefined;

  constructor(options: IngestOptions) {
    this.options = options;
    this.desk = new JournalDesk(options.tables);
    this.refusals = new Refusals(options.tables);
    this.intake = new BatchIntake(options.tables, this.desk, options.events);
  }

  async load(): Promise<void> {
    await this.desk.load();
    await this.refusals.load();
  }

  /** Never rejects for anything that came over the wire, nor for a full disk; what it throws is a defect of ours. */
  receive(topic: string, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    const before = this.lanes.get(topic);
    const answer = before === undefined ? this.take(topic, bytes) : before.then(() => this.take(topic, bytes));
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.lanes.set(topic, settled);
    void settled.then(() => {
      if (this.lanes.get(topic) === settled) this.lanes.delete(topic);
    });
    return answer;
  }

  private async take(topic: string, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    try {
      return await this.dispatch(topic, bytes);
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      if (this.storageFault?.code !== error.code) this.options.events.storage(error);
      this.storageFault = error;
      return [];
    }
  }

  /** Writes what was only counted: contacts and refusals. */
  async flush(): Promise<void> {
    await this.desk.flush();
    await this.refusals.flush();
  }

  storageState(): StorageFault | undefined {
    return this.storageFault;
  }

  encodeDocuments(messages: readonly DocumentMessage[]): readonly Outgoing[] {
    return messages.flatMap((message) => {
      const transfer = Buffer.from(this.options.entropy.bytes(4)).readUInt32LE(0);
      const parts = encodeDocument(message, transfer, this.options.signer);
      return parts.ok ? parts.value.map((bytes) => ({ topic: downTopic(message.gateway), bytes })) : [];
    });
  }

  private async dispatch(topic: string, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    const sender = parseUpTopic(topic);
    if (!sender.ok) return this.refuse(topic, 'topic names nobody');
    if (sender.value.kind === 'voucher') return this.enrol(topic, sender.value.voucherId, bytes);
    const kind = kindOfMessage(bytes);
    if (!kind.ok) {
      const answer =
        kind.error.code === 'unknown-version'
          ? this.reject({ gateway: sender.value.gateway, epoch: UNKNOWN_EPOCH }, 'unknown-version')
          : [];
      return this.refuse(topic, kind.error.code, answer);
    }
    switch (kind.value) {
      case KIND.batch:
        return this.batch(topic, sender.value.gateway, bytes);
      case KIND.document:
        return this.document(topic, sender.value.gateway, bytes);
      default:
        return this.refuse(topic, 'kind that a gateway does not send');
    }
  }

  private async batch(topic: string, gateway: GatewayId, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    let journal: Journal | undefined;
    let claimed: JournalName | undefined;
    const opened = openBatch(bytes, (of, epoch) => {
      claimed = { gateway: of, epoch };
      journal = of === gateway ? this.desk.find(of, epoch) : undefined;
      return journal?.publicKey;
    });
    if (!opened.ok) return this.refuseBatch(topic, gateway, claimed, opened.error);
    if (journal === undefined) throw new Error('a batch was verified without a journal');
    const { now, events } = this.options;
    const atMs = now();
    this.desk.met(journal, atMs, opened.value.announced);
    const taken = await this.intake.take(this.desk.find(gateway, opened.value.name.epoch) ?? journal, opened.value, bytes, atMs);
    if (taken.journal.head.number !== journal.head.number) this.storageWorks();
    events.met(taken.journal);
    const mark = taken.dropped === true ? 0 : opened.value.mark;
    return [...this.answer(taken.journal, mark, taken.gap, atMs), ...(await this.greet(gateway, opened.value.count === 0, atMs))];
  }

  private answer(journal: Journal, answers: number, gap: GapWish | undefined, atMs: number): readonly Outgoing[] {
    const { signer } = this.options;
    const topic = downTopic(journal.name.gateway);
    const ack = encodeAck(
      {
        to: journal.name,
        received: journal.head,
        // Nothing is archived until there is a copy elsewhere: a gateway prunes nothing yet (J8).
        archived: 0,
        fenced: journal.fenced !== undefined,
        centreTimeMs: atMs,
        answers,
      },
      signer,
    );
    const outgoing: Outgoing[] = [{ topic, bytes: ack }];
    if (gap !== undefined && this.mayAskAgain(journal, gap, atMs)) {
      outgoing.push({ topic, bytes: encodeGap({ to: journal.name, received: journal.head, ...gap, answers }, signer) });
    }
    return outgoing;
  }

  /** J7: one GAP a watermark and round trip. Asking for smaller batches is another question. */
  private mayAskAgain(journal: Journal, gap: GapWish, atMs: number): boolean {
    const key = `${journal.head.number} ${gap.reason} ${gap.limitEntries}`;
    const last = this.gaps.get(journal.id);
    const elapsedMs = last === undefined ? Number.POSITIVE_INFINITY : Math.abs(atMs - last.atMs);
    if (last?.key === key && elapsedMs < (this.options.gapIntervalMs ?? 3_000)) return false;
    this.gaps.set(journal.id, { key, atMs });
    return true;
  }

  private refuseBatch(topic: string, gateway: GatewayId, claimed: JournalName | undefined, fault: WireFault): readonly Outgoing[] {
    if (fault.code !== 'unknown-sender' || claimed === undefined) return this.refuse(topic, fault.code);
    if (claimed.gateway !== gateway) return this.refuse(topic, "another gateway's batch on this topic");
    const known = this.desk.currentOf(gateway) !== undefined;
    return this.refuse(topic, known ? `epoch ${claimed.epoch} is not enrolled` : 'not enrolled', this.reject(claimed, 'not-enrolled'));
  }

  private async document(topic: string, gateway: GatewayId, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    const journal = this.desk.currentOf(gateway);
    const opened = openDocumentPart(bytes, (of, direction) => (of === gateway && direction === 'up' ? journal?.publicKey : undefined));
    if (!opened.ok) return this.refuse(topic, `document: ${opened.error.code}`);
    const atMs = this.options.now();
    if (journal !== undefined) this.desk.met(journal, atMs, 0);
    const whole = this.assembler.add(opened.value);
    if (!whole.ok) return this.refuse(topic, `document: ${whole.error.code}`);
    if (whole.value === undefined) return [];
    return this.encodeDocuments(await this.options.documents.receive(whole.value, atMs));
  }

  private async greet(gateway: GatewayId, isOpening: boolean, atMs: number): Promise<readonly Outgoing[]> {
    const last = this.greeted.get(gateway);
    const intervalMs = isOpening ? GREET_INTERVAL_MS.opening : GREET_INTERVAL_MS.streaming;
    if (last !== undefined && Math.abs(atMs - last) < intervalMs) return [];
    this.greeted.set(gateway, atMs);
    return this.encodeDocuments(await this.options.documents.greet(gateway, atMs));
  }

  private async enrol(topic: string, voucherId: string, bytes: Uint8Array): Promise<readonly Outgoing[]> {
    const { tables, signer, now, events } = this.options;
    const atMs = now();
    const answer = await answerEnrol(tables, voucherId, bytes, signer.publicKey, atMs);
    // What proves itself is always heard: others who write on this topic could use up the tries of the box that has the voucher.
    if (answer.enrolled === undefined && !this.guesses.take(voucherId, atMs)) return this.refuse(topic, 'enrol: too many tries');
    if (answer.enrolled !== undefined) {
      const known = this.desk.find(answer.enrolled.name.gateway, answer.enrolled.name.epoch);
      if (known === undefined) {
        this.desk.put(answer.enrolled);
        events.enrolled(answer.enrolled);
      }
    }
    const outgoing = answer.bytes === undefined ? [] : [{ topic: voucherDownTopic(voucherId), bytes: answer.bytes }];
    if (answer.refusal === undefined) return outgoing;
    return this.refuse(topic, answer.refusal.reason, outgoing, answer.refusal.keyFingerprint);
  }

  private reject(to: JournalName, reason: RejectReason): readonly Outgoing[] {
    if (!this.rejects.take(to.gateway, this.options.now())) return [];
    return [{ topic: downTopic(to.gateway), bytes: encodeReject({ to, reason, readsVersion: WIRE_VERSION }, this.options.signer) }];
  }

  private refuse(topic: string, reason: string, answers: readonly Outgoing[] = [], keyFingerprint?: string): readonly Outgoing[] {
    this.refusals.add({ topic, reason, keyFingerprint }, this.options.now());
    return answers;
  }

  private storageWorks(): void {
    if (this.storageFault === undefined) return;
    this.storageFault = undefined;
    this.options.events.storage(undefined);
  }
}
