/** Golden bytes: version 1 of the wire as it was committed. A difference here means a new version, never a new fixture. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kioskStream } from '../../test/bench/kiosk-stream.ts';
import { canonicalBytes } from '../ledger/canonical.ts';
import type { Entry } from '../ledger/entry.ts';
import type { EntryHash, Epoch, GatewayId } from '../ledger/ids.ts';
import { EMPTY_HEAD, headOf } from '../ledger/journal.ts';
import { encodeAck } from './ack.ts';
import { decodeEntries, encodeBatch, openBatch } from './batch.ts';
import { signerFromPem } from './ed25519.ts';
import { encodeEnrol, encodeEnrolled } from './enrol.ts';
import { encodeGap } from './gap.ts';
import { encodeReject } from './reject.ts';

/** A key that everybody knows: 32 bytes counting up. */
const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
const signer = signerFromPem(`-----BEGIN ${'PRIVATE'} KEY-----\n${der.toString('base64')}\n-----END ${'PRIVATE'} KEY-----\n`);

const { name, entries } = kioskStream({ payments: 40, seed: 5, grainMs: 1 });
const hash = 'c4'.repeat(32) as EntryHash;
const received = { number: 70_000, hash };
const voucher = { id: '7k2m', secret: '0123456789abcdef' };
const batch = (from: number, to: number, fullHead: boolean): Uint8Array => {
  const after = from === 0 ? EMPTY_HEAD : headOf(entries[from - 1] as Entry);
  return encodeBatch({ name, after, entries: entries.slice(from, to), fullHead, announced: 40 }, signer);
};

const messages: Readonly<Record<string, Uint8Array>> = {
  canonical: canonicalBytes(entries[0] as Entry, entries[0] as Entry),
  publicKey: signer.publicKey,
  batchEmpty: batch(40, 40, true),
  batchOne: batch(7, 8, false),
  batchLoneFull: batch(8, 9, true),
  batchForty: batch(0, 40, false),
  ack: encodeAck({ to: name, received, archived: 60_000, fenced: false, centreTimeMs: 1_799_000_000_000, answers: 0xdeadbeef }, signer),
  gap: encodeGap({ to: name, received, reason: 'missing', limitEntries: 4096, until: 0, answers: 1 }, signer),
  reject: encodeReject({ to: name, reason: 'unknown-version', readsVersion: 1 }, signer),
  enrol: encodeEnrol(voucher, '00112233445566ff' as Epoch, signer),
  enrolled: encodeEnrolled(voucher, signer.publicKey, {
    status: 'enrolled',
    gateway: 'syabru' as GatewayId,
    site: 'Syabru',
    centreKey: signer.publicKey,
  }),
};
const fixture = new URL('../../test/fixtures/protocol/golden.json', import.meta.url);
const golden = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, string>;

describe('golden bytes', () => {
  it.each(Object.keys(messages))('%s', (what) => {
    expect(Buffer.from(messages[what] as Uint8Array).toString('hex')).toBe(golden[what]);
  });

  it('are read as the entries that they were made of', () => {
    const opened = openBatch(Buffer.from(golden.batchForty as string, 'hex'), () => signer.publicKey);
    expect(opened.ok && decodeEntries(opened.value, EMPTY_HEAD)).toEqual({ ok: true, value: entries });
  });
});
