import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CellDecision, CellFacts, CellHost, CellPayment } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { ensureBuilt } from '../sdk/build-cells.ts';

const METER = 'energy:M-204';
const PRICE = 1_500n;

type Vector = {
  starting_code: number;
  key: string;
  count: number;
  token_type: 'ADD_TIME' | 'SET_TIME' | 'DISABLE_PAYG' | 'COUNTER_SYNC';
  value_raw: number | null;
  restricted_digit_set: boolean;
  extended_token: boolean;
  new_count: number;
  token: string;
};
const vectors = readFileSync(new URL('../../test/fixtures/openpaygo/tokens.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

let host: CellHost;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
});

type Terms = {
  from: number;
  to: number;
  key: string;
  startingCode: number;
  digits: 'standard' | 'extended';
  set: 'all' | 'restricted';
  mode: string;
  price: bigint;
  currency: string;
};
const TERMS: Terms = {
  from: 2,
  to: 42,
  key: 'bc41ec9530f6dac86b1a29ab82edc5fb',
  startingCode: 516_959_010,
  digits: 'standard',
  set: 'all',
  mode: 'add-time',
  price: PRICE,
  currency: 'NPR',
};
const lineOf = (terms: Terms): string =>
  `7 ${terms.from} ${terms.to} ${terms.key} ${terms.startingCode} ${terms.digits} ${terms.set} ${terms.mode} day ${terms.price} ${terms.currency}`;

/** A meter's partition: what approved sales keep is there for the next one. */
class Partition {
  readonly state = new Map<string, Uint8Array>();

  constructor(terms: Partial<Terms> | undefined, last = 0) {
    if (terms !== undefined) this.lease(terms);
    if (last > 0) this.state.set('count', Buffer.from(String(last)));
  }

  lease(terms: Partial<Terms>): void {
    this.state.set('host.lease', Buffer.from(lineOf({ ...TERMS, ...terms })));
  }

  count(): string {
    return Buffer.from(this.state.get('count') ?? []).toString();
  }

  decide(changes: Partial<CellPayment> = {}, accounts: Parameters<typeof fakeFacts>[0] = {}): CellDecision {
    const facts: CellFacts = {
      ...fakeFacts({ [METER]: { available: 0n }, 'float:syabru': { available: 2_000_000_000n }, ...accounts }),
      stateGet: (key) => this.state.get(key),
    };
    const decision = host.decide('energy', fakePayment({ account: METER, amount: PRICE, ...changes }), facts);
    if (decision.outcome === 'approved') {
      for (const { key, value } of decision.stateWrites) {
        if (value !== undefined) this.state.set(key, value);
      }
    }
    return decision;
  }

  receipt(changes: Partial<CellPayment> = {}): Record<string, string> {
    const decision = this.decide(changes);
    if (decision.outcome !== 'approved') throw new Error(JSON.stringify(decision, (_key, value) => String(value)));
    return Object.fromEntries(decision.approval.receipt.map(({ name, value }) => [name, value]));
  }
}

const declined = (tag: string, detail: string, availableHere?: bigint): unknown => ({
  outcome: 'declined',
  decline: availableHere === undefined ? { tag, detail } : { tag, detail, availableHere },
});

describe('OpenPAYGO', () => {
  it.each(vectors.map((vector) => [`${vector.token_type} ${vector.value_raw ?? ''} ${vector.token}`, vector] as const))(
    '%s',
    (_name, vector) => {
      const partition = new Partition(
        {
          key: vector.key,
          startingCode: vector.starting_code,
          digits: vector.extended_token ? 'extended' : 'standard',
          set: vector.restricted_digit_set ? 'restricted' : 'all',
          mode: vector.token_type.toLowerCase().replace('_', '-'),
        },
        vector.count,
      );
      const receipt = partition.receipt({ amount: PRICE * BigInt(vector.value_raw ?? 1) });
      expect(receipt.token?.replaceAll(' ', '')).toBe(vector.token);
      expect(receipt.count).toBe(String(vector.new_count));
      expect(partition.count()).toBe(String(vector.new_count));
    },
  );
});

