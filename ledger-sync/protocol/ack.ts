/**
 * ACK: the centre's signed word that it holds a journal up to a head (I9, J4, J8). Made from the committed head only (J6).
 */
import type { EntryHash } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { openSigned, startMessage } from './centre-message.ts';
import type { WireFault } from './fault.ts';
import { KIND } from './header.ts';
import { HASH_BYTES } from './limits.ts';
import { type Signer, signed } from './signing.ts';

export type Ack = {
  readonly to: JournalName;
  /** The highest contiguous entry that the centre holds durably, with its full hash; 0 with GENESIS where it holds none. */
  readonly received: Head;
  /** At most `received.number`: the gateway may prune below it (J8). */
  readonly archived: number;
  /** The centre has fenced this epoch (P6). */
  readonly fenced: boolean;
  /** The centre's clock, milliseconds since 1970 (J11). */
  readonly centreTimeMs: number;
  /** `mark` of the batch that this answers; 0 where it answers none. For measuring the round trip only. */
  readonly answers: number;
};

const FENCED = 1;

export function encodeAck(ack: Ack, centre: Signer): Uint8Array {
  const writer = startMessage(KIND.ack, ack.to)
    .byte(ack.fenced ? FENCED : 0)
    .unsigned(ack.received.number)
    .hex(ack.received.hash)
    .unsigned(ack.received.number - ack.archived)
    .unsigned(ack.centreTimeMs)
    .uint32(ack.answers);
  return signed(writer, centre);
}

export function openAck(bytes: Uint8Array, centreKey: Uint8Array): Result<Ack, WireFault> {
  const opened = openSigned(bytes, KIND.ack, centreKey);
  if (!opened.ok) return opened;
  const { to, reader } = opened.value;
  const flags = reader.byte();
  const number = reader.unsigned();
  const hash = reader.hex(HASH_BYTES) as EntryHash;
  const behind = reader.unsigned();
  const centreTimeMs = reader.unsigned();
  const answers = reader.uint32();
  if (!reader.complete) return err({ code: 'truncated' });
  if (flags > FENCED) return err({ code: 'bad-field', at: 'flags' });
  if (behind > number) return err({ code: 'bad-field', at: 'archived' });
  return ok({ to, received: { number, hash }, archived: number - behind, fenced: flags === FENCED, centreTimeMs, answers });
}
