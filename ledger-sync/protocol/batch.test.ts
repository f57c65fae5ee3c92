import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kioskStream } from '../../test/bench/kiosk-stream.ts';
import { arbitraryBody, chain, SAMPLE_NAME } from '../../test/support/arbitrary-entries.ts';
import type { Entry } from '../ledger/entry.ts';
import { EMPTY_HEAD, type Head, headOf } from '../ledger/journal.ts';
import { type BatchContent, decodeEntries, encodeBatch, markOf, openBatch } from './batch.ts';
import { ByteWriter } from './byte-writer.ts';
import { generateKey, signerFromPem } from './ed25519.ts';
import { MAX_BATCH_BYTES } from './limits.ts';
import { decodePayload, encodePayload } from './payload.ts';
import { type Signer, signed } from './signing.ts';

const signer = signerFromPem(generateKey());
const keyOf = () => signer.publicKey;
const stream = kioskStream({ payments: 300, seed: 3, grainMs: 1 });
const content = (entries: readonly Entry[], after: Head, more: Partial<BatchContent> = {}): BatchContent => ({
  name: SAMPLE_NAME,
  after,
  entries,
  fullHead: false,
  announced: after.number + entries.length,
  ...more,
});
const sample = (from: number, to: number, more: Partial<BatchContent> = {}): Uint8Array => {
  const before = stream.entries[from - 1];
  return encodeBatch(content(stream.entries.slice(from, to), before === undefined ? EMPTY_HEAD : headOf(before), more), signer);
};
const opened = (bytes: Uint8Array) => {
  const batch = openBatch(bytes, keyOf);
  if (!batch.ok) throw new Error(batch.error.code);
  return batch.value;
};
/** The frame of a batch of ours around another payload, signed properly. */
const framed = (payload: Uint8Array, coding: number, count: number, by: Signer = signer): Uint8Array =>
  signed(
    new ByteWriter()
      .byte(0x11)
      .text('syabru')
      .hex(SAMPLE_NAME.epoch)
      .byte(1 | (coding << 1))
      .unsigned(0)
      .unsigned(count)
      .unsigned(0)
      .bytes(new Uint8Array(32))
      .bytes(payload),
    by,
  );

describe('round trip (J2, B4-B10)', () => {
  it('gives back every entry, hash for hash', () => {
    fc.assert(
      fc.property(fc.array(arbitraryBody, { minLength: 1, maxLength: 24 }), fc.boolean(), (bodies, fullHead) => {
        const entries = chain(bodies);
        const decoded = decodeEntries(opened(encodeBatch(content(entries, EMPTY_HEAD, { fullHead }), signer)), EMPTY_HEAD);
        expect(decoded).toEqual({ ok: true, value: entries });
      }),
      { numRuns: 400 },
    );
  });

  it('continues anywhere in a journal', () => {
    const batch = opened(sample(120, 260));
    expect(batch).toMatchObject({ name: SAMPLE_NAME, after: 120, count: 140, announced: 260, fullHead: false });
    const decoded = decodeEntries(batch, headOf(stream.entries[119] as Entry));
    expect(decoded).toEqual({ ok: true, value: stream.entries.slice(120, 260) });
  });

  it('takes every coding, whichever the encoder chose', () => {
    const repeated = chain(stream.entries.map((entry) => ({ ...entry, memo: 'the same long words of thanks, every single time', at: 0 })));
    const codings = [[], repeated, stream.entries.slice(0, 50)].map((entries) => encodePayload('syabru', entries).coding);
    expect(codings).toEqual(['plain', 'zstd', 'range']);
    for (const entries of [repeated, stream.entries]) {
      const { coding, bytes } = encodePayload('syabru', entries);
      expect(decodePayload(coding, bytes, 'syabru', entries.length).ok).toBe(true);
    }
  });

  it('an empty batch with the full head opens an exchange (J4)', () => {
    const head = headOf(stream.entries[41] as Entry);
    const batch = opened(encodeBatch(content([], head, { fullHead: true, announced: 42 }), signer));
    expect(batch).toMatchObject({ after: 42, count: 0, announced: 42, previous: head.hash, fullHead: true });
    expect(decodeEntries(batch, head)).toEqual({ ok: true, value: [] });
  });
});

