/**
 * REJECT: the centre will not take what this gateway sends as it stands. The gateway keeps every entry, tries again slowly and says why (W3).
 */
import type { JournalName } from '../ledger/journal.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { openSigned, startMessage } from './centre-message.ts';
import type { WireFault } from './fault.ts';
import { KIND } from './header.ts';
import { type Signer, signed } from './signing.ts';

/** `not-enrolled`: no such gateway, or an epoch that it has not enrolled. `not-accepted`: enrolled, then shut out by the office. */
export type RejectReason = 'unknown-version' | 'not-enrolled' | 'not-accepted';

export type Reject = {
  /** As the topic named the gateway; the epoch is zeros where the centre could not read one. */
  readonly to: JournalName;
  readonly reason: RejectReason;
  /** The highest version that the centre reads. */
  readonly readsVersion: number;
};

const REASONS: readonly RejectReason[] = ['unknown-version', 'not-enrolled', 'not-accepted'];

export function encodeReject(reject: Reject, centre: Signer): Uint8Array {
  return signed(startMessage(KIND.reject, reject.to).byte(REASONS.indexOf(reject.reason)).byte(reject.readsVersion), centre);
}

export function openReject(bytes: Uint8Array, centreKey: Uint8Array): Result<Reject, WireFault> {
  const opened = openSigned(bytes, KIND.reject, centreKey);
  if (!opened.ok) return opened;
  const { to, reader } = opened.value;
  const reason = REASONS[reader.byte()];
  const readsVersion = reader.byte();
  if (!reader.complete) return err({ code: 'truncated' });
  return reason === undefined ? err({ code: 'bad-field', at: 'reason' }) : ok({ to, reason, readsVersion });
}
