import { describe, expect, it } from 'vitest';
import { must } from '../../ledger-sync/ledger/result.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { fakePayment } from '../cell-host/fake-facts.ts';
import { type PaymentManifest, parseManifest } from '../cell-host/manifest.ts';
import type { CellProgram } from '../cell-host/program.ts';
import type { PaymentOutcome } from '../gateway/commands.ts';
import type { KeptTrace } from '../gateway/trace.ts';
import { answerHash } from '../gateway/trace-answer.ts';
import { firstDifference, recordedAnswer, runAgain } from './run-again.ts';

const manifest = must(
  parseManifest({
    name: 'points',
    version: '0.1.0',
    contract: 'chautari:cell@0.1.0',
    world: 'payment-cell',
    class: 'fast',
    actions: { sale: { served: 'none', legs: 1, debits: [], refunds: false } },
    grants: { imports: ['chautari:cell/state@0.1.0', 'chautari:cell/accounts@0.1.0'], accounts: ['drawer', 'sales'] },
    budget: { fuel: 1_000, callDepth: 10, memoryPages: 1 },
  }),
  'the manifest',
) as PaymentManifest;
const postings = [
  { account: 'drawer:syabru', amount: 12_500n },
  { account: 'sales:syabru', amount: -12_500n },
];
const account = (id: string, kind: string) => ({ id, found: { kind, currency: 'NPR', limit: '0', open: true }, available: '0' });

/** Counts its customers in its state. */
const counting = (step: number): CellProgram => ({
  run: (_name, _args, imports) => {
    const before = imports.get('customers')?.[0] ?? 0;
    imports.set('customers', Uint8Array.of(before + step));
    return { outcome: 'returned', value: { tag: 'ok', val: { postings, receipt: [{ name: 'points', value: '1' }] } }, fuel: 42 };
  },
});
const trace = (changes: Partial<KeptTrace> = {}): KeptTrace => ({
  cell: { name: 'points', version: '0.1.0', digest: 'a'.repeat(64) },
  fuel: 42,
  request: fakePayment({}),
  reads: {
    accounts: [account('drawer:syabru', 'drawer'), account('sales:syabru', 'sales')],
    refundable: [],
    state: [{ key: 'customers', value: '07' }],
  },
  ...changes,
});
const approved = {
  status: 'approved',
  postings,
  receipt: [
    { name: 'points', value: '1' },
    { name: 'item.1', value: '1|12500|Rice|x' },
  ],
} as unknown as PaymentOutcome;
const declined = { status: 'declined', reason: { code: 'not-enough', detail: 'x' } } as unknown as PaymentOutcome;
const written = (value: number): string =>
  answerHash(
    {
      outcome: 'approved',
      approval: { postings, receipt: [{ name: 'points', value: '1' }] },
      stateWrites: [{ key: 'customers', value: Uint8Array.of(value) }],
      outbox: [],
    },
    sha256Hex,
  );
const again = (step: number, kept: KeptTrace, outcome: PaymentOutcome) => {
  const run = runAgain({ manifest, digest: 'a'.repeat(64), program: counting(step) }, kept, outcome);
  return run.outcome === 'answered' ? firstDifference(recordedAnswer(outcome, kept).lines, run.answer.lines) : run.detail;
};

describe('what the record does not show is compared by its hash', () => {
  it('the state that was written', () => {
    expect(again(1, trace({ answer: written(8) }), approved)).toBeUndefined();
    expect(again(2, trace({ answer: written(8) }), approved)).toMatchObject({ was: expect.stringContaining(written(8)) });
    expect(again(1, trace(), approved)).toMatchObject({ was: '(nothing)' });
  });

  it('an approval that the ledger declined', () => {
    expect(again(1, trace({ answer: written(8) }), declined)).toBeUndefined();
    expect(again(3, trace({ answer: written(8) }), declined)).toBeDefined();
    expect(again(1, trace(), declined)).toMatchObject({ was: 'declined not-enough', is: 'approved' });
  });
});

it('a fact that is not on record is named', () => {
  const reads = { accounts: [], refundable: [], state: [] };
  expect(again(1, trace({ reads }), approved)).toContain('customers');
});
