import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Epoch, GatewayId } from '../ledger/ids.ts';
import { must } from '../ledger/result.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { generateKey, signerFromPem } from './ed25519.ts';
import { encodeLease, type Lease, METER_UNITS, openLease, TOKEN_MODES } from './lease.ts';

const centre = signerFromPem(generateKey());
const other = signerFromPem(generateKey());

const LEASE: Lease = {
  number: 7,
  gateway: 'syabru' as GatewayId,
  epoch: '0123456789abcdef' as Epoch,
  meter: 'M-204',
  from: 2,
  to: 42,
  key: 'bc41ec9530f6dac86b1a29ab82edc5fb',
  startingCode: 516_959_010,
  extended: false,
  restricted: true,
  mode: 'add-time',
  unit: 'day',
  price: 1_500,
  currency: 'NPR',
  issuedAt: 1_716_800_000_000,
};

const hex = (digits: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map((all) => all.join(''));
const leases: fc.Arbitrary<Lease> = fc.record({
  number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  gateway: fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/).map((text) => text as GatewayId),
  epoch: hex(16).map((text) => text as Epoch),
  meter: fc.stringMatching(/^[A-Za-z0-9._-]{1,48}$/),
  from: fc.integer({ min: 1, max: 60_000 }),
  to: fc.integer({ min: 60_001, max: 65_535 }),
  key: hex(32),
  startingCode: fc.integer({ min: 0, max: 999_999_999 }),
  extended: fc.boolean(),
  restricted: fc.boolean(),
  mode: fc.constantFrom(...TOKEN_MODES),
  unit: fc.constantFrom(...METER_UNITS),
  price: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  currency: fc.constantFrom('NPR', 'INR', 'USD'),
  issuedAt: fc.integer({ min: 0, max: 2 ** 47 }),
});

describe('the text of a lease (L1)', () => {
  it('gives back what was signed, and fits a QR code of capitals and digits', () => {
    fc.assert(
      fc.property(leases, (lease) => {
        const text = encodeLease(lease, centre);
        expect(text).toMatch(/^CL1:[0-9A-HJKMNP-TV-Z]+$/);
        expect(text.length).toBeLessThanOrEqual(420);
        expect(must(openLease(text, centre.publicKey), 'lease')).toEqual(lease);
      }),
      { numRuns: 200 },
    );
  });

  it('is read as people type it', () => {
    const text = encodeLease(LEASE, centre);
    const typed = ` ${text
      .toLowerCase()
      .replaceAll('1', 'l')
      .replaceAll('0', 'o')
      .replace(/^cll:/, 'cl1:')
      .replace(/(.{20})/g, '$1 \n')} `;
    expect(must(openLease(typed, centre.publicKey), 'lease')).toEqual(LEASE);
  });

  it('of another head office is refused', () => {
    expect(openLease(encodeLease(LEASE, other), centre.publicKey)).toMatchObject({ error: { code: 'bad-signature' } });
  });

  it('that is signed as something else is refused', () => {
    const bytes = fromBase32(encodeLease(LEASE, centre).slice(4)) as Uint8Array;
    const body = bytes.subarray(0, bytes.length - 64);
    const plain = `CL1:${toBase32(Buffer.concat([body, centre.sign(body)]))}`;
    expect(openLease(plain, centre.publicKey)).toMatchObject({ error: { code: 'bad-signature' } });
  });

  it('cut anywhere, or with any character changed, is a typed error', () => {
    const text = encodeLease(LEASE, centre);
    for (let length = 0; length < text.length; length++) {
      const opened = openLease(text.slice(0, length), centre.publicKey);
      expect(opened.ok ? '' : opened.error.code).toMatch(/^(not-a-lease|bad-signature)$/);
    }
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
      const opened = openLease(changed, centre.publicKey);
      expect(opened.ok ? '' : opened.error.code).toMatch(/^(not-a-lease|bad-signature)$/);
    }
  });

  it('that is anything at all never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => void openLease(text, centre.publicKey)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => !openLease(`CL1:${toBase32(bytes)}`, centre.publicKey).ok));
    expect(openLease(`CL1:${'0'.repeat(5_000)}`, centre.publicKey)).toMatchObject({ error: { code: 'not-a-lease' } });
  });

  it('a newer version is said as such; what does not read is refused although it is signed', () => {
    expect(openLease(encodeLease({ ...LEASE, to: 2 }, centre), centre.publicKey)).toMatchObject({ error: { code: 'not-a-lease' } });
    expect(openLease(encodeLease({ ...LEASE, price: 0 }, centre), centre.publicKey)).toMatchObject({ error: { code: 'not-a-lease' } });
    const body = Uint8Array.of(2, 1, 2, 3);
    const signature = centre.sign(Buffer.concat([Buffer.from('chautari: the lease of a counter\n'), body]));
    expect(openLease(`CL1:${toBase32(Buffer.concat([body, signature]))}`, centre.publicKey)).toMatchObject({
      error: { code: 'newer-lease' },
    });
  });
});

it('base32 gives back any bytes, and has one spelling for each', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(fromBase32(toBase32(bytes))).toEqual(new Uint8Array(bytes));
    }),
  );
  expect(fromBase32('01')).toBeUndefined();
  expect(fromBase32('0')).toBeUndefined();
  expect(fromBase32('u0')).toBeUndefined();
});
