import { beforeAll, describe, expect, it } from 'vitest';
import type { CellDecision, CellHost, CellPayment } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ensureBuilt } from '../sdk/build-cells.ts';

const S64_MAX = 2n ** 63n - 1n;
const U64_MAX = 2n ** 64n - 1n;
const PAYER = 'wallet:W-1042';
const SALE_ID = '0123456789.9';
const ORIGINAL = { 'original.method': 'wallet', 'original.action': 'sale', 'original.account': PAYER, 'original.counterparty': '' };

let host: CellHost;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
});

type Facts = Parameters<typeof fakeFacts>;

function decide(changes: Partial<CellPayment>, fields: Record<string, string> = {}, ...facts: Facts): CellDecision {
  return host.decide('wallet', fakePayment({ account: PAYER, amount: 1_000n, ...changes }, fields), fakeFacts(...facts));
}

function refund(changes: Partial<CellPayment>, fields: Record<string, string> = {}, accounts: Facts[0] = {}): CellDecision {
  return decide({ action: 'refund', refersTo: SALE_ID, ...changes }, { ...ORIGINAL, ...fields }, accounts, { [SALE_ID]: 1_500n });
}

function declined(tag: string, detail: string, availableHere?: bigint): unknown {
  return { outcome: 'declined', decline: availableHere === undefined ? { tag, detail } : { tag, detail, availableHere } };
}

/** Postings and receipt of an approval, in a form that reads well. */
function told(decision: CellDecision): unknown {
  if (decision.outcome !== 'approved') return decision;
  const { postings, receipt } = decision.approval;
  return [
    postings.map(({ account, amount }) => `${account} ${amount}`),
    Object.fromEntries(receipt.map(({ name, value }) => [name, value])),
  ];
}

describe('every wallet payment', () => {
  const actions = ['sale', 'top-up', 'cash-out', 'transfer'];

  it.each(actions)('%s needs a wallet that is known, open and of its currency', (action) => {
    const counterparty = action === 'transfer' ? 'bank:nabil' : '';
    expect(decide({ action, counterparty, account: '' })).toEqual(declined('invalid', 'the wallet is missing: name an account'));
    expect(decide({ action, counterparty, account: 'khata:K-1' })).toEqual(declined('invalid', 'khata:K-1 is not a wallet'));
    expect(decide({ action, counterparty, account: 'wallet:W-none' })).toEqual(declined('unknown-account', 'wallet:W-none'));
    expect(decide({ action, counterparty, account: 'wallet:W-closed' })).toEqual(
      declined('not-allowed', 'the wallet wallet:W-closed is closed'),
    );
    expect(decide({ action, counterparty, account: 'wallet:W-euro' })).toEqual(
      declined('invalid', 'the wallet wallet:W-euro is kept in EUR, not in NPR'),
    );
  });

  it.each(actions)('%s holds an amount beyond 64 bits off', (action) => {
    const tooMuch = declined('invalid', 'the amount does not fit into 64 bits: ask for less');
    expect(decide({ action, amount: S64_MAX + 1n })).toEqual(tooMuch);
    expect(decide({ action, amount: U64_MAX })).toEqual(tooMuch);
  });
});

describe('a wallet sale', () => {
  it('pays the shop', () => {
    expect(told(decide({}))).toEqual([
      [`${PAYER} 1000`, 'takings:syabru -1000'],
      { account: PAYER, amount: '1000', currency: 'NPR', 'balance-here': '49000', 'paid-to': 'takings:syabru' },
    ]);
  });

  it('pays a merchant that is named, and to the last paisa', () => {
    expect(told(decide({ counterparty: 'merchant:tea', amount: 50_000n }))).toEqual([
      [`${PAYER} 50000`, 'merchant:tea -50000'],
      { account: PAYER, amount: '50000', currency: 'NPR', 'balance-here': '0', 'paid-to': 'merchant:tea' },
    ]);
    expect(decide({ counterparty: 'takings:syabru' }).outcome).toBe('approved');
  });

  it('declines more than is available here', () => {
    expect(decide({ amount: 50_001n })).toEqual(declined('not-enough', `50000 is available here in ${PAYER}`, 50_000n));
    expect(decide({ amount: S64_MAX })).toEqual(declined('not-enough', `50000 is available here in ${PAYER}`, 50_000n));
    const below = { [PAYER]: { available: -1n } };
    expect(decide({ amount: 1n }, {}, below)).toEqual(declined('not-enough', `-1 is available here in ${PAYER}`, -1n));
  });

  it('declines a payee that cannot be paid', () => {
    expect(decide({ counterparty: 'wallet:W-1077' })).toEqual(
      declined('invalid', 'wallet:W-1077 cannot be paid by a sale: name a merchant or leave it out'),
    );
    expect(decide({ counterparty: 'merchant:none' })).toEqual(declined('unknown-account', 'merchant:none'));
    expect(decide({ counterparty: 'merchant:closed' })).toEqual(declined('not-allowed', 'the payee merchant:closed is closed'));
    expect(decide({}, {}, { 'takings:syabru': { currency: 'EUR' } })).toEqual(
      declined('invalid', 'the payee takings:syabru is kept in EUR, not in NPR'),
    );
    expect(host.decide('wallet', { ...fakePayment({ account: PAYER }), fields: [] }, fakeFacts())).toEqual(
      declined('invalid', 'the payee is missing: name an account'),
    );
    expect(decide({}, {}, { 'takings:syabru': { available: S64_MAX - 999n } })).toEqual(
      declined('invalid', 'takings:syabru cannot hold so much: ask for less'),
    );
  });
});

