import { beforeEach, describe, expect, it } from 'vitest';
import { account, body } from '../../test/support/ledger/arbitrary.ts';
import { floorAfter, isPayment, openedFloor } from './limit.ts';
import { MAX_MINOR, MIN_MINOR } from './money.ts';
import { type Positions, sitePositions } from './position.ts';
import { ruleFaults } from './rules.ts';

const KHATA = account('khata:K');
const entry = (action: string, amount: bigint, id = KHATA, lines: readonly (readonly [string, bigint])[] = []) =>
  body({ method: 'journal', action, account: id, amount, lines });
const owes = (amount: bigint) =>
  body({
    method: 'khata',
    account: KHATA,
    amount,
    lines: [
      ['khata:K', amount],
      ['sales:syabru', -amount],
    ],
  });

let facts: Positions;
const codes = (asked: ReturnType<typeof body>): string[] => ruleFaults(asked, facts).map(({ code }) => code);
const take = (asked: ReturnType<typeof body>): void => {
  expect(codes(asked)).toEqual([]);
  facts.apply(asked);
};
beforeEach(() => {
  facts = sitePositions('syabru', 'NPR');
});

describe('P9: the limit of a khata is told by entries', () => {
  it('opens with its limit, with none, or with what was paid ahead', () => {
    take(entry('open', 500n));
    expect(facts.account(KHATA)).toMatchObject({ floor: -500n });
    take(entry('open', 0n, account('khata:none')));
    expect(facts.account(account('khata:none'))).toMatchObject({ floor: 0n });
    take(
      entry('open', 70n, account('khata:ahead'), [
        ['opening:syabru', 70n],
        ['khata:ahead', -70n],
      ]),
    );
    expect(facts.account(account('khata:ahead'))).toMatchObject({ floor: 0n });
    expect(codes(entry('open', 500n, account('wallet:W')))).toEqual(['bad-opening']);
  });

  it('is raised, and lowered down to what is owed', () => {
    take(entry('open', 500n));
    take(owes(400n));
    expect(codes(owes(200n))).toEqual(['below-floor']);
    take(entry('limit-raise', 100n));
    take(owes(200n));
    expect(ruleFaults(entry('limit-lower', 1n), facts)).toEqual([{ code: 'bad-limit', rule: 'P9', account: KHATA, available: 0n }]);
    take(
      body({
        method: 'khata',
        action: 'repayment',
        account: KHATA,
        amount: 600n,
        lines: [
          ['drawer:syabru', 600n],
          ['khata:K', -600n],
        ],
      }),
    );
    take(entry('limit-lower', 600n));
    expect(facts.account(KHATA)).toMatchObject({ floor: 0n });
    expect(codes(entry('limit-lower', 1n))).toEqual(['bad-limit']);
  });

  it('credit that was paid ahead is no limit', () => {
    take(
      entry('open', 70n, KHATA, [
        ['opening:syabru', 70n],
        ['khata:K', -70n],
      ]),
    );
    expect(codes(entry('limit-lower', 1n))).toEqual(['bad-limit']);
    take(owes(70n));
    expect(codes(owes(1n))).toEqual(['below-floor']);
  });

  it('moves nothing, belongs to a khata that is there, and stays within 64 bits', () => {
    expect(codes(entry('limit-raise', 1n))).toEqual(['unknown-account']);
    take(entry('open', 500n));
    facts.addAccount({ id: account('wallet:W'), currency: 'NPR', floor: 0n, open: true });
    facts.addAccount({ id: account('khata:closed'), currency: 'NPR', floor: 0n, open: false });
    facts.addAccount({ id: account('khata:euro'), currency: 'EUR', floor: 0n, open: true });
    expect(codes(entry('limit-raise', 1n, account('wallet:W')))).toEqual(['bad-limit']);
    expect(codes(entry('limit-raise', 1n, account('khata:closed')))).toEqual(['closed-account']);
    expect(codes(entry('limit-raise', 1n, account('khata:euro')))).toEqual(['other-currency']);
    expect(codes(entry('limit-raise', 0n))).toEqual(['bad-limit']);
    expect(codes(entry('limit-lower', -5n))).toEqual(['bad-limit']);
    expect(codes(entry('limit-raise', MAX_MINOR))).toEqual(['bad-limit']);
    const moves = [
      ['drawer:syabru', 1n],
      ['khata:K', -1n],
    ] as const;
    expect(codes(entry('limit-raise', 1n, KHATA, moves))).toEqual(['bad-limit']);
  });
});

it('a floor never leaves its range, whatever an entry says', () => {
  expect(floorAfter(entry('limit-lower', 9n), -5n)).toBe(0n);
  expect(floorAfter(entry('limit-raise', MAX_MINOR), -5n)).toBe(MIN_MINOR);
  expect(floorAfter(entry('sale', 9n), -5n)).toBe(-5n);
  expect(floorAfter(entry('limit-raise', 9n, account('wallet:W')), 0n)).toBe(0n);
  expect(openedFloor(entry('open', -9n))).toBe(0n);
});

it('an opening and a limit are no payments', () => {
  expect(['open', 'limit-raise', 'limit-lower', 'sale', 'reversal'].map(isPayment)).toEqual([false, false, false, true, true]);
});
