/** Random values of the ledger, and random payments of a small site, for property tests. */
import fc from 'fast-check';
import type { AccountId } from '../../../ledger-sync/ledger/account.ts';
import type { EntryBody } from '../../../ledger-sync/ledger/entry.ts';
import type { PaymentId } from '../../../ledger-sync/ledger/ids.ts';
import type { Currency } from '../../../ledger-sync/ledger/money.ts';
import { balance, type Posting } from '../../../ledger-sync/ledger/posting.ts';
import { must } from '../../../ledger-sync/ledger/result.ts';

export const account = (text: string): AccountId => text as AccountId;
export const NPR = 'NPR' as Currency;

export const body = (changes: Partial<EntryBody> & { lines?: readonly (readonly [string, bigint])[] }): EntryBody => {
  const { lines, ...members } = changes;
  const postings: Posting[] = (
    lines ?? [
      ['drawer:syabru', 100n],
      ['sales:syabru', -100n],
    ]
  ).map(([id, amount]) => ({ account: account(id), amount }));
  return {
    method: 'cash',
    action: 'sale',
    paymentId: '0123456789.1' as PaymentId,
    account: account('drawer:syabru'),
    amount: 100n,
    currency: NPR,
    operator: '0123456789',
    at: 1_716_800_000_000,
    postings: must(balance(postings), 'the lines of a test'),
    ...members,
  };
};

const khatas = ['khata:A', 'khata:B'] as const;
const wallets = ['wallet:A', 'wallet:B', 'wallet:C'] as const;

const WISHES = [
  ...(['open', 'cash sale', 'wallet sale', 'top-up', 'cash-out', 'transfer', 'refund', 'reversal'] as const),
  ...(['open khata', 'khata sale', 'repayment', 'limit-raise', 'limit-lower'] as const),
];

/** What somebody wants; `draft` makes an entry of it, allowed or not. */
export type Wish = {
  readonly kind: (typeof WISHES)[number];
  readonly khata: (typeof khatas)[number];
  readonly wallet: (typeof wallets)[number];
  readonly other: (typeof wallets)[number];
  readonly amount: bigint;
  /** Which earlier payment a refund or reversal is about. */
  readonly pick: number;
};

export const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...WISHES),
  khata: fc.constantFrom(...khatas),
  wallet: fc.constantFrom(...wallets),
  other: fc.constantFrom(...wallets),
  amount: fc.bigInt({ min: 1n, max: 400n }),
  pick: fc.nat(40),
});

const swap = (from: string, to: string, amount: bigint) =>
  [
    [from, amount],
    [to, -amount],
  ] as const;

/** The entry that a wish would become, or nothing where its lines do not make one. */
export function draft(wanted: Wish, index: number, earlier: readonly EntryBody[]): EntryBody | undefined {
  const { kind, wallet, other, amount } = wanted;
  const common = { paymentId: `0123456789.${index}` as PaymentId, amount, account: account(wallet), method: 'wallet', at: index };
  switch (kind) {
    case 'open':
      return body({ ...common, method: 'journal', action: 'open', lines: swap('opening:syabru', wallet, amount) });
    case 'cash sale':
      return body({ ...common, method: 'cash', account: account('drawer:syabru'), lines: swap('drawer:syabru', 'sales:syabru', amount) });
    case 'wallet sale':
      return body({ ...common, lines: swap(wallet, 'takings:syabru', amount) });
    case 'top-up':
      return body({
        ...common,
        action: 'top-up',
        lines: [...swap('float:syabru', wallet, amount), ...swap('drawer:syabru', 'agency:syabru', amount)],
      });
    case 'cash-out':
      return body({
        ...common,
        action: 'cash-out',
        lines: [...swap(wallet, 'float:syabru', amount), ...swap('agency:syabru', 'drawer:syabru', amount)],
      });
    case 'transfer':
      return wallet === other ? undefined : body({ ...common, action: 'transfer', lines: swap(wallet, other, amount) });
    case 'open khata':
      return body({ ...common, method: 'journal', action: 'open', account: account(wanted.khata), lines: [] });
    case 'limit-raise':
    case 'limit-lower':
      return body({ ...common, method: 'journal', action: kind, account: account(wanted.khata), lines: [] });
    case 'khata sale':
      return body({ ...common, method: 'khata', account: account(wanted.khata), lines: swap(wanted.khata, 'sales:syabru', amount) });
    case 'repayment':
      return body({
        ...common,
        method: 'khata',
        action: 'repayment',
        account: account(wanted.khata),
        lines: swap('drawer:syabru', wanted.khata, amount),
      });
    case 'refund':
    case 'reversal': {
      const original = earlier[wanted.pick % Math.max(earlier.length, 1)];
      if (original === undefined) return undefined;
      const given = kind === 'reversal' ? original.amount : amount;
      const lines = original.postings.map(({ account: id, amount: line }) => [id, line > 0n ? -given : given] as const);
      if (lines.length !== 2 && kind === 'refund') return undefined;
      return body({
        ...common,
        method: original.method,
        action: kind,
        account: original.account,
        amount: given,
        refersTo: original.paymentId,
        lines,
      });
    }
  }
}