describe('a top-up', () => {
  it('sells a part of the float for cash', () => {
    expect(told(decide({ action: 'top-up', amount: 30_000n }))).toEqual([
      ['float:syabru 30000', `${PAYER} -30000`, 'drawer:syabru 30000', 'agency:syabru -30000'],
      { account: PAYER, amount: '30000', currency: 'NPR', 'balance-here': '80000', 'cash-received': '30000' },
    ]);
  });

  it('declines beyond the float, and names it', () => {
    expect(decide({ action: 'top-up', amount: 30_001n })).toEqual(
      declined('not-enough', '30000 is available here in float:syabru', 30_000n),
    );
  });

  it('declines what 64 bits cannot hold', () => {
    const full = { [PAYER]: { available: S64_MAX - 999n }, 'float:syabru': { available: S64_MAX } };
    expect(decide({ action: 'top-up' }, {}, full)).toEqual(declined('invalid', `${PAYER} cannot hold so much: ask for less`));
    expect(decide({ action: 'top-up', amount: 999n }, {}, full).outcome).toBe('approved');
    expect(
      decide({ action: 'top-up', amount: S64_MAX }, {}, { [PAYER]: { available: 0n }, 'float:syabru': { available: S64_MAX } }).outcome,
    ).toBe('approved');
  });
});

describe('a cash-out', () => {
  it('buys the stored value back into the float', () => {
    expect(told(decide({ action: 'cash-out' }))).toEqual([
      [`${PAYER} 1000`, 'float:syabru -1000', 'agency:syabru 1000', 'drawer:syabru -1000'],
      { account: PAYER, amount: '1000', currency: 'NPR', 'balance-here': '49000', 'cash-handed': '1000' },
    ]);
  });

  it('declines more than the wallet has, and a float that is full', () => {
    expect(decide({ action: 'cash-out', amount: 50_001n })).toEqual(declined('not-enough', `50000 is available here in ${PAYER}`, 50_000n));
    expect(decide({ action: 'cash-out' }, {}, { 'float:syabru': { available: S64_MAX } })).toEqual(
      declined('invalid', 'float:syabru cannot hold so much: ask for less'),
    );
  });
});

describe.each(['top-up', 'cash-out'])('a %s', (action) => {
  it.each([
    ['float', 'float'],
    ['drawer', 'drawer'],
    ['agency', 'agency account'],
  ])('needs the %s of the site', (role, name) => {
    const id = `${role}:syabru`;
    expect(decide({ action }, {}, { [id]: undefined })).toEqual(declined('unknown-account', id));
    expect(decide({ action }, {}, { [id]: { open: false } })).toEqual(declined('not-allowed', `the ${name} ${id} is closed`));
    expect(decide({ action }, {}, { [id]: { currency: 'EUR' } })).toEqual(
      declined('invalid', `the ${name} ${id} is kept in EUR, not in NPR`),
    );
  });
});

describe('a transfer', () => {
  it('goes to another wallet or to a bank', () => {
    expect(told(decide({ action: 'transfer', counterparty: 'wallet:W-1077' }))).toEqual([
      [`${PAYER} 1000`, 'wallet:W-1077 -1000'],
      { account: PAYER, amount: '1000', currency: 'NPR', 'balance-here': '49000', 'paid-to': 'wallet:W-1077' },
    ]);
    expect(decide({ action: 'transfer', counterparty: 'bank:nabil' }).outcome).toBe('approved');
  });

  it('declines a payee that cannot receive it', () => {
    const to = (counterparty: string, accounts: Facts[0] = {}) => decide({ action: 'transfer', counterparty }, {}, accounts);
    expect(to('')).toEqual(declined('invalid', 'the payee is missing: name an account'));
    expect(to(PAYER)).toEqual(declined('invalid', 'a transfer needs another account than the payer'));
    expect(to('merchant:tea')).toEqual(declined('invalid', 'merchant:tea cannot receive a transfer: name a wallet or a bank account'));
    expect(to('khata:K-1')).toMatchObject({ decline: { tag: 'invalid' } });
    expect(to('wallet:W-none')).toEqual(declined('unknown-account', 'wallet:W-none'));
    expect(to('bank:none')).toEqual(declined('unknown-account', 'bank:none'));
    expect(to('wallet:W-closed')).toEqual(declined('not-allowed', 'the payee wallet:W-closed is closed'));
    expect(to('wallet:W-euro')).toEqual(declined('invalid', 'the payee wallet:W-euro is kept in EUR, not in NPR'));
    expect(to('wallet:W-1077', { 'wallet:W-1077': { available: S64_MAX } })).toMatchObject({ decline: { tag: 'invalid' } });
    expect(decide({ action: 'transfer', counterparty: 'bank:nabil', amount: 50_001n })).toEqual(
      declined('not-enough', `50000 is available here in ${PAYER}`, 50_000n),
    );
  });
});

