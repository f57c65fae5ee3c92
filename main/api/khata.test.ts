/** Khata and vouchers over HTTP: the real composition, the built cells, who may do what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import type { AccountBody, AccountListBody, StatementBody } from './schemas.ts';

const CODE = 'voucher:7K2M-9QXD-4HTP';
let box: TestBox;
let admin: Ask;
let kiosk: Ask;
let third: Ask;
let counter = 0;

beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
  third = box.token('third-party', 'pay', 'read');
  kiosk = (await box.kiosk()).ask;
  const float = { id: 'float:syabru', currency: 'NPR', opening: '500000' };
  expect((await admin('POST', '/v1/accounts', { body: float })).status).toBe(201);
});
afterAll(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const newId = (): string => `k:${++counter}`;
const pay = (ask: Ask, body: object) => ask('POST', '/v1/payments', { body: { id: newId(), currency: 'NPR', ...body } });
const openKhata = (ask: Ask, id: string, limit: string | undefined, more: object = {}) =>
  ask('POST', '/v1/accounts', { body: { id, currency: 'NPR', ...(limit === undefined ? {} : { limit }), ...more } });
const setLimit = (ask: Ask, id: string, limit: string) => ask('PUT', `/v1/accounts/${id}/limit`, { body: { limit } });

describe('the limit of a khata', () => {
  it('is the shop’s to give: a paired kiosk opens and changes it, a third party does not', async () => {
    const opened = await openKhata(kiosk, 'khata:K-1', '500000', { name: 'Nima' });
    expect(opened).toMatchObject({ status: 201, body: { limit: '500000', availableHere: '500000', name: 'Nima' } });
    expect((await openKhata(kiosk, 'khata:K-1', '500000', { name: 'Nima' })).status).toBe(200);
    expect(await openKhata(kiosk, 'khata:K-1', '1', { name: 'Nima' })).toMatchObject({ status: 409 });
    expect(await openKhata(third, 'khata:K-2', '1')).toMatchObject({ status: 403, body: { code: 'scope' } });
    expect(await kiosk('POST', '/v1/accounts', { body: { id: 'wallet:W-1', currency: 'NPR' } })).toMatchObject({ status: 403 });
    expect(await setLimit(third, 'khata:K-1', '1')).toMatchObject({ status: 403 });
    expect(await setLimit(kiosk, 'khata:K-1', '600000')).toMatchObject({ status: 200, body: { limit: '600000' } });
    expect(await setLimit(kiosk, 'khata:K-1', '600000')).toMatchObject({ status: 200, body: { limit: '600000' } });
  });

  it('is nothing or more, of a khata that is there, and not less than is owed', async () => {
    expect((await pay(kiosk, { method: 'khata', action: 'sale', account: 'khata:K-1', amount: '250000' })).status).toBe(201);
    expect(await setLimit(kiosk, 'khata:K-1', '249999')).toMatchObject({ status: 422, body: { code: 'bad-limit' } });
    expect(await setLimit(kiosk, 'khata:K-1', '-1')).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await setLimit(kiosk, 'khata:none', '5')).toMatchObject({ status: 404 });
    expect(await setLimit(admin, 'float:syabru', '5')).toMatchObject({ status: 422, body: { code: 'bad-limit' } });
    expect(await openKhata(kiosk, 'khata:K-9', '-5')).toMatchObject({ status: 422 });
    expect(await openKhata(admin, 'wallet:W-9', '5')).toMatchObject({ status: 422, body: { code: 'bad-opening' } });
    expect(await pay(kiosk, { method: 'khata', action: 'sale', account: 'khata:K-1', amount: '350001' })).toMatchObject({
      status: 201,
      body: { reason: { code: 'not-enough', availableHere: '350000' } },
    });
  });
});

describe('a statement', () => {
  it('tells every change of an account, newest first, with the balance after each, page by page', async () => {
    expect((await openKhata(kiosk, 'khata:S', '100000')).status).toBe(201);
    await pay(kiosk, { method: 'khata', action: 'sale', account: 'khata:S', amount: '30000', memo: 'for the wedding' });
    await pay(kiosk, { method: 'khata', action: 'sale', account: 'khata:S', amount: '20000' });
    await setLimit(kiosk, 'khata:S', '70000');
    await pay(kiosk, { method: 'khata', action: 'repayment', account: 'khata:S', amount: '45000' });
    const lines: StatementBody['lines'] = [];
    for (let next = ''; ; ) {
      const answer = await third('GET', `/v1/accounts/khata:S/statement?limit=2${next === '' ? '' : `&before=${next}`}`);
      expect(answer.status).toBe(200);
      const body = answer.body as StatementBody;
      expect(body.account).toMatchObject({ limit: '70000', availableHere: '65000' });
      lines.push(...body.lines);
      if (body.next === undefined) break;
      next = body.next;
    }
    expect(lines.map(({ action, amount, change, balance }) => [action, amount, change, balance])).toEqual([
      ['repayment', '45000', '45000', '-5000'],
      ['limit-lower', '30000', '0', '-50000'],
      ['sale', '20000', '-20000', '-50000'],
      ['sale', '30000', '-30000', '-30000'],
      ['open', '100000', '0', '0'],
    ]);
    expect(lines[3]?.memo).toBe('for the wedding');
    const drawer = (await third('GET', '/v1/accounts/drawer:syabru/statement?limit=1')).body as StatementBody;
    expect(drawer.lines[0]).toMatchObject({ action: 'repayment', change: '45000', balance: '45000' });
  });

  it('of what is not known, or from a place that no page gave', async () => {
    expect((await third('GET', '/v1/accounts/khata:none/statement')).status).toBe(404);
    expect((await third('GET', '/v1/accounts/khata:S/statement?before=soon')).status).toBe(422);
    expect((await third('GET', '/v1/accounts/khata:S/statement?limit=0')).status).toBe(422);
  });
});

describe('a voucher', () => {
  it('is sold by the kiosk under a code of its own, redeemed, and listed to nobody but head office', async () => {
    const issued = await pay(kiosk, { method: 'voucher', action: 'issue', account: CODE, amount: '50000', fields: { single: 'yes' } });
    expect(issued).toMatchObject({ status: 201, body: { status: 'approved' } });
    expect((await third('GET', `/v1/accounts/${CODE}`)).body).toMatchObject({ availableHere: '50000' } satisfies Partial<AccountBody>);
    const listed = async (ask: Ask): Promise<boolean> =>
      ((await ask('GET', '/v1/accounts?limit=200')).body as AccountListBody).accounts.some(({ id }) => id === CODE);
    expect(await listed(kiosk)).toBe(false);
    expect(await listed(admin)).toBe(true);
    expect(await kiosk('GET', '/v1/accounts?kind=voucher')).toMatchObject({ status: 403 });
    const redeemed = await pay(kiosk, { method: 'voucher', action: 'sale', account: CODE, amount: '50000' });
    expect(redeemed.status).toBe(201);
    expect(await pay(kiosk, { method: 'voucher', action: 'sale', account: CODE, amount: '50000' })).toMatchObject({
      status: 201,
      body: { reason: { code: 'already-done', detail: (redeemed.body as { id: string }).id } },
    });
  });

  it('whose issue is declined leaves no account', async () => {
    const other = 'voucher:0000-0000-0000';
    const issue = { method: 'voucher', action: 'issue', account: other, amount: '99999999' };
    expect(await pay(kiosk, issue)).toMatchObject({ status: 201, body: { reason: { code: 'not-enough' } } });
    expect((await third('GET', `/v1/accounts/${other}`)).status).toBe(404);
    expect(await pay(kiosk, { ...issue, action: 'sale' })).toMatchObject({ status: 404, body: { code: 'unknown-account' } });
  });

  it('limits have ids of their own, which nobody else makes', async () => {
    expect(await pay(admin, { id: 'limit:x', method: 'cash', action: 'sale', amount: '5' })).toMatchObject({ status: 422 });
  });
});
