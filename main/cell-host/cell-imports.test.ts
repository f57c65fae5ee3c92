import { describe, expect, it } from 'vitest';
import type { CellDecision, CellFacts } from './cell.ts';
import { cellHost } from './cell-host.ts';
import { type CellImports, FactsError } from './cell-imports.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import type { PaymentManifest } from './manifest.ts';
import type { CellProgram } from './program.ts';
import { endedBy } from './run-failure.ts';

const MANIFEST: PaymentManifest = {
  name: 'fake',
  version: '0.1.0',
  contract: 'chautari:cell@0.1.0',
  world: 'payment-cell',
  class: 'fast',
  actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: false } },
  grants: {
    imports: ['chautari:cell/accounts@0.1.0', 'chautari:cell/state@0.1.0', 'chautari:cell/outbox@0.1.0'],
    accounts: ['wallet', 'takings'],
  },
  budget: { fuel: 1, callDepth: 1, memoryPages: 1 },
};

type Imports = {
  'chautari:cell/accounts': { find(id: string): unknown; available(id: string): bigint; refundable(id: string): bigint };
  'chautari:cell/state': { get(key: string): Uint8Array | undefined; set(key: string, value: Uint8Array): void; delete(key: string): void };
  'chautari:cell/outbox': { enqueueSync(key: string, payload: Uint8Array): void };
};

const PAYMENT = fakePayment({ account: 'wallet:W-1042', amount: 1n });

function interfacesOf(imports: CellImports): Imports {
  return { 'chautari:cell/accounts': imports, 'chautari:cell/state': imports, 'chautari:cell/outbox': imports };
}

/** A cell that does `act` and then approves. */
function run(act: (imports: Imports) => void, facts: CellFacts = fakeFacts()): CellDecision {
  const postings = [
    { account: 'wallet:W-1042', amount: 1n },
    { account: 'takings:syabru', amount: -1n },
  ];
  const program: CellProgram = {
    run: (_name, _args, imports) => {
      try {
        act(interfacesOf(imports));
      } catch (thrown) {
        if (thrown instanceof FactsError) throw thrown;
        const ended = endedBy(imports);
        if (ended !== undefined) return { outcome: 'failed', ...ended, fuel: 0 };
        const { payload } = (thrown ?? {}) as { payload?: unknown };
        return { outcome: 'returned', value: { tag: 'err', val: payload === undefined ? thrown : payload }, fuel: 0 };
      }
      return { outcome: 'returned', value: { tag: 'ok', val: { postings, receipt: [] } }, fuel: 0 };
    },
  };
  const host = cellHost([{ manifest: MANIFEST, digest: '', program }]);
  return host.decide('fake', PAYMENT, facts);
}

const bytes = (length: number) => new Uint8Array(length);

describe('state and outbox', () => {
  it('shows a request its own writes, and gives the last of each key', () => {
    const seen: unknown[] = [];
    const facts: CellFacts = { ...fakeFacts(), stateGet: (key) => (key === 'old' ? Uint8Array.of(9) : undefined) };
    const decision = run(({ 'chautari:cell/state': state, 'chautari:cell/outbox': outbox }) => {
      const reused = Uint8Array.of(1);
      state.set('a', reused);
      reused[0] = 2;
      seen.push(state.get('a'), state.get('old'), state.get('none'));
      state.delete('old');
      seen.push(state.get('old'));
      state.set('a', Uint8Array.of(3));
      outbox.enqueueSync('k', Uint8Array.of(1));
      outbox.enqueueSync('k', Uint8Array.of(2));
    }, facts);
    expect(seen).toEqual([Uint8Array.of(1), Uint8Array.of(9), undefined, undefined]);
    expect(decision).toMatchObject({
      outcome: 'approved',
      stateWrites: [{ key: 'a', value: Uint8Array.of(3) }, { key: 'old' }],
      outbox: [{ key: 'k', payload: Uint8Array.of(2) }],
    });
  });

  it('lets a cell go to its limits', () => {
    const decision = run(({ 'chautari:cell/state': state, 'chautari:cell/outbox': outbox }) => {
      for (let index = 0; index < 64; index += 1) state.set('क'.repeat(42) + String(index % 10), bytes(4096));
      for (let index = 0; index < 16; index += 1) outbox.enqueueSync(String(index), bytes(1024));
    });
    expect(decision).toMatchObject({ outcome: 'approved' });
  });

  it.each<[string, (imports: Imports) => void]>([
    ['65 writes', ({ 'chautari:cell/state': state }) => Array.from({ length: 65 }, () => state.delete('a'))],
    ['a key of 129 bytes', ({ 'chautari:cell/state': state }) => state.set('x'.repeat(129), bytes(1))],
    ['a key of 129 bytes in few characters', ({ 'chautari:cell/state': state }) => state.get('क'.repeat(43))],
    ['an empty key', ({ 'chautari:cell/state': state }) => state.get('')],
    ['a value of 4097 bytes', ({ 'chautari:cell/state': state }) => state.set('a', bytes(4097))],
    ['17 items', ({ 'chautari:cell/outbox': outbox }) => Array.from({ length: 17 }, () => outbox.enqueueSync('a', bytes(1)))],
    ['an item of 1025 bytes', ({ 'chautari:cell/outbox': outbox }) => outbox.enqueueSync('a', bytes(1025))],
    ['an item under a key of 129 bytes', ({ 'chautari:cell/outbox': outbox }) => outbox.enqueueSync('x'.repeat(129), bytes(1))],
  ])('fails a request with %s, even where the cell swallows it', (_name, act) => {
    const failed = { outcome: 'failed', fault: { code: 'limit', detail: expect.any(String) } };
    expect(run(act)).toEqual(failed);
    const swallow = (imports: Imports) => {
      try {
        act(imports);
      } catch {
        // A cell in JavaScript could do this.
      }
    };
    expect(run(swallow)).toEqual(failed);
  });
});

