/**
 * GAP: the centre asks for entries again, from its head on, with the full head (J1, J7). At most one a watermark and round trip.
 */
import type { EntryHash } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { openSigned, startMessage } from './centre-message.ts';
import type { WireFault } from './fault.ts';
import { KIND } from './header.ts';
import { HASH_BYTES, MAX_BATCH_ENTRIES } from './limits.ts';
import { type Signer, signed } from './signing.ts';

/** `missing`: a batch is lost, or its tag does not continue. `undecodable`: a batch cannot be read, send it in smaller ones (J7). */
export type GapReason = 'missing' | 'undecodable';

export type Gap = {
  readonly to: JournalName;
  /** The centre's head: the gateway sends from the entry after it, with the full head. */
  readonly received: Head;
  readonly reason: GapReason;
  /** Until `until` has been sent, at most so many entries a batch; 1 or more. MAX_BATCH_ENTRIES where it does not matter. */
  readonly limitEntries: number;
  /** The last entry number that `limitEntries` is meant for; 0 where it does not matter. */
  readonly until: number;
  readonly answers: number;
};

const REASONS: readonly GapReason[] = ['missing', 'undecodable'];

export function encodeGap(gap: Gap, centre: Signer): Uint8Array {
  const writer = startMessage(KIND.gap, gap.to)
    .byte(REASONS.indexOf(gap.reason))
    .unsigned(gap.received.number)
    .hex(gap.received.hash)
    .unsigned(gap.limitEntries)
    .unsigned(gap.until)
    .uint32(gap.answers);
  return signed(writer, centre);
}

export function openGap(bytes: Uint8Array, centreKey: Uint8Array): Result<Gap, WireFault> {
  const opened = openSigned(bytes, KIND.gap, centreKey);
  if (!opened.ok) return opened;
  const { to, reader } = opened.value;
  const reason = REASONS[reader.byte()];
  const number = reader.unsigned();
  const hash = reader.hex(HASH_BYTES) as EntryHash;
  const limitEntries = reader.unsigned();
  const until = reader.unsigned();
  const answers = reader.uint32();
  if (!reader.complete) return err({ code: 'truncated' });
  if (reason === undefined) return err({ code: 'bad-field', at: 'reason' });
  if (limitEntries < 1 || limitEntries > MAX_BATCH_ENTRIES) return err({ code: 'bad-field', at: 'limitEntries' });
  return ok({ to, received: { number, hash }, reason, limitEntries, until, answers });
}
