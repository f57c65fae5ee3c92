/**
 * DOC: changes of a merged document (catalogue) since heads that the peer has acknowledged, in either direction (study of documents: raw changes
 * since the acknowledged heads are the smallest). The change bytes are opaque here. A message is at most 256 KiB; what is larger goes in numbered
 * parts, each signed, which `DocumentAssembler` puts together within stated bounds.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type GatewayId, parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { verify } from './ed25519.ts';
import type { WireFault } from './fault.ts';
import { expectKind, headByte, KIND } from './header.ts';
import { HASH_BYTES, MAX_DOCUMENT_BYTES, MAX_DOCUMENT_PARTS, MAX_INFLATED_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { bodyOf, type Signer, signatureOf, signed } from './signing.ts';

const NAME_BYTES = 64;
const HEADS_LIMIT = 64;
const CHANGES_LIMIT = 65_536;
/** What the head of a part may take at most. */
const PART_OVERHEAD_BYTES = 256;

export type DocumentMessage = {
  readonly gateway: GatewayId;
  /** `up`: from the gateway, signed by it. `down`: from the centre, signed by it. */
  readonly direction: 'up' | 'down';
  readonly name: string;
  /** Heads that the sender believes the peer has: the changes are since these. 64 hex digits each. */
  readonly since: readonly string[];
  /** The sender's heads now. A message without changes acknowledges. */
  readonly heads: readonly string[];
  readonly changes: readonly Uint8Array[];
};

export type DocumentPart = {
  readonly gateway: GatewayId;
  readonly direction: 'up' | 'down';
  readonly name: string;
  /** Which transfer this part belongs to: random, the same in all its parts. */
  readonly transfer: number;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
};

export function encodeDocument(message: DocumentMessage, transfer: number, signer: Signer): Result<readonly Uint8Array[], WireFault> {
  const writer = new ByteWriter(1024);
  for (const heads of [message.since, message.heads]) {
    writer.unsigned(heads.length);
    for (const head of heads) writer.hex(head);
  }
  writer.unsigned(message.changes.length);
  for (const change of message.changes) writer.unsigned(change.length).bytes(change);
  if (writer.length > MAX_INFLATED_BYTES) return err({ code: 'too-large', bytes: writer.length, limit: MAX_INFLATED_BYTES });
  const plain = writer.finish();
  const packed = zstdCompressSync(plain);
  const isPacked = packed.length < plain.length;
  const body = isPacked ? packed : plain;
  const room = MAX_DOCUMENT_BYTES - PART_OVERHEAD_BYTES;
  const parts = Math.max(1, Math.ceil(body.length / room));
  if (parts > MAX_DOCUMENT_PARTS) return err({ code: 'too-large', bytes: body.length, limit: room * MAX_DOCUMENT_PARTS });
  const flags = (message.direction === 'down' ? 1 : 0) | (isPacked ? 2 : 0);
  return ok(
    Array.from({ length: parts }, (_, part) =>
      signed(
        new ByteWriter(MAX_DOCUMENT_BYTES)
          .byte(headByte(KIND.document))
          .text(message.gateway)
          .byte(flags)
          .text(message.name)
          .uint32(transfer)
          .unsigned(part)
          .unsigned(parts)
          .bytes(body.subarray(part * room, (part + 1) * room)),
        signer,
      ),
    ),
  );
}