describe('accounts', () => {
  it('do not exist for the cell where their kind is not granted', () => {
    const asked: string[] = [];
    const facts = fakeFacts();
    const watched: CellFacts = {
      ...facts,
      find: (id) => {
        asked.push(id);
        return facts.find(id);
      },
    };
    const decision = run(({ 'chautari:cell/accounts': accounts }) => {
      for (const id of ['float:syabru', 'khata:K-1', 'wallet:', 'nonsense', '__proto__:x']) {
        expect(accounts.find(id)).toBeUndefined();
        expect(accounts.available(id)).toBe(0n);
      }
      expect(accounts.find('wallet:W-1042')).toMatchObject({ currency: 'NPR' });
      expect(accounts.refundable('x'.repeat(65))).toBe(0n);
    }, watched);
    expect(decision).toMatchObject({ outcome: 'approved' });
    expect(asked.filter((id) => !id.startsWith('wallet:W') && id !== 'takings:syabru')).toEqual([]);
  });

  it('are read once a request', () => {
    let reads = 0;
    const counted: CellFacts = {
      ...fakeFacts(),
      available: () => {
        reads += 1;
        return 5n;
      },
    };
    run(({ 'chautari:cell/accounts': accounts }) => Array.from({ length: 9 }, () => accounts.available('wallet:W-1042')), counted);
    expect(reads).toBe(2);
  });

  it('throw on, to whoever gave the facts, what the facts throw or cannot mean', () => {
    const broken = (available: () => bigint): CellFacts => ({ ...fakeFacts(), available });
    const act = ({ 'chautari:cell/accounts': accounts }: Imports) => void accounts.available('wallet:W-1042');
    const disk = new Error('disk I/O');
    const thrower = () => {
      throw disk;
    };
    expect(() => run(act, broken(thrower))).toThrow(expect.objectContaining({ cause: disk }));
    expect(() =>
      run(
        act,
        broken(() => 2n ** 63n),
      ),
    ).toThrow(FactsError);
  });
});

describe('what a cell throws', () => {
  const thrown = (error: unknown) => {
    const act = () => {
      throw error;
    };
    return run(act);
  };

  it('is a decline where it is one', () => {
    expect(thrown({ tag: 'already-done', val: 'p.1' })).toEqual({ outcome: 'declined', decline: { tag: 'already-done', detail: 'p.1' } });
    expect(thrown({ payload: { tag: 'not-enough', val: 5n } })).toEqual({
      outcome: 'declined',
      decline: { tag: 'not-enough', detail: '5 is available here', availableHere: 5n },
    });
  });

  it('is a fault where it is anything else', () => {
    for (const error of [
      new Error('unreachable'),
      undefined,
      7,
      {},
      { tag: 'nonsense', val: 'x' },
      { tag: 'not-enough', val: 'x' },
      { payload: null },
    ]) {
      expect(thrown(error)).toMatchObject({ outcome: 'failed', fault: { code: expect.stringMatching(/^(trap|bad-answer)$/) } });
    }
    expect(thrown({ tag: 'invalid', val: 'x'.repeat(257) })).toMatchObject({ outcome: 'failed', fault: { code: 'limit' } });
    expect(thrown({ tag: 'invalid', val: '\ud800' })).toMatchObject({ outcome: 'failed', fault: { code: 'limit' } });
  });
});
