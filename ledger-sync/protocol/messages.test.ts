import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/bench/kiosk-stream.ts';
import { SAMPLE_NAME } from '../../test/support/arbitrary-entries.ts';
import type { EntryHash, Epoch, GatewayId } from '../ledger/ids.ts';
import { type Ack, encodeAck, openAck } from './ack.ts';
import { DocumentAssembler, type DocumentMessage, encodeDocument, openDocumentPart } from './document-message.ts';
import { fingerprint, generateKey, rawPublicKey, signerFromPem, verify } from './ed25519.ts';
import { encodeEnrol, encodeEnrolled, encodeUnknownVoucher, openEnrol, openEnrolled } from './enrol.ts';
import { describeFault, type WireFault } from './fault.ts';
import { encodeGap, type Gap, openGap } from './gap.ts';
import { MAX_DOCUMENT_BYTES } from './limits.ts';
import { openDown } from './message.ts';
import { encodeReject, openReject, type Reject } from './reject.ts';
import { isReservedGateway, parseUpTopic, upTopic, voucherUpTopic } from './topics.ts';
import { formatVoucher, makeVoucher, parseVoucher } from './voucher.ts';

const centre = signerFromPem(generateKey());
const box = signerFromPem(generateKey());
const hash = 'ab'.repeat(32) as EntryHash;
const ack: Ack = {
  to: SAMPLE_NAME,
  received: { number: 1200, hash },
  archived: 1100,
  fenced: true,
  centreTimeMs: 1_800_000_000_123,
  answers: 77,
};
const gap: Gap = { to: SAMPLE_NAME, received: { number: 1200, hash }, reason: 'undecodable', limitEntries: 64, until: 1328, answers: 5 };
const reject: Reject = { to: SAMPLE_NAME, reason: 'not-enrolled', readsVersion: 1 };

describe('ACK, GAP, REJECT', () => {
  const messages = [
    { bytes: encodeAck(ack, centre), open: openAck, value: ack, down: { kind: 'ack', ack } },
    { bytes: encodeGap(gap, centre), open: openGap, value: gap, down: { kind: 'gap', gap } },
    { bytes: encodeReject(reject, centre), open: openReject, value: reject, down: { kind: 'reject', reject } },
  ];

  it.each(messages)('gives back $down.kind', ({ bytes, open, value, down }) => {
    expect(open(bytes, centre.publicKey)).toEqual({ ok: true, value });
    expect(openDown(bytes, centre.publicKey)).toEqual({ ok: true, value: down });
  });

  it.each(messages)('W2: refuses $down.kind that is cut, changed or signed by another', ({ bytes, open }) => {
    expect(open(bytes, box.publicKey)).toMatchObject({ ok: false, error: { code: 'bad-signature' } });
    for (let at = 0; at < bytes.length; at++) {
      expect(open(bytes.subarray(0, at), centre.publicKey).ok).toBe(false);
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(open(changed, centre.publicKey).ok).toBe(false);
    }
  });

  it('W3: an unknown version is named; a kind that is not there yet is refused', () => {
    expect(openDown(Uint8Array.of(0x2f, 1, 2), centre.publicKey)).toEqual({ ok: false, error: { code: 'unknown-version', version: 2 } });
    for (const kind of [0, 1, 5, 7, 8, 9, 10, 15]) {
      expect(openDown(Uint8Array.of(0x10 + kind), centre.publicKey)).toEqual({ ok: false, error: { code: 'unexpected-kind', kind } });
    }
  });

  it('W2: random bytes are faults, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 15 }), (bytes, kind) => {
        const message = Uint8Array.of(0x10 + kind, ...bytes);
        expect(openDown(message, centre.publicKey).ok).toBe(false);
        expect(openEnrol(message, () => 'secret').ok).toBe(false);
        expect(openDocumentPart(message, () => centre.publicKey).ok).toBe(false);
      }),
    );
  });
});