/** `publicKeyOf` gives the key of the gateway for `up`, the centre's for `down`. */
export function openDocumentPart(
  bytes: Uint8Array,
  publicKeyOf: (gateway: GatewayId, direction: 'up' | 'down') => Uint8Array | undefined,
): Result<DocumentPart & { readonly packed: boolean }, WireFault> {
  const fault = expectKind(bytes, KIND.document, MAX_DOCUMENT_BYTES);
  if (fault !== undefined) return err(fault);
  const reader = new ByteReader(bodyOf(bytes).subarray(1));
  const gateway = parseGatewayId(reader.text(31));
  const flags = reader.byte();
  if (reader.failed || bytes.length <= SIGNATURE_BYTES) return err({ code: 'truncated' });
  if (!gateway.ok || flags > 3) return err({ code: 'bad-field', at: 'sender' });
  const direction = flags & 1 ? 'down' : 'up';
  const key = publicKeyOf(gateway.value, direction);
  if (key === undefined) return err({ code: 'unknown-sender', sender: gateway.value });
  if (!verify(key, bodyOf(bytes), signatureOf(bytes))) return err({ code: 'bad-signature', sender: gateway.value });
  const name = reader.text(NAME_BYTES);
  const transfer = reader.uint32();
  const part = reader.unsigned();
  const parts = reader.unsigned();
  const body = reader.rest();
  if (reader.failed) return err({ code: 'truncated' });
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) return err({ code: 'bad-field', at: 'name' });
  if (parts < 1 || parts > MAX_DOCUMENT_PARTS || part >= parts) return err({ code: 'bad-field', at: 'part' });
  return ok({ gateway: gateway.value, direction, name, transfer, part, parts, bytes: body.slice(), packed: (flags & 2) !== 0 });
}

type Transfer = { readonly parts: Map<number, Uint8Array>; readonly count: number };

/** Puts parts together, whatever their order. Keeps at most `transferLimit` unfinished transfers: the oldest is dropped, its sender repeats. */
export class DocumentAssembler {
  private readonly transfers = new Map<string, Transfer>();
  private readonly transferLimit: number;

  constructor(transferLimit = 4) {
    this.transferLimit = transferLimit;
  }

  /** The message where this part completes it, undefined where parts are missing. */
  add(part: DocumentPart & { readonly packed: boolean }): Result<DocumentMessage | undefined, WireFault> {
    const key = `${part.direction} ${part.gateway} ${part.name} ${part.transfer}`;
    let transfer = this.transfers.get(key);
    if (transfer === undefined || transfer.count !== part.parts) {
      transfer = { parts: new Map(), count: part.parts };
      this.transfers.delete(key);
      this.transfers.set(key, transfer);
    }
    transfer.parts.set(part.part, part.bytes);
    const bytes = [...transfer.parts.values()].reduce((sum, { length }) => sum + length, 0);
    if (bytes > MAX_INFLATED_BYTES) {
      this.transfers.delete(key);
      return err({ code: 'too-large', bytes, limit: MAX_INFLATED_BYTES });
    }
    if (transfer.parts.size < transfer.count) {
      const oldest = this.transfers.keys().next();
      if (this.transfers.size > this.transferLimit && !oldest.done) this.transfers.delete(oldest.value);
      return ok(undefined);
    }
    this.transfers.delete(key);
    const bodies = Array.from({ length: transfer.count }, (_, index) => transfer.parts.get(index) ?? new Uint8Array(0));
    return decodeBody(part, Buffer.concat(bodies));
  }
}

function decodeBody(part: DocumentPart & { readonly packed: boolean }, body: Uint8Array): Result<DocumentMessage, WireFault> {
  let plain = body;
  if (part.packed) {
    try {
      plain = zstdDecompressSync(body, { maxOutputLength: MAX_INFLATED_BYTES });
    } catch {
      return err({ code: 'bad-field', at: 'compressed body' });
    }
  }
  const reader = new ByteReader(plain);
  const since = readHeads(reader);
  const heads = readHeads(reader);
  const count = reader.unsigned();
  if (reader.failed || since === undefined || heads === undefined || count > CHANGES_LIMIT) return err({ code: 'bad-field', at: 'heads' });
  const changes: Uint8Array[] = [];
  for (let index = 0; index < count && !reader.failed; index++) changes.push(reader.bytes(reader.unsigned()).slice());
  if (!reader.complete) return err({ code: 'bad-field', at: 'changes' });
  return ok({ gateway: part.gateway, direction: part.direction, name: part.name, since, heads, changes });
}

function readHeads(reader: ByteReader): readonly string[] | undefined {
  const count = reader.unsigned();
  if (count > HEADS_LIMIT) return undefined;
  return Array.from({ length: count }, () => reader.hex(HASH_BYTES));
}
