/** Byte 0 of every message: version x 16 + kind (W1). */
import { err, ok, type Result } from '../ledger/result.ts';
import type { WireFault } from './fault.ts';
import { WIRE_VERSION } from './limits.ts';

export const KIND = {
  batch: 1,
  ack: 2,
  gap: 3,
  reject: 4,
  position: 5,
  document: 6,
  telemetry: 7,
  command: 8,
  result: 9,
  enrol: 10,
  enrolled: 11,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export const headByte = (kind: Kind): number => WIRE_VERSION * 16 + kind;

/** The kind of a message of a version that is known here. Reads byte 0 only. */
export function kindOfMessage(bytes: Uint8Array): Result<number, WireFault> {
  const first = bytes[0];
  if (first === undefined) return err({ code: 'truncated' });
  const version = first >> 4;
  return version === WIRE_VERSION ? ok(first & 15) : err({ code: 'unknown-version', version });
}

/** The kind must be this one and the size within its bound; the fault otherwise. */
export function expectKind(bytes: Uint8Array, kind: Kind, limitBytes: number): WireFault | undefined {
  const found = kindOfMessage(bytes);
  if (!found.ok) return found.error;
  if (found.value !== kind) return { code: 'unexpected-kind', kind: found.value };
  return bytes.length > limitBytes ? { code: 'too-large', bytes: bytes.length, limit: limitBytes } : undefined;
}
