import fc from 'fast-check';
import { expect, it } from 'vitest';
import { siteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { KeptTrace } from '../gateway/trace.ts';
import { traceOf, traceText } from './trace-text.ts';

const site = siteAccounts('syabru');
const cell = { name: 'wallet', version: '0.1.0', digest: 'a'.repeat(64) };

const readBack = (trace: KeptTrace) => {
  const { id: payment, at } = trace.request;
  const { fuel } = trace;
  return traceOf({ payment, cell, fuel, at: Number(at), body: traceText(trace, site) }, 'syabru');
};

const accountText = fc.oneof(fc.constantFrom(...Object.values(site), ''), fc.string({ unit: 'binary' }));
const field = fc.oneof(
  fc.constantFrom('drawer', 'sales', 'agency', 'takings', 'float').map((role) => ({
    name: `site.${role}`,
    value: site[role as keyof typeof site] as string,
  })),
  fc.record({ name: fc.oneof(fc.string(), fc.constant('site.drawer')), value: fc.string({ unit: 'binary' }) }),
);
const amountText = fc.bigInt().map(String);
const trace: fc.Arbitrary<KeptTrace> = fc
  .record({
    fuel: fc.nat(1_000_000_000),
    request: fc.record(
      {
        id: fc.string({ minLength: 1 }),
        action: fc.string(),
        account: accountText,
        counterparty: accountText,
        amount: fc.bigInt(),
        currency: fc.string(),
        refersTo: fc.string({ minLength: 1 }),
        operator: fc.string(),
        at: fc.nat().map(BigInt),
        fields: fc.array(field),
      },
      { requiredKeys: ['id', 'action', 'account', 'counterparty', 'amount', 'currency', 'operator', 'at', 'fields'] },
    ),
    reads: fc.record({
      accounts: fc.array(
        fc.record(
          {
            id: accountText,
            found: fc.option(fc.record({ kind: fc.string(), currency: fc.string(), limit: amountText, open: fc.boolean() })),
            available: amountText,
          },
          { requiredKeys: ['id', 'found'] },
        ),
      ),
      refundable: fc.array(fc.record({ id: fc.string(), amount: amountText })),
      state: fc.array(
        fc.record({ key: fc.string(), value: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex'))) }),
      ),
    }),
    more: fc.record({ seed: fc.string({ minLength: 1 }), answer: fc.string({ minLength: 1 }) }, { requiredKeys: [] }),
  })
  .map(({ more, ...rest }) => ({ cell, ...rest, ...more }) as KeptTrace);

it('whatever was kept is read back', () => {
  fc.assert(
    fc.property(trace, (kept) => {
      expect(readBack(kept)).toEqual(kept);
    }),
    { numRuns: 500 },
  );
});

it('a run that read too much is kept without its reads', () => {
  const request = {
    id: 'p.1',
    action: 'sale',
    account: '',
    counterparty: '',
    amount: 1n,
    currency: 'NPR',
    operator: 'o',
    at: 1n,
    fields: [],
  };
  const state = Array.from({ length: 40 }, (_, index) => ({ key: `k${index}`, value: 'ab'.repeat(2_000) }));
  const kept: KeptTrace = { cell, fuel: 5, request, reads: { accounts: [], refundable: [], state } };
  expect(traceText(kept, site).length).toBeLessThan(1_000);
  expect(readBack(kept)).toEqual({ ...kept, reads: undefined });
});