describe('a refund of a wallet sale', () => {
  it('takes from the shop and gives back to the wallet', () => {
    const wanted = [
      ['takings:syabru 1000', `${PAYER} -1000`],
      {
        account: PAYER,
        amount: '1000',
        currency: 'NPR',
        'balance-here': '51000',
        'paid-from': 'takings:syabru',
        'refers-to': SALE_ID,
        'refundable-after': '500',
      },
    ];
    expect(told(refund({}))).toEqual(wanted);
    expect(told(refund({ account: '' }))).toEqual(wanted);
    expect(told(refund({}, { 'original.counterparty': 'takings:syabru' }))).toEqual(wanted);
  });

  it('takes from the merchant who was paid, and to the last paisa', () => {
    expect(told(refund({ amount: 700n }, { 'original.counterparty': 'merchant:tea' }))).toMatchObject([
      ['merchant:tea 700', `${PAYER} -700`],
      { 'paid-from': 'merchant:tea', 'refundable-after': '800' },
    ]);
    expect(refund({ amount: 701n }, { 'original.counterparty': 'merchant:tea' })).toEqual(
      declined('not-enough', '700 is available here in merchant:tea', 700n),
    );
  });

  it('declines what was not a wallet sale, another wallet, and more than is left', () => {
    expect(refund({ refersTo: undefined })).toEqual(declined('invalid', 'refers-to is missing: name the payment to refund'));
    expect(decide({ action: 'refund', refersTo: 'x' })).toEqual(declined('invalid', 'the payment x is not known here'));
    const notSale = declined('not-allowed', `the payment ${SALE_ID} is not a wallet sale`);
    expect(refund({}, { 'original.method': 'cash' })).toEqual(notSale);
    expect(refund({}, { 'original.action': 'transfer' })).toEqual(notSale);
    expect(refund({ account: 'wallet:W-1077' })).toEqual(declined('not-allowed', `a refund goes to the wallet that paid: ${PAYER}`));
    expect(refund({ amount: 1_501n })).toEqual(declined('not-allowed', `only 1500 of the payment ${SALE_ID} can still be refunded`));
    const strange = declined('invalid', `the payment ${SALE_ID} cannot be refunded from what is known of it`);
    expect(refund({}, { 'original.counterparty': PAYER })).toEqual(strange);
    expect(refund({ account: '' }, { 'original.account': 'float:syabru' })).toEqual(strange);
    const lost = { ...fakePayment({ account: PAYER, action: 'refund', refersTo: SALE_ID, amount: 1n }), fields: [] };
    const said = Object.entries({ ...ORIGINAL }).map(([name, value]) => ({ name, value }));
    const facts = fakeFacts({}, { [SALE_ID]: 1n });
    expect(host.decide('wallet', { ...lost, fields: said }, facts)).toEqual(declined('invalid', 'the payee is missing: name an account'));
    const nobody = said.filter(({ name }) => name !== 'original.account');
    expect(host.decide('wallet', { ...lost, fields: nobody }, facts)).toEqual(
      declined('invalid', 'the wallet that paid is not known here'),
    );
    expect(refund({ amount: U64_MAX })).toMatchObject({ decline: { tag: 'invalid' } });
  });

  it('declines where an account of the original is not usable any more', () => {
    expect(refund({}, {}, { [PAYER]: undefined })).toEqual(declined('unknown-account', PAYER));
    expect(refund({}, {}, { [PAYER]: { open: false } })).toEqual(declined('not-allowed', `the wallet ${PAYER} is closed`));
    expect(refund({}, {}, { 'takings:syabru': { open: false } })).toEqual(declined('not-allowed', 'the payee takings:syabru is closed'));
    expect(refund({ currency: 'EUR' })).toEqual(declined('invalid', `the wallet ${PAYER} is kept in NPR, not in EUR`));
    expect(refund({}, {}, { 'takings:syabru': { available: 999n } })).toEqual(
      declined('not-enough', '999 is available here in takings:syabru', 999n),
    );
    expect(refund({}, {}, { [PAYER]: { available: S64_MAX } })).toMatchObject({ decline: { tag: 'invalid' } });
  });
});
