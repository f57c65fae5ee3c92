/** Whatever is asked on whatever facts, the shipped cells approve or decline: they never trap, and never lie to the host. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { available, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import type { CellDecision, CellHost, CellPayment } from './cell.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { loadCells } from './load-cells.ts';

const S64_MAX = 2n ** 63n - 1n;
const IDS = [
  'wallet:A',
  'wallet:B',
  'merchant:M',
  'bank:B',
  'takings:syabru',
  'float:syabru',
  'drawer:syabru',
  'sales:syabru',
  'agency:syabru',
  'khata:K',
  'voucher:V',
];

const OWN: Readonly<Record<string, string>> = { wallet: 'wallet:A', khata: 'khata:K', voucher: 'voucher:V' };

/** Edge bias would draw the rare value far too often. */
function mostly<T>(usual: T, rare: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 39, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });
}

const amounts = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 700n }) },
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
  fc.constantFrom(1n, S64_MAX - 1n, S64_MAX, S64_MAX + 1n, 2n ** 64n - 1n),
);
const availables = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 500n, max: 1_000n }) },
  fc.bigInt({ min: -(2n ** 63n), max: S64_MAX }),
  fc.constantFrom(-(2n ** 63n), -1n, 0n, S64_MAX),
);
const accounts = fc.record(
  Object.fromEntries(
    IDS.map((id) => [
      id,
      fc.option(
        fc.record({
          available: availables,
          limit: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2_000n }), fc.constantFrom(1n, S64_MAX)),
          open: mostly(true, false),
          currency: mostly('NPR', 'EUR'),
        }),
        { nil: undefined, freq: 12 },
      ),
    ]),
  ),
);
const someone = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom(...IDS) },
  fc.string({ maxLength: 64, unit: 'grapheme' }).filter((text) => text.length <= 64),
);
const asked = fc.record({
  method: fc.constantFrom('cash', 'wallet', 'wallet', 'wallet', 'khata', 'khata', 'voucher', 'voucher'),
  action: fc.constantFrom('sale', 'sale', 'top-up', 'cash-out', 'transfer', 'refund', 'repayment', 'issue'),
  /** The account of the method's own kind, or any. */
  account: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: someone }),
  counterparty: someone,
  amount: amounts,
  refersTo: fc.option(fc.constantFrom('p.1', ''), { nil: undefined, freq: 6 }),
  left: fc.oneof(fc.constant(1_000n), amounts, fc.constant(0n)),
  original: fc.option(
    fc.record({
      method: fc.constantFrom('cash', 'wallet', 'khata', 'voucher'),
      action: fc.constantFrom('sale', 'top-up'),
      account: someone,
      counterparty: someone,
    }),
    { nil: undefined, freq: 9 },
  ),
  tendered: fc.option(fc.oneof(amounts.map(String), fc.string({ maxLength: 30 })), { nil: undefined }),
});

/** What the postings of an approval do to what is available of each account. */
function change(decision: CellDecision): Map<string, bigint> {
  const changes = new Map<string, bigint>();
  if (decision.outcome !== 'approved') return changes;
  for (const { account, amount } of decision.approval.postings) {
    changes.set(account, available(must(parseAccountId(account), account), amount, 0n));
  }
  return changes;
}

describe('the shipped cells', () => {
  let host: CellHost;
  beforeAll(async () => {
    host = loadCells(await ensureBuilt());
  });

  it('approve or decline, twice the same, and say in the receipt what the postings do', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(asked, accounts, (request, rows) => {
        const fields: Record<string, string> = {};
        if (request.tendered !== undefined) fields.tendered = request.tendered;
        for (const [name, value] of Object.entries(request.original ?? {})) fields[`original.${name}`] = value;
        const changes: Partial<CellPayment> = {
          action: request.action,
          account: request.account ?? OWN[request.method] ?? '',
          counterparty: request.counterparty,
          amount: request.amount,
        };
        if (request.refersTo !== undefined) changes.refersTo = request.refersTo;
        if (!host.methods().some(({ method, actions }) => method === request.method && actions.includes(request.action))) return;
        const facts = fakeFacts(rows, { 'p.1': request.left });
        const decision = host.decide(request.method, fakePayment(changes, fields), facts);
        expect(decision).toEqual(host.decide(request.method, fakePayment(changes, fields), facts));
        expect(decision).not.toHaveProperty('fault');
        outcomes.set(decision.outcome, (outcomes.get(decision.outcome) ?? 0) + 1);
        if (decision.outcome !== 'approved') return;
        const receipt = new Map(decision.approval.receipt.map(({ name, value }) => [name, value]));
        expect(receipt.get('amount')).toBe(request.amount.toString());
        const account = receipt.get('account');
        if (account === undefined) return;
        const after = (rows[account]?.available ?? 0n) + (change(decision).get(account) ?? 0n);
        expect(receipt.get(request.method === 'khata' ? 'credit-left' : 'balance-here')).toBe(after.toString());
        if (request.method !== 'khata') return;
        const owed = (rows[account]?.limit ?? 0n) - after;
        expect(BigInt(receipt.get('owed-after') ?? '-1') - BigInt(receipt.get('paid-ahead') ?? '0')).toBe(owed);
      }),
      { numRuns: 1_000 },
    );
    // The generators must reach both answers often, or the property says little.
    expect(outcomes.get('approved')).toBeGreaterThan(50);
    expect(outcomes.get('declined')).toBeGreaterThan(50);
  });
});