describe('a sale', () => {
  it('takes cash against the float and gives a token', () => {
    const decision = new Partition({}).decide({ amount: PRICE * 5n });
    if (decision.outcome !== 'approved') throw new Error('declined');
    expect(decision.approval.postings.map(({ account, amount }) => `${account} ${amount}`)).toEqual([
      'float:syabru 7500',
      `${METER} -7500`,
      'drawer:syabru 7500',
      'agency:syabru -7500',
    ]);
    expect(Object.fromEntries(decision.approval.receipt.map(({ name, value }) => [name, value]))).toEqual({
      account: METER,
      amount: '7500',
      currency: 'NPR',
      token: '177 073 015',
      'token-type': 'add-time',
      units: '5',
      unit: 'day',
      price: '1500',
      count: '2',
      lease: '7',
      'tokens-left': '19',
      'cash-received': '7500',
    });
  });

  it('uses each count of its range once, in rising order, and then says that a new lease is needed (L5, L6)', () => {
    const partition = new Partition({});
    const counts = Array.from({ length: 20 }, () => partition.receipt().count);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => String(2 + 2 * index)));
    const out = declined('not-allowed', `the lease 7 of ${METER} is used up: ask head office for a new one`);
    expect(partition.decide()).toEqual(out);
    partition.lease({ from: 42, to: 44 });
    expect(partition.receipt()).toMatchObject({ count: '42', 'tokens-left': '0' });
    expect(partition.decide()).toMatchObject({ outcome: 'declined' });
    // An older range that came back gives nothing: the counter never falls.
    partition.lease({});
    expect(partition.decide()).toEqual(out);
  });

  it('never gives a token twice, whatever is bought, and the kept chains change nothing', () => {
    const kept = new Partition({ to: 2_000 });
    const tokens: string[] = [];
    for (const units of [1n, 7n, 7n, 30n, 1n, 995n, 7n, 1n, 30n, 2n, 1n]) {
      const last = Number(kept.count() || '0');
      const { token = '', count } = kept.receipt({ amount: PRICE * units });
      expect(new Partition({ to: 2_000 }, last).receipt({ amount: PRICE * units })).toMatchObject({ token, count });
      tokens.push(token);
    }
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('a meter that got another key starts another chain', () => {
    const partition = new Partition({});
    partition.receipt();
    const key = 'dac86b1a29ab82edc5fbbc41ec9530f6';
    partition.lease({ key });
    expect(partition.receipt().token).toBe(new Partition({ key }, 2).receipt().token);
  });

  it('the last count of a meter is reached within the budget', () => {
    expect(new Partition({ from: 65_494, to: 65_534 }, 65_530).receipt()).toMatchObject({ count: '65532', 'tokens-left': '0' });
  });

  it('sells whole units alone, and no more than a token carries', () => {
    const decide = (amount: bigint, terms: Partial<Terms> = {}) => new Partition(terms).decide({ amount });
    expect(decide(1_499n)).toEqual(declined('invalid', 'the least is 1500 a day'));
    expect(decide(4_000n)).toEqual(declined('invalid', 'the price is 1500 a day: ask for 3000 or 4500'));
    expect(decide(996n * PRICE)).toEqual(declined('invalid', 'one token carries at most 995: ask for 1492500 or less'));
    expect(decide(996n * PRICE, { digits: 'extended' }).outcome).toBe('approved');
    expect(decide(1_000_000n * PRICE, { digits: 'extended' })).toMatchObject({ decline: { tag: 'invalid' } });
    expect(decide(2n ** 63n)).toMatchObject({ decline: { tag: 'invalid' } });
    expect(decide(PRICE * 2n, { mode: 'disable-payg' })).toEqual(declined('invalid', 'this costs 1500, no more and no less'));
  });

  it('needs a meter that is known, a lease, its currency and a float that reaches', () => {
    const partition = new Partition({});
    expect(partition.decide({ account: 'wallet:W-1042' })).toEqual(declined('invalid', 'wallet:W-1042 is not a meter'));
    expect(partition.decide({ account: 'energy:none' })).toEqual(declined('unknown-account', 'energy:none'));
    expect(new Partition(undefined).decide()).toEqual(
      declined('not-allowed', `this box has no lease for ${METER}: ask head office for one and enter it here`),
    );
    expect(new Partition({ currency: 'INR' }).decide()).toMatchObject({ decline: { tag: 'invalid' } });
    expect(partition.decide({}, { 'float:syabru': { available: 1_499n } })).toEqual(
      declined('not-enough', '1499 is available here in float:syabru', 1_499n),
    );
    expect(partition.count()).toBe('');
  });

  it('is not taken back: the customer has the token', () => {
    expect(new Partition({}).decide({ action: 'refund', refersTo: '0123456789.1' })).toEqual(
      declined('not-allowed', 'a token that was shown cannot be taken back: the customer has it'),
    );
  });
});
