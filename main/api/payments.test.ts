/** Payments over HTTP: the real writer thread, reader and cells behind the real routes. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import type { AccountBody, ApprovedBody, DeclinedBody, HistoryBody, JournalBody } from './schemas.ts';

let box: TestBox;
let admin: Ask;
let counter = 0;

beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
  for (const [id, opening] of [
    ['wallet:W-1042', '245000'],
    ['wallet:W-1043', '80000'],
    ['merchant:tea', '0'],
    ['float:syabru', '5000000'],
  ]) {
    expect((await admin('POST', '/v1/accounts', { body: { id, currency: 'NPR', opening, name: `Account ${id}` } })).status).toBe(201);
  }
});
afterAll(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const newId = (): string => `t:${++counter}`;
const cash = (changes: object = {}): object => ({
  id: newId(),
  method: 'cash',
  action: 'sale',
  amount: '12500',
  currency: 'NPR',
  ...changes,
});
const wallet = (changes: object = {}): object => cash({ method: 'wallet', account: 'wallet:W-1042', amount: '500', ...changes });
const take = (body: object, headers: Record<string, string> = {}) => admin('POST', '/v1/payments', { body, headers });
const availableOf = async (id: string): Promise<bigint> =>
  BigInt(((await admin('GET', `/v1/accounts/${id}`)).body as AccountBody).availableHere);

describe('an id that is not the caller’s to make', () => {
  it('of an opening is refused: it would keep the account from ever being opened', async () => {
    const id = `open:${createHash('sha256').update('syabru wallet:W-7777').digest('hex').slice(0, 40)}`;
    expect(await take(cash({ id }))).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await take(cash({ id: undefined }), { 'idempotency-key': id })).toMatchObject({ status: 422 });
    expect((await admin('POST', '/v1/payments/t:1/reversal', { body: { id, reason: 'x' } })).status).toBe(422);
    expect((await admin('POST', '/v1/accounts', { body: { id: 'wallet:W-7777', currency: 'NPR' } })).status).toBe(201);
  });

  it('of a kiosk is refused to a third party', async () => {
    const third = box.token('third-party', 'pay');
    const body = cash({ id: '0123456789.1' });
    expect(await third('POST', '/v1/payments', { body })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect((await third('POST', '/v1/payments', { body: cash() })).status).toBe(201);
    expect((await admin('POST', '/v1/payments', { body })).status).toBe(201);
  });
});

describe('a payment', () => {
  it('is approved with its entry, postings and receipt, and found again', async () => {
    const before = box.head;
    const body = cash({ memo: 'two kilos', fields: { tendered: '20000' } });
    const { status, body: answer } = await take(body);
    expect(status).toBe(201);
    expect(answer).toMatchObject({
      status: 'approved',
      seal: 'kept',
      entry: { gateway: 'syabru', epoch: '0123456789abcdef', number: before.number + 1, hash: box.head.hash },
      postings: [
        { account: 'drawer:syabru', amount: '12500' },
        { account: 'sales:syabru', amount: '-12500' },
      ],
    });
    expect((answer as ApprovedBody).receipt).toContainEqual({ name: 'change', value: '7500' });
    const { id } = body as { id: string };
    expect(await admin('GET', `/v1/payments/${id}`)).toMatchObject({ status: 200, body: answer });
    const { payments } = (await admin('GET', '/v1/payments?limit=1')).body as HistoryBody;
    expect(payments).toMatchObject([{ id, memo: 'two kilos', refundable: '12500', prints: 0, counterparty: 'sales:syabru' }]);
    const journal = (await admin('GET', `/v1/journal?after=${before.number}`)).body as JournalBody;
    expect(journal.entries).toMatchObject([{ paymentId: id, previous: before.hash, operator: 'token:office' }]);
  });

  it('takes its id from the header too, and the same in both', async () => {
    const { id: _id, ...bare } = cash() as { id: string };
    const taken = await take(bare, { 'idempotency-key': 'key:1' });
    expect(taken).toMatchObject({ status: 201, body: { id: 'key:1' } });
    expect(await take({ ...bare, id: 'key:1' }, { 'idempotency-key': 'key:1' })).toMatchObject({ status: 200, body: taken.body });
  });

  it('asked again with the same body gets the first answer and moves nothing', async () => {
    const body = wallet();
    const first = await take(body);
    const head = box.head;
    box.passMs(60_000);
    const reordered = Object.fromEntries(Object.entries(body).reverse());
    for (const again of [body, reordered]) expect(await take(again)).toMatchObject({ status: 200, body: first.body });
    expect(box.head).toEqual(head);
  });

  it('asked a hundred times at once is one entry', async () => {
    const head = box.head;
    const before = await availableOf('wallet:W-1042');
    const body = wallet();
    const answers = await Promise.all(Array.from({ length: 100 }, () => take(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201]);
    expect(new Set(answers.map((answer) => (answer.body as ApprovedBody).entry.hash)).size).toBe(1);
    expect(box.head.number).toBe(head.number + 1);
    expect(await availableOf('wallet:W-1042')).toBe(before - 500n);
  });

  it('that is declined is recorded, answered the same again, and moves nothing', async () => {
    const head = box.head;
    const available = await availableOf('wallet:W-1042');
    const body = wallet({ amount: (available + 1n).toString() });
    const first = await take(body);
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'declined', reason: { code: 'not-enough', availableHere: available.toString() } },
    });
    await admin('POST', '/v1/payments', { body: wallet({ action: 'top-up', amount: '100' }) });
    expect(await take(body)).toMatchObject({ status: 200, body: first.body });
    expect(await admin('GET', `/v1/payments/${(body as { id: string }).id}`)).toMatchObject({ status: 200, body: first.body });
    expect(box.head.number).toBe(head.number + 1);
    expect((first.body as DeclinedBody).reason.detail).toContain('wallet:W-1042');
    await box.refuses(() => take({ ...body, amount: '1' }), 409, 'id-conflict');
  });

  it('is refunded in parts up to what it was, and reversed as a whole', async () => {
    const sale = wallet({ amount: '900' }) as { id: string };
    await take(sale);
    const refund = (amount: string): object => cash({ method: 'wallet', action: 'refund', amount, refersTo: sale.id });
    expect((await take(refund('400'))).body).toMatchObject({ status: 'approved' });
    expect((await take(refund('501'))).body).toMatchObject({ status: 'declined', reason: { code: expect.any(String) } });
    expect((await take(refund('500'))).body).toMatchObject({ status: 'approved' });

    const other = wallet({ amount: '700' }) as { id: string };
    await take(other);
    const before = await availableOf('wallet:W-1042');
    const reversal = { id: newId(), reason: 'wrong customer' };
    const undone = await admin('POST', `/v1/payments/${other.id}/reversal`, { body: reversal });
    expect(undone).toMatchObject({ status: 201, body: { status: 'approved' } });
    expect(await admin('POST', `/v1/payments/${other.id}/reversal`, { body: reversal })).toMatchObject({ status: 200, body: undone.body });
    expect(await availableOf('wallet:W-1042')).toBe(before + 700n);
    const twice = await admin('POST', `/v1/payments/${other.id}/reversal`, { body: { id: newId(), reason: 'again' } });
    expect(twice.body).toMatchObject({ status: 'declined' });
    await box.refuses(
      () => admin('POST', `/v1/payments/${sale.id}/reversal`, { body: { ...reversal, reason: 'other' } }),
      409,
      'id-conflict',
    );
    await box.refuses(
      () => admin('POST', '/v1/payments/none.1/reversal', { body: { id: newId(), reason: 'why' } }),
      404,
      'unknown-payment',
    );
    await box.refuses(() => admin('POST', '/v1/payments/a%20b/reversal', { body: { id: newId(), reason: 'why' } }), 404, 'unknown-payment');
  });

  it('can have its receipt again, marked as a copy', async () => {
    const sale = cash() as { id: string };
    await take(sale);
    expect(await admin('POST', `/v1/payments/${sale.id}/prints`)).toMatchObject({ status: 202, body: { copy: 0, state: 'due' } });
    expect(await admin('POST', `/v1/payments/${sale.id}/prints`)).toMatchObject({ status: 202, body: { copy: 1 } });
    await box.refuses(() => admin('POST', '/v1/payments/none.1/prints'), 404, 'unknown-payment');
    await box.refuses(() => admin('POST', '/v1/payments/%2F/prints'), 404, 'unknown-payment');
  });
});

describe('a payment is refused, and nothing moves', () => {
  it.each<[string, unknown]>([
    ['negative', '-5'],
    ['zero', '0'],
    ['with a fraction', '1.5'],
    ['with an exponent', '1e3'],
    ['with a leading zero', '007'],
    ['with a plus', '+5'],
    ['with a blank', ' 5'],
    ['in another script', '५००'],
    ['in hexadecimal', '0x10'],
    ['empty', ''],
    ['a number', 500],
    ['null', null],
    ['a list', ['5']],
    ['one beyond 64 bits', '9223372036854775808'],
    ['the largest of its length', '9999999999999999999'],
    ['of thirty digits', '1'.repeat(30)],
  ])('with an amount that is %s', async (_name, amount) => {
    const problem = await box.refuses(() => take(wallet({ amount })), 422, 'invalid-body');
    expect(problem.errors?.[0]?.path).toBe('amount');
  });

  it('with the largest amount of 64 bits: declined, not refused', async () => {
    expect((await take(wallet({ amount: '9223372036854775807' }))).body).toMatchObject({
      status: 'declined',
      reason: { code: 'not-enough' },
    });
  });

  it.each<[string, object, number, string]>([
    ['an unknown account', wallet({ account: 'wallet:W-nobody' }), 404, 'unknown-account'],
    ['an unknown counterparty', wallet({ action: 'transfer', counterparty: 'wallet:W-nobody' }), 404, 'unknown-account'],
    ['an account of no kind', wallet({ account: 'purse:W-1042' }), 422, 'invalid-body'],
    ['an account without a name', wallet({ account: 'wallet:' }), 422, 'invalid-body'],
    ['an account with a path in it', wallet({ account: 'wallet:../x' }), 422, 'invalid-body'],
    ['an unknown method', cash({ method: 'gold' }), 422, 'unknown-method'],
    ['a method of every object', cash({ method: 'constructor' }), 422, 'unknown-method'],
    ['an empty method', cash({ method: '' }), 422, 'invalid-body'],
    ['an unknown action', cash({ action: 'steal' }), 422, 'unknown-action'],
    ['an action of the journal’s own', cash({ action: 'open' }), 422, 'unknown-action'],
    ['an action of another method', cash({ action: 'top-up' }), 422, 'unknown-action'],
    ['a currency that is none', cash({ currency: 'ABC' }), 422, 'invalid-body'],
    ['a currency in small letters', cash({ currency: 'npr' }), 422, 'invalid-body'],
    ['another currency than the site’s', cash({ currency: 'EUR' }), 422, 'other-currency'],
    ['a member that is not known', cash({ tip: '5' }), 422, 'invalid-body'],
    [
      'a prototype for a member',
      JSON.parse('{"__proto__":{"id":"x"},"method":"cash","action":"sale","amount":"1","currency":"NPR"}'),
      422,
      'invalid-body',
    ],
    ['no id', { ...cash(), id: undefined }, 422, 'invalid-body'],
    ['an empty id', cash({ id: '' }), 422, 'invalid-body'],
    ['an id of 65 characters', cash({ id: 'x'.repeat(65) }), 422, 'invalid-body'],
    ['an id with a blank', cash({ id: 'a b' }), 422, 'invalid-body'],
    ['a memo of 141 characters', cash({ memo: 'x'.repeat(141) }), 422, 'invalid-body'],
    ['a memo of two lines', cash({ memo: 'one\ntwo' }), 422, 'invalid-body'],
    ['a memo that drives the printer', cash({ memo: '\u001bp0' }), 422, 'invalid-body'],
    ['half a character in its memo', cash({ memo: 'x\ud83d' }), 422, 'invalid-body'],
    ['a control character in a field', cash({ fields: { a: 'x\u0000' } }), 422, 'invalid-body'],
    ['17 fields', cash({ fields: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`f${index}`, 'x'])) }), 422, 'invalid-body'],
    ['a field of 257 characters', cash({ fields: { a: 'x'.repeat(257) } }), 422, 'invalid-body'],
    ['a field that is a number', cash({ fields: { a: 1 } }), 422, 'invalid-body'],
    ['a refund of nothing known', cash({ action: 'refund', refersTo: 'none.1' }), 404, 'unknown-payment'],
    ['a reference that is no id', cash({ action: 'refund', refersTo: 'a b' }), 422, 'invalid-body'],
  ])('with %s', async (_name, body, status, code) => {
    await box.refuses(() => take(body), status, code);
    const { id } = body as { id?: string };
    if (typeof id === 'string' && /^[\w:.-]{1,64}$/.test(id))
      await box.refuses(() => admin('GET', `/v1/payments/${id}`), 404, 'unknown-payment');
  });

  it('with an id that is not that of the header, or only a bad one there', async () => {
    const body = cash() as { id: string };
    await box.refuses(() => take(body, { 'idempotency-key': 'other' }), 422, 'invalid-body');
    await box.refuses(() => take({ ...body, id: undefined }, { 'idempotency-key': 'a b' }), 422, 'invalid-body');
  });

  it('with the id of another body, whichever member differs', async () => {
    const body = wallet({ memo: 'one', fields: { a: '1' } });
    await take(body);
    for (const change of [
      { amount: '501' },
      { action: 'cash-out' },
      { account: 'wallet:W-1043' },
      { counterparty: 'merchant:tea' },
      { memo: 'two' },
      { memo: undefined },
      { fields: { a: '2' } },
      { fields: { a: '1', b: '' } },
      { method: 'cash' },
    ]) {
      await box.refuses(() => take({ ...body, ...change }), 409, 'id-conflict');
    }
    expect((await take(body)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a body', '{"id":"x","method":'],
    ['no JSON', 'amount=5'],
    ['two bodies', '{}{}'],
    ['a number that JSON has not', '{"amount": NaN}'],
  ])('with %s for JSON', async (_name, text) => {
    await box.refuses(() => admin('POST', '/v1/payments', { text }), 400, 'malformed-json');
  });

  it.each(['null', '[]', '"x"', '5', 'true', `${'['.repeat(5_000)}${']'.repeat(5_000)}`])('with %.20s for an object', async (text) => {
    await box.refuses(() => admin('POST', '/v1/payments', { text }), 422, 'invalid-body');
  });

  it('with a body over the limit', async () => {
    const text = JSON.stringify(cash({ memo: 'x'.repeat(64 * 1024) }));
    await box.refuses(() => admin('POST', '/v1/payments', { text }), 413, 'body-too-large');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'nonsense'])(
    'sent as %s',
    async (type) => {
      await box.refuses(() => admin('POST', '/v1/payments', { body: cash(), headers: { 'content-type': type } }), 415, 'not-json');
    },
  );

  it('is taken as JSON with a charset', async () => {
    expect(
      (await admin('POST', '/v1/payments', { body: cash(), headers: { 'content-type': 'application/json; charset=utf-8' } })).status,
    ).toBe(201);
  });
});
