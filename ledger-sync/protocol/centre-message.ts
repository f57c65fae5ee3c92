/**
 * What ACK, GAP and REJECT share: signed by the centre, addressed to one journal, small. The signature is checked before a member is read (W2).
 */
import { type Epoch, type GatewayId, parseEpoch, parseGatewayId } from '../ledger/ids.ts';
import type { JournalName } from '../ledger/journal.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { verify } from './ed25519.ts';
import type { WireFault } from './fault.ts';
import { expectKind, headByte, type Kind } from './header.ts';
import { EPOCH_BYTES, MAX_CONTROL_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { bodyOf, signatureOf } from './signing.ts';

const ADDRESS_BYTES = 31;

export function startMessage(kind: Kind, to: JournalName): ByteWriter {
  return new ByteWriter().byte(headByte(kind)).text(to.gateway).hex(to.epoch);
}

/** A reader that stands behind the address; the caller checks `complete` at the end. */
export function openSigned(
  bytes: Uint8Array,
  kind: Kind,
  centreKey: Uint8Array,
): Result<{ readonly to: JournalName; readonly reader: ByteReader }, WireFault> {
  const fault = expectKind(bytes, kind, MAX_CONTROL_BYTES);
  if (fault !== undefined) return err(fault);
  if (bytes.length <= SIGNATURE_BYTES) return err({ code: 'truncated' });
  if (!verify(centreKey, bodyOf(bytes), signatureOf(bytes))) return err({ code: 'bad-signature', sender: 'the centre' });
  const reader = new ByteReader(bodyOf(bytes).subarray(1));
  const to = readJournalName(reader);
  return to === undefined ? err({ code: 'bad-field', at: 'address' }) : ok({ to, reader });
}

export function readJournalName(reader: ByteReader): JournalName | undefined {
  const gateway = parseGatewayId(reader.text(ADDRESS_BYTES));
  const epoch = parseEpoch(reader.hex(EPOCH_BYTES));
  if (reader.failed || !gateway.ok || !epoch.ok) return undefined;
  return { gateway: gateway.value as GatewayId, epoch: epoch.value as Epoch };
}
