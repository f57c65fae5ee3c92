/** A lying cell: what it answers is caught by the host, whatever it is. */
import { describe, expect, it } from 'vitest';
import type { CellAccount, CellApproval, CellDecision, CellFacts, CellPayment, CellPosting } from './cell.ts';
import { cellHost } from './cell-host.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import type { PaymentManifest } from './manifest.ts';
import type { CellProgram } from './program.ts';

const MANIFEST: PaymentManifest = {
  name: 'liar',
  version: '0.1.0',
  contract: 'chautari:cell@0.1.0',
  world: 'payment-cell',
  class: 'fast',
  actions: {
    sale: { served: 'pays', legs: 1, debits: [], refunds: false },
    'top-up': { served: 'receives', legs: 2, debits: ['float'], refunds: false },
    refund: { served: 'receives', legs: 1, debits: ['takings', 'merchant'], refunds: true },
    cash: { served: 'none', legs: 1, debits: [], refunds: false },
  },
  grants: { imports: [], accounts: ['wallet', 'takings', 'merchant', 'float', 'drawer', 'sales', 'agency'] },
  budget: { fuel: 1, callDepth: 1, memoryPages: 1 },
};

type Lie = { postings: [string, bigint][]; receipt?: CellApproval['receipt'] };

function ask(changes: Partial<CellPayment>, lie: Lie, facts: CellFacts = fakeFacts(), fields: Record<string, string> = {}): CellDecision {
  const postings: CellPosting[] = lie.postings.map(([account, amount]) => ({ account, amount }));
  const approval = { postings, receipt: lie.receipt ?? [] };
  const program: CellProgram = { run: () => ({ outcome: 'returned', value: { tag: 'ok', val: approval }, fuel: 0 }) };
  const host = cellHost([{ manifest: MANIFEST, digest: '', program }]);
  return host.decide('liar', fakePayment({ account: 'wallet:W-1042', amount: 100n, ...changes }, fields), facts);
}

const W = 'wallet:W-1042';
const T = 'takings:syabru';
const HONEST: [string, bigint][] = [
  [W, 100n],
  [T, -100n],
];
const S64_MAX = 2n ** 63n - 1n;

