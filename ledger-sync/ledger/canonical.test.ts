import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { body } from '../../test/support/ledger/arbitrary.ts';
import { canonicalBytes } from './canonical.ts';
import { type EntryBody, type Place, sealEntry } from './entry.ts';
import { type EntryHash, type EntryNumber, type Epoch, type GatewayId, GENESIS, type PaymentId } from './ids.ts';

const place: Place = { gateway: 'syabru' as GatewayId, epoch: '0123456789abcdef' as Epoch, number: 1 as EntryNumber, previous: GENESIS };
const hex = (entry: EntryBody, at: Place = place): string => Buffer.from(canonicalBytes(entry, at)).toString('hex');

/** Golden: these bytes are what entries in the field are known by. They change only with CANONICAL_VERSION, and the old ones stay. */
const golden = JSON.parse(readFileSync(new URL('../../test/fixtures/ledger/canonical-v1.json', import.meta.url), 'utf8')) as Record<
  string,
  { readonly bytes: string; readonly sha256: string }
>;

const cases: Readonly<Record<string, readonly [EntryBody, Place]>> = {
  'cash sale': [body({}), place],
  'opening with nothing': [body({ method: 'journal', action: 'open', amount: 0n, lines: [] }), { ...place, number: 2 as EntryNumber }],
  'refund with everything': [
    body({
      method: 'wallet',
      action: 'refund',
      paymentId: 'abcdefghjk.300' as PaymentId,
      refersTo: 'order:2026-11-23_7' as PaymentId,
      memo: 'चिया फिर्ता ☕ 😀',
      operator: 'माया',
      amount: 2n ** 62n,
      lines: [
        ['takings:syabru', 2n ** 62n],
        ['wallet:W-1042', -(2n ** 62n)],
      ],
      at: 253_402_300_799_999,
    }),
    { ...place, number: (2 ** 53 - 1) as EntryNumber, previous: 'fe'.repeat(32) as EntryHash },
  ],
  'long memo, clock before 1970': [body({ memo: 'x'.repeat(140), at: -5 }), place],
};

it.each(Object.keys(cases))('golden bytes: %s', (name) => {
  const [entry, at] = cases[name] as readonly [EntryBody, Place];
  const bytes = canonicalBytes(entry, at);
  expect({ bytes: hex(entry, at), sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual(golden[name]);
});

it('another member, other bytes', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const some = fc.record({
    method: text,
    action: text,
    operator: text,
    memo: fc.option(text, { nil: undefined }),
    refersTo: fc.option(text as fc.Arbitrary<PaymentId>, { nil: undefined }),
    paymentId: text as fc.Arbitrary<PaymentId>,
    amount: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    at: fc.maxSafeInteger(),
  });
  fc.assert(
    fc.property(some, some, (left, right) => {
      const clean = ({ memo, refersTo, ...rest }: typeof left) =>
        body({ ...rest, ...(memo === undefined ? {} : { memo }), ...(refersTo === undefined ? {} : { refersTo }) });
      const same = JSON.stringify(left, bigints) === JSON.stringify(right, bigints);
      expect(hex(clean(left)) === hex(clean(right))).toBe(same);
      expect(hex(clean(left))).toBe(hex(clean(left)));
    }),
  );
});

it('the place is part of it: number, previous, gateway and epoch', () => {
  const others: Partial<Place>[] = [
    { number: 2 as EntryNumber },
    { previous: '1'.repeat(64) as EntryHash },
    { gateway: 'gatlang' as GatewayId },
    { epoch: 'fedcba9876543210' as Epoch },
  ];
  for (const other of others) expect(hex(body({}), { ...place, ...other })).not.toBe(hex(body({})));
});

it('what is returned is the caller’s own', () => {
  const first = canonicalBytes(body({}), place);
  const copy = Buffer.from(first);
  canonicalBytes(body({ memo: 'y'.repeat(140) }), place);
  expect(Buffer.from(first)).toEqual(copy);
  expect(sealEntry(body({}), place, () => 'a'.repeat(64)).hash).toBe('a'.repeat(64));
});

const bigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value === undefined ? null : value);
