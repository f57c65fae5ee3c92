import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AccountId,
  accountKinds,
  available,
  isBounded,
  isIssued,
  kindOf,
  lowersAvailable,
  nameOf,
  parseAccountId,
  siteAccounts,
} from './account.ts';

const anyAccount = fc.tuple(fc.constantFrom(...accountKinds()), fc.stringMatching(/^[A-Za-z0-9._-]{1,48}$/));

it('an id is its kind and its name', () => {
  fc.assert(
    fc.property(anyAccount, ([kind, name]) => {
      const parsed = parseAccountId(`${kind}:${name}`);
      expect(parsed).toMatchObject({ ok: true });
      if (parsed.ok) expect([kindOf(parsed.value), nameOf(parsed.value)]).toEqual([kind, name]);
    }),
  );
});

it.each([
  '',
  'wallet',
  'wallet:',
  ':W',
  'purse:W',
  'constructor:W',
  'toString:x',
  '__proto__:x',
  'wallet:W:1',
  'wallet:W 1',
  'wallet:पैसा',
  `wallet:${'W'.repeat(49)}`,
])('%j is no account', (text) => {
  expect(parseAccountId(text).ok).toBe(false);
});

it('available falls exactly where a posting is said to lower it (P1)', () => {
  fc.assert(
    fc.property(
      anyAccount,
      fc.bigInt(-1000n, 1000n),
      fc.bigInt(-1000n, 1000n),
      fc.bigInt(-1000n, 0n),
      ([kind, name], before, amount, floor) => {
        fc.pre(amount !== 0n);
        const id = `${kind}:${name}` as AccountId;
        const falls = available(id, before + amount, floor) < available(id, before, floor);
        expect(lowersAvailable(id, amount)).toBe(falls);
      },
    ),
  );
});

it('every issued kind is bounded, and a site’s accounts are parsable', () => {
  for (const kind of accountKinds()) if (isIssued(`${kind}:x` as AccountId)) expect(isBounded(`${kind}:x` as AccountId)).toBe(true);
  for (const id of Object.values(siteAccounts('syabru'))) expect(parseAccountId(id)).toEqual({ ok: true, value: id });
});