describe('J1: the signature covers what is sent', () => {
  it('refuses a batch cut at any byte', () => {
    const bytes = sample(0, 20);
    for (let length = 0; length < bytes.length; length++) expect(openBatch(bytes.subarray(0, length), keyOf).ok).toBe(false);
  });

  it('refuses a batch with any byte changed', () => {
    const bytes = sample(0, 3, { fullHead: true });
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x20;
      const batch = openBatch(changed, keyOf);
      expect(batch.ok).toBe(false);
    }
  });

  it("refuses another's signature and an unknown sender (W2)", () => {
    const other = signerFromPem(generateKey());
    expect(openBatch(sample(0, 3), () => other.publicKey)).toEqual({ ok: false, error: { code: 'bad-signature', sender: 'syabru' } });
    expect(openBatch(sample(0, 3), () => undefined)).toEqual({ ok: false, error: { code: 'unknown-sender', sender: 'syabru' } });
  });

  it('a tag that does not match is a question, not a loss', () => {
    const elsewhere = { number: 120, hash: (stream.entries[118] as Entry).hash };
    const fault = { ok: false, error: { code: 'wrong-previous', after: 120, have: 120 } };
    expect(decodeEntries(opened(sample(120, 130)), elsewhere)).toEqual(fault);
    expect(decodeEntries(opened(sample(120, 130, { fullHead: true })), elsewhere)).toEqual(fault);
  });
});

describe('W3: an unknown version', () => {
  it('is named, whatever follows', () => {
    const bytes = sample(0, 3);
    bytes[0] = 0x21;
    expect(openBatch(bytes, keyOf)).toEqual({ ok: false, error: { code: 'unknown-version', version: 2 } });
  });
});

describe('J7: what is signed but cannot be decoded', () => {
  it('is named with its range', () => {
    const batch = opened(framed(Uint8Array.of(9, 9, 9), 0, 7));
    expect(decodeEntries(batch, EMPTY_HEAD)).toMatchObject({ ok: false, error: { code: 'undecodable', from: 1, count: 7 } });
  });

  it('a lone entry with the full head brings its hash, so that it can be passed', () => {
    const batch = opened(sample(5, 6, { fullHead: true }));
    expect(batch.lastHash).toBe(stream.entries[5]?.hash);
    const lying = { ...batch, lastHash: (stream.entries[6] as Entry).hash };
    expect(decodeEntries(lying, headOf(stream.entries[4] as Entry))).toMatchObject({ ok: false, error: { code: 'undecodable', count: 1 } });
  });

  it('names a batch by the first bytes of its signature', () => {
    const bytes = sample(5, 9);
    expect(opened(bytes).mark).toBe(markOf(bytes));
  });
});

describe('W2: no input crashes the decoder or takes more than its bound', () => {
  const decodeAny = (bytes: Uint8Array): void => {
    const batch = openBatch(bytes, keyOf);
    if (batch.ok) decodeEntries(batch.value, EMPTY_HEAD);
  };

  it('random bytes, with a good signature', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 4096 }),
        (payload, coding, count) => {
          decodeAny(framed(payload, coding, count));
          decodeAny(signed(new ByteWriter().byte(0x11).bytes(payload), signer));
          decodeAny(payload);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('changed payloads, with a good signature', () => {
    const payloads = [
      encodePayload('syabru', stream.entries.slice(0, 40)).bytes,
      encodePayload('syabru', stream.entries.slice(0, 1)).bytes,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...payloads),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom(1, 40, 4096),
        (payload, changes, coding, count) => {
          const changed = payload.slice();
          for (const [at, by] of changes) changed[at % changed.length] = (changed[at % changed.length] as number) ^ by;
          decodeAny(framed(changed, coding, count));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('a payload that would swell past 4 MiB is refused', async () => {
    const { zstdCompressSync } = await import('node:zlib');
    const bomb = zstdCompressSync(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(16 * 1024);
    const decoded = decodeEntries(opened(framed(bomb, 1, 4096)), EMPTY_HEAD);
    expect(decoded).toMatchObject({ ok: false, error: { code: 'undecodable', detail: 'no zstd frame within its bound' } });
  });

  it('a range-coded payload that runs on behind its end is refused', () => {
    expect(decodePayload('range', new Uint8Array(3), 'syabru', 4096).ok).toBe(false);
    expect(decodePayload('range', new Uint8Array(500_000), 'syabru', 4096).ok).toBe(false);
  });

  it('what is larger than a batch may be is not looked at', () => {
    const large = new Uint8Array(MAX_BATCH_BYTES + 1).fill(0x11);
    expect(openBatch(large, keyOf)).toEqual({ ok: false, error: { code: 'too-large', bytes: large.length, limit: MAX_BATCH_BYTES } });
  });

  it('more entries than a batch may have are refused', () => {
    expect(openBatch(framed(new Uint8Array(0), 0, 4097), keyOf)).toEqual({ ok: false, error: { code: 'bad-field', at: 'count' } });
  });
});

describe('the encoder refuses what our own journal never holds', () => {
  it('entries that do not follow, texts and times over their bounds', () => {
    const entry = stream.entries[0] as Entry;
    expect(() => encodeBatch(content(stream.entries.slice(1, 3), EMPTY_HEAD), signer)).toThrow('do not follow');
    for (const wrong of [{ memo: 'x'.repeat(421) }, { method: 'x'.repeat(193) }, { at: 2 ** 48 }, { at: -1 }]) {
      expect(() => encodePayload('syabru', [{ ...entry, ...wrong }])).toThrow();
    }
  });
});
