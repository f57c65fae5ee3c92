import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  kioskPaymentId,
  parseEntryHash,
  parseEntryNumber,
  parseEpoch,
  parseGatewayId,
  parsePaymentId,
  parseSessionId,
  type SessionId,
  splitKioskId,
} from './ids.ts';

it.each([
  [parseGatewayId, ['syabru', 'a1', 'a-b'], ['', 'a', 'A1', '1a', '-a', 'a_b', 'a'.repeat(32), 'ab\n']],
  [parseEpoch, ['0123456789abcdef'], ['0123456789abcde', '0123456789abcdeF', '0123456789abcdefg']],
  [parseEntryHash, ['0'.repeat(64)], ['0'.repeat(63), 'G'.repeat(64)]],
  [parsePaymentId, ['a', 'A_b:c.d-1', 'x'.repeat(64)], ['', 'x'.repeat(65), 'a b', 'ä', 'a/b']],
  [parseSessionId, ['0123456789', 'zyxwvtsrqp'], ['012345678', '012345678i', '012345678L', '012345678o', '012345678u']],
] as const)('%o takes what it should and nothing else', (parse, good, bad) => {
  for (const text of good) expect(parse(text)).toEqual({ ok: true, value: text });
  for (const text of bad) expect(parse(text)).toMatchObject({ ok: false, error: { code: 'bad-id' } });
});

it('entry numbers are whole and start at 1', () => {
  for (const value of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(parseEntryNumber(value).ok).toBe(false);
  expect(parseEntryNumber(1)).toEqual({ ok: true, value: 1 });
});

it('a kiosk’s id splits into what it was made of; any other text does not', () => {
  const session = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{10}$/);
  fc.assert(
    fc.property(session, fc.integer({ min: 1, max: 999_999_999_999_999 }), (text, counter) => {
      const id = kioskPaymentId(text as SessionId, counter);
      expect(parsePaymentId(id)).toEqual({ ok: true, value: id });
      expect(splitKioskId(id)).toEqual({ session: text, counter });
    }),
  );
  for (const text of ['0123456789.0', '0123456789.01', '0123456789.', '0123456789', '0123456789.1e3', '0123456789.1234567890123456']) {
    const id = parsePaymentId(text);
    expect(id.ok && splitKioskId(id.value)).toBeUndefined();
  }
});