describe('the host', () => {
  it('lets an honest approval through', () => {
    expect(ask({}, { postings: HONEST, receipt: [{ name: 'paid-to', value: 'चिया पसल' }] }).outcome).toBe('approved');
    const topUp: [string, bigint][] = [
      ['float:syabru', 100n],
      [W, -100n],
      ['drawer:syabru', 100n],
      ['agency:syabru', -100n],
    ];
    expect(ask({ action: 'top-up' }, { postings: topUp }).outcome).toBe('approved');
  });

  it.each<[string, Partial<CellPayment>, [string, bigint][], string, string]>([
    ['no postings', {}, [], 'not-balanced', 'needs postings'],
    [
      'a sum that is not zero',
      {},
      [
        [W, 100n],
        [T, -99n],
      ],
      'not-balanced',
      'the postings sum to 1, not to 0',
    ],
    ['a posting of zero', {}, [...HONEST, ['drawer:syabru', 0n]], 'not-balanced', 'zero-posting (drawer:syabru)'],
    [
      'an account twice',
      {},
      [
        [W, 50n],
        [W, 50n],
        [T, -100n],
      ],
      'not-balanced',
      'account-twice',
    ],
    [
      'a posting beyond 64 bits',
      {},
      [
        [W, S64_MAX + 1n],
        [T, -S64_MAX - 1n],
      ],
      'not-balanced',
      'posting-too-large',
    ],
    [
      'an account that is none',
      {},
      [
        [W, 100n],
        ['takings', -100n],
      ],
      'bad-answer',
      '"takings" is not an account',
    ],
    [
      'a kind that does not exist',
      {},
      [
        [W, 100n],
        ['gold:x', -100n],
      ],
      'bad-answer',
      '"gold:x"',
    ],
    [
      'a kind that is not granted',
      {},
      [
        [W, 100n],
        ['bank:nabil', -100n],
      ],
      'not-granted',
      'bank',
    ],
    [
      'somebody who has no part in it',
      {},
      [
        [W, 100n],
        ['merchant:tea', -100n],
      ],
      'outside-partition',
      'merchant:tea',
    ],
    [
      'a strange wallet that pays',
      {},
      [
        ['wallet:W-1077', 100n],
        [T, -100n],
      ],
      'outside-partition',
      'wallet:W-1077',
    ],
    [
      'a payee who is not known',
      { counterparty: 'merchant:none' },
      [
        [W, 100n],
        ['merchant:none', -100n],
      ],
      'unknown-account',
      'not known',
    ],
    [
      'a payee who is closed',
      { counterparty: 'merchant:closed' },
      [
        [W, 100n],
        ['merchant:closed', -100n],
      ],
      'unknown-account',
      'closed',
    ],
    ['another currency', { currency: 'EUR' }, HONEST, 'unknown-account', 'is kept in NPR'],
    [
      'less than was asked',
      {},
      [
        [W, 99n],
        [T, -99n],
      ],
      'wrong-amount',
      'asked was 100',
    ],
    [
      'more than was asked',
      {},
      [
        [W, 101n],
        [T, -101n],
      ],
      'wrong-amount',
      'moves by 101',
    ],
    [
      'a sale that pays the customer',
      {},
      [
        ['sales:syabru', 100n],
        [W, -100n],
      ],
      'wrong-amount',
      'must move by 100',
    ],
    [
      'a sale that leaves the customer out',
      {},
      [
        ['drawer:syabru', 100n],
        ['sales:syabru', -100n],
      ],
      'wrong-amount',
      'must move by 100',
    ],
    [
      'a top-up without its cash',
      { action: 'top-up' },
      [
        ['float:syabru', 100n],
        [W, -100n],
      ],
      'wrong-amount',
      'asked was 200',
    ],
    [
      'a payee who is made to pay',
      { counterparty: 'merchant:tea', action: 'refund', refersTo: 'p' },
      [
        ['merchant:tea', 100n],
        [W, -100n],
      ],
      'debit-not-allowed',
      'merchant:tea',
    ],
    [
      'takings that pay for a sale',
      { account: T, action: 'top-up' },
      [
        ['float:syabru', 100n],
        [T, -100n],
        [W, 100n],
        ['agency:syabru', -100n],
      ],
      'outside-partition',
      W,
    ],
    [
      'a wallet that pays where cash does',
      { action: 'cash' },
      [
        [W, 100n],
        [T, -100n],
      ],
      'debit-not-allowed',
      W,
    ],
    [
      'a float that pays for a sale',
      {},
      [
        [W, 100n],
        ['float:syabru', 100n],
        [T, -100n],
        ['sales:syabru', -100n],
      ],
      'wrong-amount',
      'asked was 100',
    ],
  ])('catches %s', (_name, changes, postings, code, detail) => {
    const decision = ask(changes, { postings }, fakeFacts({}, { p: 100n }));
    expect(decision).toMatchObject({ outcome: 'failed', fault: { code } });
    expect(decision.outcome === 'failed' ? decision.fault.detail : '').toContain(detail);
    expect(Object.keys(decision)).toEqual(['outcome', 'fault']);
  });

  it('keeps bounded positions at their floor (I6)', () => {
    const poor = (id: string) => fakeFacts({ [id]: { available: 99n } }, { p: 100n });
    expect(ask({}, { postings: HONEST }, poor(W))).toMatchObject({ fault: { code: 'below-floor' } });
    const topUp: [string, bigint][] = [
      ['float:syabru', 100n],
      [W, -100n],
      ['drawer:syabru', 100n],
      ['agency:syabru', -100n],
    ];
    expect(ask({ action: 'top-up' }, { postings: topUp }, poor('float:syabru'))).toMatchObject({ fault: { code: 'below-floor' } });
    const back: [string, bigint][] = [
      [T, 100n],
      [W, -100n],
    ];
    expect(ask({ action: 'refund', refersTo: 'p' }, { postings: back }, poor(T))).toMatchObject({ fault: { code: 'below-floor' } });
    expect(ask({ action: 'refund', refersTo: 'p' }, { postings: back }, fakeFacts({}, { p: 100n })).outcome).toBe('approved');
  });

  it('keeps what is available within 64 bits', () => {
    expect(ask({}, { postings: HONEST }, fakeFacts({ [T]: { available: S64_MAX - 99n } }))).toMatchObject({
      fault: { code: 'wrong-amount' },
    });
  });

  it('gives back no more than is left (P10), and only out of who was paid', () => {
    const refund = (postings: [string, bigint][], left: bigint, fields: Record<string, string>) =>
      ask({ action: 'refund', refersTo: 'p', account: '' }, { postings }, fakeFacts({}, { p: left }), fields);
    const original = { 'original.account': W, 'original.counterparty': 'merchant:tea' };
    expect(
      refund(
        [
          ['merchant:tea', 100n],
          [W, -100n],
        ],
        100n,
        original,
      ).outcome,
    ).toBe('approved');
    expect(
      refund(
        [
          ['merchant:tea', 100n],
          [W, -100n],
        ],
        99n,
        original,
      ),
    ).toMatchObject({ fault: { code: 'not-refundable' } });
    const other = { ...original, 'original.counterparty': '' };
    expect(
      refund(
        [
          ['merchant:tea', 100n],
          [W, -100n],
        ],
        100n,
        other,
      ),
    ).toMatchObject({ fault: { code: 'outside-partition' } });
    expect(ask({ action: 'refund' }, { postings: HONEST })).toMatchObject({ fault: { code: 'not-refundable' } });
  });

  it('lets no owned action through without a lease of its counter (P12)', () => {
    const owned = { ...MANIFEST, actions: { ...MANIFEST.actions, sale: { ...MANIFEST.actions.sale, owned: true } } } as PaymentManifest;
    const program: CellProgram = {
      run: () => ({
        outcome: 'returned',
        value: { tag: 'ok', val: { postings: HONEST.map(([account, amount]) => ({ account, amount })), receipt: [] } },
        fuel: 0,
      }),
    };
    const decide = (facts: CellFacts) =>
      cellHost([{ manifest: owned, digest: '', program }]).decide(
        owned.name,
        fakePayment({ account: W, amount: HONEST[0]?.[1] ?? 0n }),
        facts,
      );
    expect(decide(fakeFacts())).toMatchObject({ fault: { code: 'not-granted', detail: expect.stringContaining('no lease') } });
    const leased = { ...fakeFacts(), stateGet: (key: string) => (key === 'host.lease' ? Buffer.from('7') : undefined) };
    expect(decide(leased)).toMatchObject({ outcome: 'approved' });
  });

  it('bounds postings and receipt', () => {
    const many: [string, bigint][] = Array.from({ length: 33 }, (_unused, index) => [`wallet:W-${index}`, 1n]);
    expect(ask({}, { postings: many })).toMatchObject({ fault: { code: 'limit' } });
    const line = { name: 'a', value: 'b' };
    expect(ask({}, { postings: HONEST, receipt: Array.from({ length: 32 }, () => line) }).outcome).toBe('approved');
    expect(ask({}, { postings: HONEST, receipt: Array.from({ length: 33 }, () => line) })).toMatchObject({ fault: { code: 'limit' } });
    const lie = (name: string, value: string) => ask({}, { postings: HONEST, receipt: [{ name, value }] });
    expect(lie('a', 'x'.repeat(255)).outcome).toBe('approved');
    expect(lie('a', 'x'.repeat(256))).toMatchObject({ fault: { code: 'limit' } });
    for (const name of ['', 'Amount', 'a b', '-a', '1']) expect(lie(name, 'x')).toMatchObject({ fault: { code: 'bad-answer' } });
    for (const value of ['a\nb', '\u0000', '\u001b[2J', '\ud800', '\u2028'])
      expect(lie('a', value)).toMatchObject({ fault: { code: 'bad-answer' } });
  });

  it('does not take an account for another that the facts give', () => {
    const facts = fakeFacts();
    const swapped: CellFacts = { ...facts, find: (): CellAccount | undefined => facts.find('wallet:W-1077') };
    expect(ask({}, { postings: HONEST }, swapped)).toMatchObject({ fault: { code: 'unknown-account' } });
  });
});
