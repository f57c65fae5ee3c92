/**
 * Enrolment: ENROL goes up on the voucher's topic, ENROLLED comes down. Both are proved by an HMAC with the voucher's secret, which never
 * travels, and ENROL also by the box's own key over itself, so nobody can enrol a key that he does not hold (I12). Repeating either does no harm.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Epoch, type GatewayId, parseEpoch, parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { verify } from './ed25519.ts';
import type { WireFault } from './fault.ts';
import { expectKind, headByte, KIND, type Kind } from './header.ts';
import { EPOCH_BYTES, HASH_BYTES, MAX_CONTROL_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { type Signer, signed } from './signing.ts';
import type { Voucher } from './voucher.ts';

const SITE_BYTES = 192;
const GATEWAY_BYTES = 31;
const VOUCHER_ID_BYTES = 4;

export type Enrol = { readonly voucherId: string; readonly publicKey: Uint8Array; readonly epoch: Epoch };

/** `used`: another key has it. `expired`, `unknown`: the office knows why. An answer without the secret (`unknown`) is only a hint. */
export type RefusalReason = 'unknown' | 'used' | 'expired';
export type Enrolled =
  | { readonly status: 'enrolled'; readonly gateway: GatewayId; readonly site: string; readonly centreKey: Uint8Array }
  | { readonly status: 'refused'; readonly reason: RefusalReason };

const REFUSALS: readonly RefusalReason[] = ['unknown', 'used', 'expired'];

const hmac = (secret: string, bytes: Uint8Array): Uint8Array => new Uint8Array(createHmac('sha256', secret).update(bytes).digest());

export function encodeEnrol(voucher: Voucher, epoch: Epoch, box: Signer): Uint8Array {
  const writer = new ByteWriter().byte(headByte(KIND.enrol)).text(voucher.id).bytes(box.publicKey).hex(epoch);
  return signed(writer.bytes(hmac(voucher.secret, writer.finish())), box);
}

/** `secretOf` gives the secret of a voucher that exists, used ones included, so that a repeated ENROL is answered again. */
export function openEnrol(bytes: Uint8Array, secretOf: (voucherId: string) => string | undefined): Result<Enrol, WireFault> {
  const fault = expectKind(bytes, KIND.enrol, MAX_CONTROL_BYTES);
  if (fault !== undefined) return err(fault);
  const reader = new ByteReader(bytes.subarray(1));
  const voucherId = reader.text(VOUCHER_ID_BYTES);
  const publicKey = reader.bytes(PUBLIC_KEY_BYTES).slice();
  const epoch = parseEpoch(reader.hex(EPOCH_BYTES));
  const provedBytes = 1 + reader.position;
  const proof = reader.bytes(HASH_BYTES);
  const signedBytes = 1 + reader.position;
  const signature = reader.bytes(SIGNATURE_BYTES);
  if (!reader.complete || !epoch.ok) return err({ code: 'truncated' });
  const secret = secretOf(voucherId);
  if (secret === undefined) return err({ code: 'unknown-sender', sender: `voucher ${voucherId}` });
  const proved = timingSafeEqual(proof, hmac(secret, bytes.subarray(0, provedBytes)));
  if (!proved || !verify(publicKey, bytes.subarray(0, signedBytes), signature)) {
    return err({ code: 'bad-signature', sender: `voucher ${voucherId}` });
  }
  return ok({ voucherId, publicKey, epoch: epoch.value });
}

/** `to` is the box's public key: an answer that is meant for another box is not accepted. */
export function encodeEnrolled(voucher: Voucher, to: Uint8Array, enrolled: Enrolled): Uint8Array {
  const writer = new ByteWriter().byte(headByte(KIND.enrolled)).text(voucher.id).bytes(to);
  if (enrolled.status === 'enrolled') writer.byte(0).text(enrolled.gateway).text(enrolled.site).bytes(enrolled.centreKey);
  else writer.byte(1 + REFUSALS.indexOf(enrolled.reason));
  return writer.bytes(hmac(voucher.secret, writer.finish())).finish();
}

/** The answer to a voucher that the centre does not know: it has no secret to prove anything with, so the box only takes it as a hint. */
export function encodeUnknownVoucher(voucherId: string, to: Uint8Array): Uint8Array {
  const hint: Kind = KIND.enrolled;
  return new ByteWriter().byte(headByte(hint)).text(voucherId).bytes(to).byte(1).bytes(new Uint8Array(HASH_BYTES)).finish();
}

/** `proved` is false only for the hint `unknown`. */
export function openEnrolled(
  bytes: Uint8Array,
  voucher: Voucher,
  publicKey: Uint8Array,
): Result<{ readonly enrolled: Enrolled; readonly proved: boolean }, WireFault> {
  const fault = expectKind(bytes, KIND.enrolled, MAX_CONTROL_BYTES);
  if (fault !== undefined) return err(fault);
  if (bytes.length <= HASH_BYTES) return err({ code: 'truncated' });
  const body = bytes.subarray(0, bytes.length - HASH_BYTES);
  const proved = timingSafeEqual(bytes.subarray(bytes.length - HASH_BYTES), hmac(voucher.secret, body));
  const reader = new ByteReader(body.subarray(1));
  const voucherId = reader.text(VOUCHER_ID_BYTES);
  const to = reader.bytes(PUBLIC_KEY_BYTES);
  const status = reader.byte();
  if (reader.failed) return err({ code: 'truncated' });
  if (voucherId !== voucher.id || Buffer.compare(to, publicKey) !== 0) return err({ code: 'unknown-sender', sender: 'another box' });
  const refusal = REFUSALS[status - 1];
  if (!proved && refusal !== 'unknown') return err({ code: 'bad-signature', sender: 'the centre' });
  if (refusal !== undefined) {
    return reader.complete ? ok({ enrolled: { status: 'refused', reason: refusal }, proved }) : err({ code: 'bad-field', at: 'reason' });
  }
  if (status !== 0) return err({ code: 'bad-field', at: 'status' });
  const gateway = parseGatewayId(reader.text(GATEWAY_BYTES));
  const site = reader.text(SITE_BYTES);
  const centreKey = reader.bytes(PUBLIC_KEY_BYTES).slice();
  if (!reader.complete || !gateway.ok) return err({ code: 'bad-field', at: 'gateway' });
  return ok({ enrolled: { status: 'enrolled', gateway: gateway.value, site, centreKey }, proved });
}
