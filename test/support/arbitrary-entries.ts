/** Arbitrary well-formed entries for property tests: every member over its whole range, 64-bit extremes and odd names included. */
import fc from 'fast-check';
import { type AccountId, accountKinds } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody } from '../../ledger-sync/ledger/entry.ts';
import type { Epoch, GatewayId, PaymentId } from '../../ledger-sync/ledger/ids.ts';
import { append, EMPTY_HEAD, type Head, headOf, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { type Currency, fitsMinor, knownCurrencies, MAX_MINOR, MIN_MINOR } from '../../ledger-sync/ledger/money.ts';
import { type Balanced, balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';

const minor = fc.oneof(
  fc.bigInt({ min: 1n, max: 100_000n }),
  fc.bigInt({ min: MIN_MINOR, max: MAX_MINOR }),
  fc.constantFrom(0n, 1n, MAX_MINOR, MIN_MINOR, 2n ** 53n, 2n ** 53n - 1n, -1n, 10n ** 18n),
);
const accountName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._-]{1,48}$/),
  fc.stringMatching(/^W-[0-9]{1,16}$/),
  fc.stringMatching(/^[0-9]{1,48}$/),
  fc.constantFrom('syabru', '0', '00', '0007', 'W-007', 'W-7'),
);
const account = fc.tuple(fc.constantFrom(...accountKinds()), accountName).map(([kind, name]) => `${kind}:${name}` as AccountId);
const session = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{10}$/);
const kioskId = fc
  .tuple(
    fc.oneof(fc.constantFrom('0000000000', 'zzzzzzzzzz'), session),
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 999_999_999_999_999 })),
  )
  .map(([name, counter]) => `${name}.${counter}`);
const paymentId = fc.oneof(kioskId, fc.stringMatching(/^[A-Za-z0-9_:.-]{1,64}$/)).map((id) => id as PaymentId);
const label = fc.oneof(
  fc.constantFrom('', 'cash', 'wallet', 'sale', 'refund', 'top-up', 'open'),
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.length <= 64),
);
const memo = fc.string({ unit: 'binary', maxLength: 70 });
const at = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  fc.integer({ min: 1_800_000_000, max: 1_800_100_000 }).map((second) => second * 1000),
);

const postings = (own: AccountId, amount: bigint): fc.Arbitrary<Balanced> =>
  fc
    .tuple(
      fc.uniqueArray(fc.oneof(fc.constant(own), account), { minLength: 2, maxLength: 6 }),
      fc.array(fc.oneof(fc.constant(amount), fc.constant(-amount), minor), { minLength: 5, maxLength: 5 }),
    )
    .map(([accounts, amounts]) => {
      const lines: Posting[] = [];
      let sum = 0n;
      accounts.forEach((named, index) => {
        const drawn = amounts[index] ?? 1n;
        const value = index === accounts.length - 1 ? -sum : drawn === 0n || !fitsMinor(-drawn) || !fitsMinor(sum + drawn) ? 1n : drawn;
        lines.push({ account: named, amount: value });
        sum += value;
      });
      const balanced = balance(lines);
      return balanced.ok ? balanced.value : ([] as unknown as Balanced);
    });

export const arbitraryBody: fc.Arbitrary<EntryBody> = fc.tuple(account, minor).chain(([own, amount]) =>
  fc
    .record({
      method: label,
      action: label,
      paymentId,
      refersTo: fc.option(paymentId, { nil: undefined }),
      currency: fc.constantFrom(...knownCurrencies()).map((code) => code as Currency),
      postings: postings(own, amount),
      operator: label,
      usesSession: fc.boolean(),
      memo: fc.option(memo, { nil: undefined }),
      at,
    })
    .map(({ refersTo, memo: text, usesSession, operator, ...rest }) => ({
      ...rest,
      account: own,
      amount,
      operator: usesSession ? (rest.paymentId.split('.')[0] as string) : operator,
      ...(refersTo === undefined ? {} : { refersTo }),
      ...(text === undefined ? {} : { memo: text }),
    })),
);

export const SAMPLE_NAME: JournalName = { gateway: 'syabru' as GatewayId, epoch: '5e1f00c0ffee4a11' as Epoch };

/** Chains bodies into a journal, from `head` on. */
export function chain(bodies: readonly EntryBody[], head: Head = EMPTY_HEAD, name: JournalName = SAMPLE_NAME): readonly Entry[] {
  const entries: Entry[] = [];
  let last = head;
  for (const body of bodies) {
    const entry = append(name, last, body, sha256Hex);
    entries.push(entry);
    last = headOf(entry);
  }
  return entries;
}
