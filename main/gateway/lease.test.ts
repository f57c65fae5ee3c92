import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import type { Epoch, GatewayId } from '../../ledger-sync/ledger/ids.ts';
import type { Lease } from '../../ledger-sync/protocol/lease.ts';
import { energySale, float, METER, takeLease } from '../../test/support/store/meter.ts';
import { payment, TestStore } from '../../test/support/store/test-store.ts';
import type { CellDecision } from '../cell-host/cell.ts';
import { loadCells } from '../cell-host/load-cells.ts';
import { verifyDatabase } from '../store/verify.ts';
import type { Cells } from './cells.ts';
import type { Commands, PaymentOutcome } from './commands.ts';

let real: Cells;
let decide: Cells['decide'];
let store: TestStore;
beforeAll(async () => {
  const host = loadCells(await ensureBuilt());
  real = { decide: host.decide.bind(host), methods: () => host.methods().map(({ method, actions }) => ({ method, actions })) };
});
beforeEach(() => {
  decide = real.decide;
  store = new TestStore({ methods: real.methods, decide: (...asked) => decide(...asked) });
  expect(store.execute('open-account', float).ok).toBe(true);
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

const take = (changes: Partial<Lease> = {}) => store.execute('take-lease', takeLease(changes));
const pay = (...asked: Parameters<typeof energySale>) => store.execute('take-payment', energySale(...asked));
function approved(out: Commands['take-payment']['out']): Record<string, string> {
  if (!out.ok || out.value.status !== 'approved') throw new Error(JSON.stringify(out, (_key, value) => String(value)));
  return Object.fromEntries(out.value.receipt.map(({ name, value }) => [name, value]));
}
const declined = (detail: string) => ({ value: { status: 'declined', reason: { code: 'not-allowed', detail } } });
const USED_UP = declined(`the lease 7 of ${METER} is used up: ask head office for a new one`);

describe('taking a lease (L3, L5, L7)', () => {
  it('opens the meter’s account; the same again changes nothing', () => {
    expect(take()).toEqual({ ok: true, value: { account: METER, repeated: false } });
    const head = store.opened.store.head();
    expect(take()).toEqual({ ok: true, value: { account: METER, repeated: true } });
    expect(store.opened.store.head()).toEqual(head);
    expect(store.opened.store.account(METER)).toMatchObject({ currency: 'NPR', floor: 0n, open: true });
  });

  it('of another box, of an earlier life of this one, or in other money is refused, with what to do', () => {
    expect(take({ gateway: 'gatlang' as GatewayId })).toMatchObject({ error: { code: 'other-lease', detail: /take it there/ } });
    expect(take({ epoch: 'f'.repeat(16) as Epoch })).toMatchObject({
      error: { code: 'other-lease', detail: /ask head office for a new one/ },
    });
    expect(take({ currency: 'INR' })).toMatchObject({ error: { code: 'other-currency' } });
    expect(store.opened.store.account(METER)).toBeUndefined();
  });

  it('that overlaps, is older, or has the number of another is refused', () => {
    expect(take({ number: 8, from: 22, to: 42 })).toMatchObject({ ok: true });
    const conflict = (detail: RegExp) => ({ error: { code: 'lease-conflict', detail } });
    expect(take({ number: 9, from: 41, to: 61 })).toMatchObject(conflict(/tell head office/));
    expect(take({ number: 8, from: 22, to: 44 })).toMatchObject(conflict(/tell head office/));
    expect(take({ number: 7 })).toMatchObject(conflict(/newer lease/));
    expect(take({ number: 9, from: 42, to: 62 })).toMatchObject({ ok: true });
    expect(take({ number: 8, from: 22, to: 42 })).toMatchObject({ value: { repeated: true } });
    // Head office came back from an old copy and counts its leases anew.
    expect(take({ number: 9, from: 62, to: 82 })).toMatchObject(conflict(/another lease 9 is here/));
    expect(take({ number: 9, meter: 'M-2', from: 62, to: 82 })).toMatchObject(conflict(/another lease 9 is here/));
    expect(approved(pay(1))).toMatchObject({ lease: '9', count: '42' });
  });

  it('a fenced journal takes none', () => {
    store.execute('fence', { reason: 'a copy', at: 1 });
    expect(take()).toMatchObject({ error: { code: 'fenced' } });
  });
});

describe('a sale of energy', () => {
  it('without a lease is declined, and nothing is used up', () => {
    take({ meter: 'M-1' });
    store.execute('open-account', { ...float, id: 'open-meter' as typeof float.id, account: METER, opening: 0n });
    expect(pay(1)).toMatchObject(declined(`this box has no lease for ${METER}: ask head office for one and enter it here`));
  });

  it('moves the money and gives a token; the same id shows the same token again (I3)', () => {
    take();
    const first = pay(1, 5n);
    expect(approved(first)).toMatchObject({ token: '177 073 015', count: '2', units: '5', unit: 'day', 'tokens-left': '9' });
    expect(store.opened.store.balance(METER)).toBe(-7_500n);
    expect(pay(1, 5n)).toEqual({ ok: true, value: { ...(first.ok ? (first.value as PaymentOutcome) : {}), repeated: true } });
    expect(pay(1, 6n)).toMatchObject({ error: { code: 'id-conflict' } });
    expect(approved(pay(2, 5n))).toMatchObject({ count: '4' });
    store.restart();
    expect(approved(pay(1, 5n))).toMatchObject({ token: '177 073 015', count: '2' });
    expect(approved(pay(3, 5n))).toMatchObject({ count: '6' });
  });

  it('each count once until the lease is used up; then a new lease goes on (L5, L6)', () => {
    take();
    const counts = Array.from({ length: 10 }, (_, index) => approved(pay(index + 1)).count);
    expect(counts).toEqual(['2', '4', '6', '8', '10', '12', '14', '16', '18', '20']);
    expect(pay(11)).toMatchObject(USED_UP);
    take({ number: 8, from: 22, to: 26, price: 2_000 });
    expect(approved(pay(12, 1n, { amount: 2_000n }))).toMatchObject({ count: '22', lease: '8', 'tokens-left': '1' });
    // The decline stays what it was: another id asks anew (K2).
    expect(pay(11)).toMatchObject(USED_UP);
  });

  it('many in one group, repeats among them, and each token is another one (P12)', () => {
    take();
    const asked = [1, 2, 3, 2, 1, 4, 5, 5].map((counter) => ['take-payment', energySale(counter, 3n)] as const);
    const { answers } = store.run(...asked);
    const tokens = answers.map(({ out }) => approved(out as Commands['take-payment']['out']).token);
    expect(new Set(tokens).size).toBe(5);
    expect([tokens[3], tokens[4], tokens[7]]).toEqual([tokens[1], tokens[0], tokens[6]]);
  });

  it('that fails after its count was written gives the count back with all else (J10)', () => {
    take();
    const keep = store.opened.store.keepCellWrites;
    const { opened } = store;
    Object.assign(opened.store, {
      keepCellWrites: (...written: Parameters<typeof keep>) => {
        keep(...written);
        throw new Error('torn');
      },
    });
    expect(pay(1)).toMatchObject({ error: { code: 'storage' } });
    Object.assign(opened.store, { keepCellWrites: keep });
    expect(approved(pay(1))).toMatchObject({ count: '2' });
  });

  it('is not undone: the customer has the token', () => {
    take();
    approved(pay(1));
    const asked = { id: payment(9).id, refersTo: payment(1).id, reason: 'by mistake', operator: 'maya', at: 3_000 };
    expect(store.execute('reverse-payment', asked)).toMatchObject(
      declined('a token that was shown cannot be taken back: the customer has it'),
    );
    expect(pay(10, 1n, { action: 'refund', refersTo: payment(1).id })).toMatchObject(
      declined('a token that was shown cannot be taken back: the customer has it'),
    );
    expect(store.opened.store.balance(METER)).toBe(-1_500n);
  });
});

describe('a cell that lies about its counter (L5)', () => {
  const withCount =
    (count: string | undefined): Cells['decide'] =>
    (...asked) => {
      const decision = real.decide(...asked) as Extract<CellDecision, { outcome: 'approved' }>;
      const others = decision.stateWrites.filter(({ key }) => key !== 'count');
      return { ...decision, stateWrites: count === undefined ? others : [...others, { key: 'count', value: Buffer.from(count) }] };
    };

  it.each([
    ['forgets it', undefined],
    ['uses one again', '2'],
    ['goes back', '1'],
    ['leaves its range', '22'],
    ['writes nonsense', '4.5'],
  ])('and %s is declined, and nothing moved', (_what, count) => {
    take();
    approved(pay(1));
    decide = withCount(count);
    expect(pay(2)).toMatchObject({ value: { status: 'declined', reason: { code: 'not-allowed' } } });
    decide = real.decide;
    expect(approved(pay(3))).toMatchObject({ count: '4' });
  });
});