describe('DOC', () => {
  const message: DocumentMessage = {
    gateway: 'syabru' as GatewayId,
    direction: 'down',
    name: 'catalogue',
    since: [hash],
    heads: [hash, 'cd'.repeat(32)],
    changes: [Uint8Array.of(1, 2, 3), new Uint8Array(0)],
  };
  const keys = (_gateway: GatewayId, direction: string) => (direction === 'down' ? centre.publicKey : box.publicKey);
  const parts = (what: DocumentMessage) => {
    const encoded = encodeDocument(what, 9, what.direction === 'down' ? centre : box);
    if (!encoded.ok) throw new Error(encoded.error.code);
    return encoded.value;
  };

  it('gives back a small one in one part', () => {
    const [bytes] = parts(message);
    const part = openDocumentPart(bytes as Uint8Array, keys);
    expect(part.ok && new DocumentAssembler().add(part.value)).toEqual({ ok: true, value: message });
  });

  it('goes in numbered parts, put together in any order and with repetition', () => {
    const random = seededRandom(1);
    const noise = Uint8Array.from({ length: 700_000 }, () => random() * 256);
    const large = { ...message, direction: 'up' as const, changes: [noise] };
    const sent = parts(large);
    expect(sent.length).toBeGreaterThan(1);
    const assembler = new DocumentAssembler();
    const results = [...sent.slice(1), ...sent.slice(1), sent[0] as Uint8Array].map((bytes) => {
      expect(bytes.length).toBeLessThanOrEqual(MAX_DOCUMENT_BYTES);
      const part = openDocumentPart(bytes, keys);
      if (!part.ok) throw new Error(part.error.code);
      return assembler.add(part.value);
    });
    expect(results.at(-1)).toEqual({ ok: true, value: large });
    expect(results.slice(0, -1).every((result) => result.ok && result.value === undefined)).toBe(true);
  });

  it('refuses one that is larger than a document may be, cut, changed or signed by the wrong side', () => {
    const huge = encodeDocument({ ...message, changes: [new Uint8Array(5_000_000)] }, 1, centre);
    expect(huge).toMatchObject({ ok: false, error: { code: 'too-large' } });
    const bytes = parts(message)[0] as Uint8Array;
    for (let at = 0; at < bytes.length; at++) {
      expect(openDocumentPart(bytes.subarray(0, at), keys).ok).toBe(false);
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(openDocumentPart(changed, keys).ok).toBe(false);
    }
    expect(openDocumentPart(bytes, () => undefined)).toMatchObject({ ok: false, error: { code: 'unknown-sender' } });
  });

  it('drops a transfer that grows over 4 MiB', () => {
    const assembler = new DocumentAssembler();
    const part = { gateway: message.gateway, direction: 'up' as const, name: 'catalogue', transfer: 1, parts: 64, packed: false };
    const results = Array.from({ length: 17 }, (_, index) => assembler.add({ ...part, part: index, bytes: new Uint8Array(256_000) }));
    expect(results.at(-1)).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(results.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  });

  it('keeps only a few unfinished transfers', () => {
    const assembler = new DocumentAssembler(2);
    const part = {
      gateway: message.gateway,
      direction: 'up' as const,
      name: 'catalogue',
      part: 0,
      parts: 2,
      bytes: Uint8Array.of(0),
      packed: false,
    };
    for (let transfer = 0; transfer < 5; transfer++) assembler.add({ ...part, transfer });
    expect(assembler.add({ ...part, transfer: 0, part: 1 })).toEqual({ ok: true, value: undefined });
  });
});

describe('ENROL and ENROLLED (I12)', () => {
  const voucher = makeVoucher(Uint8Array.from({ length: 20 }, (_, index) => index * 7));
  const epoch = '00112233445566ff' as Epoch;
  const secretOf = (id: string) => (id === voucher.id ? voucher.secret : undefined);
  const granted = { status: 'enrolled', gateway: 'syabru' as GatewayId, site: 'Syabru Bensi स्याफ्रु', centreKey: centre.publicKey } as const;

  it('proves the voucher and the key', () => {
    const bytes = encodeEnrol(voucher, epoch, box);
    expect(openEnrol(bytes, secretOf)).toEqual({ ok: true, value: { voucherId: voucher.id, publicKey: box.publicKey, epoch } });
    expect(openEnrol(bytes, () => 'another')).toMatchObject({ ok: false, error: { code: 'bad-signature' } });
    expect(openEnrol(bytes, () => undefined)).toMatchObject({ ok: false, error: { code: 'unknown-sender' } });
    for (let at = 0; at < bytes.length; at++) {
      expect(openEnrol(bytes.subarray(0, at), secretOf).ok).toBe(false);
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(openEnrol(changed, secretOf).ok).toBe(false);
    }
  });

  it('nobody enrols a key that he does not hold', () => {
    const thief = { publicKey: box.publicKey, sign: (bytes: Uint8Array) => centre.sign(bytes) };
    expect(openEnrol(encodeEnrol(voucher, epoch, thief), secretOf)).toMatchObject({ ok: false, error: { code: 'bad-signature' } });
  });

  it('answers one box, with proof', () => {
    const bytes = encodeEnrolled(voucher, box.publicKey, granted);
    expect(openEnrolled(bytes, voucher, box.publicKey)).toEqual({ ok: true, value: { enrolled: granted, proved: true } });
    expect(openEnrolled(bytes, voucher, centre.publicKey)).toMatchObject({ ok: false, error: { code: 'unknown-sender' } });
    for (let at = 0; at < bytes.length; at++) {
      expect(openEnrolled(bytes.subarray(0, at), voucher, box.publicKey).ok).toBe(false);
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(openEnrolled(changed, voucher, box.publicKey).ok).toBe(false);
    }
  });

  it('refuses with proof, or hints without it', () => {
    const refused = encodeEnrolled(voucher, box.publicKey, { status: 'refused', reason: 'used' });
    expect(openEnrolled(refused, voucher, box.publicKey)).toEqual({
      ok: true,
      value: { enrolled: { status: 'refused', reason: 'used' }, proved: true },
    });
    const hint = openEnrolled(encodeUnknownVoucher(voucher.id, box.publicKey), voucher, box.publicKey);
    expect(hint).toEqual({ ok: true, value: { enrolled: { status: 'refused', reason: 'unknown' }, proved: false } });
  });

  it('a voucher is read as people type it', () => {
    const shown = formatVoucher(voucher);
    expect(shown).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){4}$/);
    expect(parseVoucher(` ${shown.toLowerCase().replaceAll('-', ' ')} `)).toEqual({ ok: true, value: voucher });
    expect(parseVoucher('OIL0-1111-1111-1111-1111')).toMatchObject({ ok: true, value: { id: '0110' } });
    expect(parseVoucher('short')).toMatchObject({ ok: false, error: { code: 'bad-voucher' } });
  });
});

