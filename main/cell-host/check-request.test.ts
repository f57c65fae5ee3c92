import { expect, it } from 'vitest';
import type { CellPayment } from './cell.ts';
import { checkRequest } from './check-request.ts';
import { fakePayment } from './fake-facts.ts';

it('lets what fits the contract through, to the ends of its types', () => {
  expect(checkRequest(fakePayment({})).ok).toBe(true);
  expect(checkRequest(fakePayment({ amount: 2n ** 64n - 1n, at: 2n ** 64n - 1n, refersTo: 'x'.repeat(64) })).ok).toBe(true);
});

it.each<[string, Partial<CellPayment>]>([
  ['id is empty', { id: '' }],
  ['id is longer', { id: 'x'.repeat(65) }],
  ['account is longer', { account: `wallet:${'x'.repeat(60)}` }],
  ['refersTo is longer', { refersTo: 'x'.repeat(65) }],
  ['operator is longer than 64 characters or broken text', { operator: '\ud800' }],
  ['currency must be', { currency: 'npr' }],
  ['amount must be', { amount: 0n }],
  ['amount must be', { amount: -1n }],
  ['amount must be', { amount: 2n ** 64n }],
  ['at must be', { at: -1n }],
])('refuses where %s', (detail, changes) => {
  expect(checkRequest(fakePayment(changes))).toMatchObject({
    ok: false,
    error: { code: 'bad-request', detail: expect.stringContaining(detail) },
  });
});

it('bounds the fields and wants their names unique', () => {
  const fault = (fields: CellPayment['fields']) => {
    const checked = checkRequest({ ...fakePayment({}), fields });
    return checked.ok ? 'none' : checked.error.detail;
  };
  expect(
    fault([
      { name: 'site.float', value: 'a' },
      { name: 'site.float', value: 'b' },
    ]),
  ).toBe('the field site.float stands twice');
  expect(fault([{ name: 'a', value: 'x'.repeat(257) }])).toContain('longer than 256');
  expect(fault([{ name: '', value: 'x' }])).toContain('a name that is empty');
  expect(fault(Array.from({ length: 49 }, (_unused, index) => ({ name: `n${index}`, value: '' })))).toContain('more than 48 fields');
});
