/**
 * BATCH: a signed, contiguous run of entries (SPEC B4). The signature covers every byte that is sent (J1) and is checked before anything but
 * version, kind and sender is read (W2). An empty batch with the full head opens an exchange (J4) and is the heartbeat of an idle link.
 * Invariant: decoding gives entries whose hashes were computed here, from the head that the reader holds; no hash of an entry is taken on trust.
 */
import { type Entry, type EntryBody, sealEntry } from '../ledger/entry.ts';
import type { EntryHash, EntryNumber, Epoch, GatewayId } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readJournalName } from './centre-message.ts';
import { verify } from './ed25519.ts';
import type { WireFault } from './fault.ts';
import { expectKind, headByte, KIND } from './header.ts';
import { HASH_BYTES, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, SIGNATURE_BYTES, TAG_BYTES } from './limits.ts';
import { type Coding, decodePayload, encodePayload } from './payload.ts';
import { sha256Hex } from './sha256.ts';
import { bodyOf, type Signer, signatureOf, signed } from './signing.ts';

export type BatchContent = {
  readonly name: JournalName;
  /** The head before the first entry. */
  readonly after: Head;
  readonly entries: readonly Entry[];
  /** The whole hash of `after` instead of its first four bytes. */
  readonly fullHead: boolean;
  /** The sender's head number: how much more is to come. */
  readonly announced: number;
};

export type VerifiedBatch = {
  readonly name: JournalName;
  /** Number of the entry before the first. */
  readonly after: number;
  readonly count: number;
  readonly announced: number;
  /** 64 hex digits, or 8 where only the tag was sent. */
  readonly previous: string;
  readonly fullHead: boolean;
  /** The hash of a lone entry that came with the full head: what the centre passes it with when it cannot be decoded (J7). */
  readonly lastHash?: EntryHash;
  /** The first four bytes of the signature: what ACK and GAP name in `answers`. Never 0. */
  readonly mark: number;
  readonly coding: Coding;
  readonly payload: Uint8Array;
};

const FULL_HEAD = 1;
const LAST_HASH = 8;
const CODINGS: readonly Coding[] = ['plain', 'zstd', 'range'];

/** How a batch is named by the answer to it. */
export function markOf(bytes: Uint8Array): number {
  return new ByteReader(signatureOf(bytes)).uint32() || 1;
}

/** Throws where the entries do not follow `after` or are over the bounds of SPEC B2: our own journal keeps tighter ones. */
export function encodeBatch(batch: BatchContent, signer: Signer): Uint8Array {
  const { name, after, entries, fullHead } = batch;
  if (entries.length > MAX_BATCH_ENTRIES) throw new Error(`a batch has at most ${MAX_BATCH_ENTRIES} entries`);
  const last = entries.at(-1);
  if (last !== undefined && (entries[0]?.number !== after.number + 1 || last.number !== after.number + entries.length)) {
    throw new Error('the entries do not follow the head');
  }
  const { coding, bytes } = encodePayload(name.gateway, entries);
  const withLast = fullHead && entries.length === 1;
  const flags = (fullHead ? FULL_HEAD : 0) | (CODINGS.indexOf(coding) << 1) | (withLast ? LAST_HASH : 0);
  const writer = new ByteWriter(bytes.length + 128)
    .byte(headByte(KIND.batch))
    .text(name.gateway)
    .hex(name.epoch)
    .byte(flags)
    .unsigned(after.number)
    .unsigned(entries.length)
    .unsigned(Math.max(0, batch.announced - after.number - entries.length))
    .hex(fullHead ? after.hash : after.hash.slice(0, TAG_BYTES * 2));
  if (withLast && last !== undefined) writer.hex(last.hash);
  return signed(writer.bytes(bytes), signer);
}

/** Verifies, then reads the frame. Nothing of the entries is decoded yet. */
export function openBatch(
  bytes: Uint8Array,
  publicKeyOf: (gateway: GatewayId, epoch: Epoch) => Uint8Array | undefined,
): Result<VerifiedBatch, WireFault> {
  const fault = expectKind(bytes, KIND.batch, MAX_BATCH_BYTES);
  if (fault !== undefined) return err(fault);
  if (bytes.length <= SIGNATURE_BYTES) return err({ code: 'truncated' });
  const body = bodyOf(bytes);
  const reader = new ByteReader(body.subarray(1));
  const name = readJournalName(reader);
  if (name === undefined) return err({ code: 'bad-field', at: 'sender' });
  const key = publicKeyOf(name.gateway, name.epoch);
  if (key === undefined) return err({ code: 'unknown-sender', sender: name.gateway });
  if (!verify(key, body, signatureOf(bytes))) return err({ code: 'bad-signature', sender: name.gateway });

  const flags = reader.byte();
  const after = reader.unsigned();
  const count = reader.unsigned();
  const ahead = reader.unsigned();
  const fullHead = (flags & FULL_HEAD) !== 0;
  const previous = reader.hex(fullHead ? HASH_BYTES : TAG_BYTES);
  const lastHash = flags & LAST_HASH ? (reader.hex(HASH_BYTES) as EntryHash) : undefined;
  const payload = reader.rest();
  if (reader.failed) return err({ code: 'truncated' });
  const coding = CODINGS[(flags >> 1) & 3];
  if (flags > 15 || coding === undefined) return err({ code: 'bad-field', at: 'flags' });
  if (count > MAX_BATCH_ENTRIES) return err({ code: 'bad-field', at: 'count' });
  if (!Number.isSafeInteger(after + count + ahead)) return err({ code: 'bad-field', at: 'announced' });
  if ((lastHash !== undefined) !== (fullHead && count === 1)) return err({ code: 'bad-field', at: 'last hash' });
  const frame = { name, after, count, announced: after + count + ahead, previous, fullHead, mark: markOf(bytes), coding, payload };
  return ok(lastHash === undefined ? frame : { ...frame, lastHash });
}

/** Whether the batch continues from this head: by number, and by as much of the hash as was sent. */
export const continuesFrom = (batch: VerifiedBatch, head: Head): boolean =>
  batch.after === head.number && head.hash.startsWith(batch.previous);

/** The entries, sealed again from `previous`. `wrong-previous` asks for a GAP, `undecodable` for halves (J7). */
export function decodeEntries(batch: VerifiedBatch, previous: Head): Result<Entry[], WireFault> {
  if (!continuesFrom(batch, previous)) return err({ code: 'wrong-previous', after: batch.after, have: previous.number });
  const bodies = decodePayload(batch.coding, batch.payload, batch.name.gateway, batch.count);
  if (!bodies.ok) return undecodable(batch, bodies.error);
  const entries: Entry[] = [];
  let head = previous;
  for (const body of bodies.value) {
    const entry = sealed(batch.name, head, body);
    entries.push(entry);
    head = entry;
  }
  if (batch.lastHash !== undefined && batch.lastHash !== head.hash)
    return undecodable(batch, 'its hash is not the one that was sent with it');
  return ok(entries);
}

function sealed(name: JournalName, head: Head, body: EntryBody): Entry {
  const place = { gateway: name.gateway, epoch: name.epoch, number: (head.number + 1) as EntryNumber, previous: head.hash };
  return sealEntry(body, place, sha256Hex);
}

const undecodable = (batch: VerifiedBatch, detail: string): { readonly ok: false; readonly error: WireFault } =>
  err({ code: 'undecodable', from: batch.after + 1, count: batch.count, detail });
