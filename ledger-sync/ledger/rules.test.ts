import { beforeEach, describe, expect, it } from 'vitest';
import { account, body } from '../../test/support/ledger/arbitrary.ts';
import type { PaymentId } from './ids.ts';
import { MAX_MINOR } from './money.ts';
import { type Positions, sitePositions } from './position.ts';
import { remainingChange, ruleFaults } from './rules.ts';

let facts: Positions;
const codes = (changes: Parameters<typeof body>[0]): string[] => ruleFaults(body(changes), facts).map(({ code }) => code);
const id = (text: string): PaymentId => text as PaymentId;
const sale = (amount: bigint, payment = 's.1') =>
  body({
    paymentId: id(payment),
    method: 'wallet',
    account: account('wallet:A'),
    amount,
    lines: [
      ['wallet:A', amount],
      ['takings:syabru', -amount],
    ],
  });

beforeEach(() => {
  facts = sitePositions('syabru', 'NPR');
  facts.apply(
    body({
      paymentId: id('o.1'),
      action: 'open',
      account: account('wallet:A'),
      amount: 500n,
      lines: [
        ['opening:syabru', 500n],
        ['wallet:A', -500n],
      ],
    }),
  );
  facts.addAccount({ id: account('khata:K'), currency: 'NPR', floor: -200n, open: true });
  facts.addAccount({ id: account('wallet:closed'), currency: 'NPR', floor: 0n, open: false });
  facts.addAccount({ id: account('wallet:euro'), currency: 'EUR', floor: 0n, open: true });
  facts.addAccount({ id: account('bank:nabil'), currency: 'NPR', floor: 0n, open: true });
});

describe('P9: positions and floors', () => {
  it('a wallet may spend what it has here, and not one more', () => {
    expect(ruleFaults(sale(500n), facts)).toEqual([]);
    expect(ruleFaults(sale(501n), facts)).toEqual([{ code: 'below-floor', rule: 'P9', account: 'wallet:A', available: 500n }]);
  });

  it('credit goes down to its limit', () => {
    const lines = (amount: bigint) =>
      [
        ['khata:K', amount],
        ['sales:syabru', -amount],
      ] as const;
    expect(codes({ amount: 200n, lines: lines(200n) })).toEqual([]);
    expect(codes({ amount: 201n, lines: lines(201n) })).toEqual(['below-floor']);
  });

  it('unknown, closed and foreign accounts are named', () => {
    expect(
      codes({
        lines: [
          ['drawer:syabru', 1n],
          ['sales:gatlang', -1n],
        ],
      }),
    ).toEqual(['unknown-account']);
    expect(
      codes({
        lines: [
          ['wallet:A', 1n],
          ['wallet:closed', -1n],
        ],
      }),
    ).toEqual(['closed-account']);
    expect(
      codes({
        lines: [
          ['wallet:A', 1n],
          ['wallet:euro', -1n],
        ],
      }),
    ).toEqual(['other-currency']);
  });

  it('a balance stays within 64 bits', () => {
    facts.apply(
      body({
        lines: [
          ['drawer:syabru', MAX_MINOR],
          ['sales:syabru', -MAX_MINOR],
        ],
      }),
    );
    expect(
      codes({
        amount: 1n,
        lines: [
          ['drawer:syabru', 1n],
          ['sales:syabru', -1n],
        ],
      }),
    ).toEqual(['balance-too-large']);
  });
});