describe('topics (W1)', () => {
  it('tells gateways from vouchers', () => {
    expect(parseUpTopic(upTopic('syabru' as GatewayId))).toEqual({ ok: true, value: { kind: 'gateway', gateway: 'syabru' } });
    expect(parseUpTopic(voucherUpTopic('7k2m'))).toEqual({ ok: true, value: { kind: 'voucher', voucherId: '7k2m' } });
    for (const topic of ['u/', 'd/syabru', 'u/Syabru', 'u/a/b']) expect(parseUpTopic(topic).ok).toBe(false);
    expect([isReservedGateway('v-7k2m'), isReservedGateway('v-village')]).toEqual([true, false]);
  });
});

describe('keys', () => {
  it('are 32 raw bytes; a malformed key or signature is only false', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect([box.publicKey.length, fingerprint(box.publicKey).length]).toEqual([32, 64]);
    expect(verify(box.publicKey, bytes, box.sign(bytes))).toBe(true);
    expect(verify(new Uint8Array(3), bytes, box.sign(bytes))).toBe(false);
    expect(verify(box.publicKey, bytes, new Uint8Array(64))).toBe(false);
    expect(() => signerFromPem('no key')).toThrow();
    expect(rawPublicKey).toBeTypeOf('function');
  });
});

it('every fault has a line', () => {
  const faults: WireFault[] = [
    { code: 'too-large', bytes: 2, limit: 1 },
    { code: 'truncated' },
    { code: 'unknown-version', version: 2 },
    { code: 'unexpected-kind', kind: 9 },
    { code: 'unknown-sender', sender: 'a' },
    { code: 'bad-signature', sender: 'a' },
    { code: 'bad-field', at: 'flags' },
    { code: 'wrong-previous', after: 2, have: 1 },
    { code: 'undecodable', from: 1, count: 2, detail: 'shapes' },
  ];
  for (const fault of faults) expect(describeFault(fault).length).toBeGreaterThan(5);
});
