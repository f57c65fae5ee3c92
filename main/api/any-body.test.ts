/** Whatever comes as a body: never a failure of ours, and nothing moves unless the answer says 201. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import { verifyDatabase } from '../store/verify.ts';

let box: TestBox;
let admin: Ask;
beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
  for (const id of ['wallet:A', 'wallet:B', 'merchant:M', 'float:syabru']) {
    await admin('POST', '/v1/accounts', { body: { id, currency: 'NPR', opening: '100000' } });
  }
  await admin('POST', '/v1/payments', { body: { id: 'p:1', method: 'cash', action: 'sale', amount: '100', currency: 'NPR' } });
});
afterAll(async () => {
  expect(box.failures).toEqual([]);
  await box.close(true);
  // What came in must still be the same bytes when it is read again: chain, sums, fold and floors.
  expect(verifyDatabase(join(box.directory, 'gateway.sqlite'))).toMatchObject({ ok: true });
  rmSync(box.directory, { recursive: true });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 150 }),
  fc.string({ maxLength: 70 }),
  fc.constantFrom('', '__proto__', '\ud800', '\u0000'),
);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyText, fc.bigInt().map(String), fc.integer());

/** A right body of which up to two members are changed, taken away or added: most get past the schema, and some do not. */
const bodyOf = (required: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>> = {}) => {
  const names = [...Object.keys(required), ...Object.keys(optional)];
  const change = fc.tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: anyText }),
    anything,
    fc.boolean(),
  );
  const changes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(change, { maxLength: 2 }) });
  return fc.tuple(fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) }), changes).map(([right, changed]) => {
    const body: Record<string, unknown> = { ...right };
    for (const [name, value, gone] of changed) body[name] = gone ? undefined : value;
    return body;
  });
};

const account = fc.constantFrom('wallet:A', 'wallet:B', 'merchant:M', 'drawer:syabru', 'takings:syabru', 'float:syabru', 'bank:N');
const amount = fc.oneof(fc.integer({ min: 1, max: 300 }).map(String), fc.bigInt({ min: 1n, max: 2n ** 64n }).map(String));
const someId = fc.stringMatching(/^[A-Za-z0-9_:.-]{1,64}$/);
const id = fc.oneof({ weight: 1, arbitrary: fc.constantFrom('p:1', 'p:2', 'p:3') }, { weight: 3, arbitrary: someId });
const memo = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('\ud800', '\u0000', 'x\u0000y', 'चिया'),
);
const fields = fc.dictionary(fc.oneof(anyText, fc.constantFrom('tendered', 'item.1', 'site.drawer')), memo, { maxKeys: 4 });
const payment = bodyOf(
  {
    id,
    method: fc.constantFrom('cash', 'wallet'),
    action: fc.constantFrom('sale', 'sale', 'sale', 'refund', 'top-up', 'cash-out', 'transfer', 'open'),
    amount,
    currency: fc.constantFrom('NPR', 'NPR', 'NPR', 'EUR'),
  },
  { account, counterparty: account, refersTo: fc.constantFrom('p:1', 'p:2', 'none'), memo, fields },
);
const reversal = bodyOf({ id, reason: memo });
const opening = bodyOf(
  { id: fc.oneof(account, fc.stringMatching(/^wallet:[A-Za-z0-9._-]{1,48}$/)), currency: fc.constant('NPR') },
  { opening: amount, name: memo },
);
const words = fc.record({ en: memo, ne: memo });
const item = bodyOf({
  id: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
  name: words,
  unit: words,
  price: amount,
  category: fc.constant('tea'),
  icon: memo.map((text) => text.slice(0, 24)),
});
const catalogue = bodyOf({ items: fc.array(item, { maxLength: 3 }), remove: fc.array(anyText, { maxLength: 3 }) });

const check = async (method: string, path: string, asked: { body?: unknown; text?: string }): Promise<number> => {
  const before = box.head;
  // `ask` fails the test at 500, at a refusal that is no problem, and at an answer that its schema does not know.
  const { status } = await admin(method, path, asked);
  const moved = box.head.number - before.number;
  expect(moved, `${status} ${JSON.stringify(asked)}`).toBeLessThanOrEqual(status === 201 ? 1 : 0);
  if (moved === 0) expect(box.head).toEqual(before);
  return status;
};

describe('any body', () => {
  it.each<[string, string, fc.Arbitrary<object>]>([
    ['POST', '/v1/payments', payment],
    ['POST', '/v1/payments/p:1/reversal', reversal],
    ['POST', '/v1/accounts', opening],
    ['PATCH', '/v1/catalogue', catalogue],
  ])(
    'to %s %s',
    async (method, path, bodies) => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const status = await check(method, path, { body });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }),
        { numRuns: path === '/v1/payments' ? 1_500 : 300 },
      );
      // Bodies that are all refused alike would say little.
      expect(statuses.get(method === 'PATCH' ? 200 : 201), JSON.stringify([...statuses])).toBeGreaterThan(20);
      // Nothing here is the box's own trouble.
      expect(statuses.get(503)).toBeUndefined();
    },
    120_000,
  );

  it('that is any JSON, or none, to every route that takes one', async () => {
    const anyJson = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    const routes: [string, string][] = [
      ['POST', '/v1/payments'],
      ['POST', '/v1/payments/p:1/reversal'],
      ['POST', '/v1/accounts'],
      ['PATCH', '/v1/catalogue'],
      ['POST', '/v1/enrolment'],
      ['POST', '/v1/telemetry'],
      ['POST', '/v1/readings'],
      ['POST', '/v1/sessions'],
      ['POST', '/village/link'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), anyJson, async ([method, path], text) => {
        expect(await check(method, path, { text })).toBeGreaterThanOrEqual(method === 'PATCH' ? 200 : 400);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('or path and query', async () => {
    const part = anyText.map((text) => encodeURIComponent(text.toWellFormed()));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/v1/accounts/', '/v1/payments/', '/v1/accounts?query=', '/v1/payments?before=', '/v1/journal?after='),
        part,
        async (path, text) => {
          await check('GET', path + text, {});
        },
      ),
      { numRuns: 400 },
    );
  }, 120_000);
});