describe('P1: issued money comes from issued money', () => {
  it('it may leave, never appear', () => {
    expect(
      codes({
        lines: [
          ['wallet:A', 100n],
          ['bank:nabil', -100n],
        ],
      }),
    ).toEqual([]);
    expect(
      codes({
        lines: [
          ['drawer:syabru', 100n],
          ['wallet:A', -100n],
        ],
      }),
    ).toEqual(['not-funded']);
    expect(
      codes({
        lines: [
          ['khata:K', 100n],
          ['wallet:A', -100n],
        ],
      }),
    ).toEqual(['not-funded']);
  });

  it('an opening is from the opening account, of an account that is not there yet, and of its whole amount', () => {
    const open = { action: 'open', account: account('wallet:N'), amount: 5n } as const;
    expect(
      codes({
        ...open,
        lines: [
          ['opening:syabru', 5n],
          ['wallet:N', -5n],
        ],
      }),
    ).toEqual([]);
    expect(codes({ ...open, amount: 0n, lines: [] })).toEqual([]);
    expect(codes({ ...open, lines: [] })).toEqual(['bad-opening']);
    expect(
      codes({
        ...open,
        lines: [
          ['drawer:syabru', 5n],
          ['wallet:N', -5n],
        ],
      }),
    ).toEqual(['bad-opening']);
    expect(
      codes({
        ...open,
        lines: [
          ['opening:syabru', 5n],
          ['wallet:A', -5n],
        ],
      }),
    ).toEqual(['bad-opening']);
    expect(
      codes({
        ...open,
        amount: 6n,
        lines: [
          ['opening:syabru', 5n],
          ['wallet:N', -5n],
        ],
      }),
    ).toEqual(['bad-opening']);
    expect(
      codes({
        ...open,
        account: account('wallet:A'),
        lines: [
          ['opening:syabru', 5n],
          ['wallet:A', -5n],
        ],
      }),
    ).toEqual(['bad-opening']);
    expect(
      codes({
        ...open,
        account: account('bank:x'),
        lines: [
          ['opening:syabru', 5n],
          ['bank:x', -5n],
        ],
      }),
    ).toEqual(['bad-opening']);
  });

  it('a site’s accounts are opened in its own journal', () => {
    const open = { action: 'open', amount: 0n, lines: [] } as const;
    expect(codes({ ...open, account: account('float:syabru') })).toEqual([]);
    for (const other of ['float:gatlang', 'drawer:gatlang', 'takings:gatlang', 'opening:gatlang']) {
      expect(codes({ ...open, account: account(other) })).toEqual(['bad-opening']);
    }
  });

  it('an opening may not take from another site’s opening account', () => {
    expect(
      codes({
        action: 'open',
        account: account('wallet:N'),
        amount: 5n,
        lines: [
          ['opening:gatlang', 5n],
          ['wallet:N', -5n],
        ],
      }),
    ).toEqual(['unknown-account']);
  });
});

describe('P10: what can be given back', () => {
  const refund = (amount: bigint, of: string | undefined = 's.1') => ({
    action: 'refund',
    amount,
    ...(of === undefined ? {} : { refersTo: id(of) }),
    lines: [
      ['takings:syabru', amount],
      ['wallet:A', -amount],
    ] as const,
  });
  beforeEach(() => facts.apply(sale(300n)));

  it('up to what remains, once', () => {
    expect(codes(refund(300n))).toEqual([]);
    facts.apply(body(refund(200n)));
    expect(codes(refund(100n))).toEqual([]);
    expect(codes(refund(101n))).toContain('not-refundable');
    expect(codes({ ...refund(300n), action: 'reversal' })).toContain('not-refundable');
  });

  it('more than nothing: less would make more to be given back', () => {
    expect(codes(refund(-100n))).toContain('not-refundable');
    expect(codes({ ...refund(1n), amount: 0n })).toContain('not-refundable');
  });

  it('only a sale is refunded; a payment that is not here cannot be', () => {
    expect(codes(refund(1n, 'nobody.1'))).toEqual(['unknown-payment']);
    expect(codes({ ...refund(1n), refersTo: undefined } as never)).toEqual(['unknown-payment']);
    expect(codes(refund(1n, 'o.1'))).toEqual(['unknown-payment']);
    facts.apply({ ...sale(100n, 't.1'), action: 'cash-out' });
    expect(codes(refund(1n, 't.1'))).toEqual(['not-refundable']);
  });

  it('each action opens, lowers or leaves what remains', () => {
    expect(remainingChange(sale(5n))).toEqual({ kind: 'opens', payment: 's.1', amount: 5n });
    expect(remainingChange(body(refund(5n)))).toEqual({ kind: 'lowers', payment: 's.1', by: 5n });
    expect(remainingChange(body({ action: 'open', amount: 0n, lines: [] }))).toBeUndefined();
  });
});
