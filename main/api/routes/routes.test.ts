/** Accounts, journal, history, catalogue, enrolment, village and health: good answers, bad questions, and a box that is not enrolled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../../test/support/api/test-box.ts';
import { type Fetch, listen } from '../../platform/http/listen.ts';
import type { AccountBody, AccountListBody, CatalogueBody, HistoryBody, JournalBody, StatusBody } from '../schemas.ts';

let box: TestBox;
let admin: Ask;
beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
});
afterAll(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const sale = (id: string) =>
  admin('POST', '/v1/payments', { body: { id, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' } });

describe('accounts', () => {
  const open = (body: object) => admin('POST', '/v1/accounts', { body: { currency: 'NPR', ...body } });

  it('are opened once, with what they hold at first, found by kind, id and name, and read', async () => {
    const opened = await open({ id: 'wallet:W-1', opening: '5000', name: 'Kamala Thapa' });
    expect(opened).toMatchObject({
      status: 201,
      body: { id: 'wallet:W-1', kind: 'wallet', availableHere: '5000', limit: '0', open: true, name: 'Kamala Thapa' },
    });
    const { head } = box;
    expect(await open({ id: 'wallet:W-1', opening: '5000', name: 'Kamala Thapa' })).toMatchObject({ status: 200, body: opened.body });
    expect(box.head).toEqual(head);
    await open({ id: 'wallet:W-2', name: 'Dawa Sherpa' });
    const find = async (query: string): Promise<string[]> =>
      ((await admin('GET', `/v1/accounts?${query}`)).body as AccountListBody).accounts.map(({ id }) => id);
    expect(await find('kind=wallet')).toEqual(['wallet:W-1', 'wallet:W-2']);
    expect(await find('kind=wallet&query=SHERPA')).toEqual(['wallet:W-2']);
    expect(await find('query=w-1')).toEqual(['wallet:W-1']);
    expect(await find('kind=wallet&limit=1')).toEqual(['wallet:W-1']);
    expect(await find('query=%25')).toEqual([]);
    expect((await admin('GET', '/v1/accounts/wallet:W-1')).body).toEqual(opened.body);
    expect(((await admin('GET', '/v1/accounts/drawer:syabru')).body as AccountBody).kind).toBe('drawer');
  });

  it.each<[string, object, number, string]>([
    ['the same account otherwise', { id: 'wallet:W-1', opening: '1' }, 409, 'id-conflict'],
    ['an account that was there from the start', { id: 'drawer:syabru' }, 409, 'already-open'],
    ['less than nothing', { id: 'wallet:W-9', opening: '-1' }, 422, 'invalid-body'],
    ['a fraction', { id: 'wallet:W-9', opening: '1.0' }, 422, 'invalid-body'],
    ['more than 64 bits', { id: 'wallet:W-9', opening: '9223372036854775808' }, 422, 'invalid-body'],
    ['a number', { id: 'wallet:W-9', opening: 5 }, 422, 'invalid-body'],
    ['a kind that is not opened here', { id: 'transit:x' }, 422, 'bad-opening'],
    ['the float of another site', { id: 'float:gatlang', opening: '5' }, 422, 'bad-opening'],
    ['money on an account that issues none', { id: 'bank:nabil', opening: '5' }, 422, 'bad-opening'],
    ['no kind', { id: 'wallet' }, 422, 'invalid-body'],
    ['an unknown kind', { id: 'purse:x' }, 422, 'invalid-body'],
    ['another currency', { id: 'wallet:W-9', currency: 'EUR' }, 422, 'other-currency'],
    ['an unknown currency', { id: 'wallet:W-9', currency: 'XXX' }, 422, 'invalid-body'],
    ['a name without end', { id: 'wallet:W-9', name: 'x'.repeat(81) }, 422, 'invalid-body'],
    ['a name of one control character', { id: 'wallet:W-9', name: '\u0000' }, 422, 'invalid-body'],
    ['a member that is not known', { id: 'wallet:W-9', floor: '-100' }, 422, 'invalid-body'],
  ])('are not opened with %s', async (_name, body, status, code) => {
    await box.refuses(() => open(body), status, code);
  });

  it('that are not known, or no ids, are 404', async () => {
    for (const id of ['wallet:W-none', 'purse:x', 'x', '%00', 'wallet:%2e%2e', '%E0%A4%A', 'constructor:x']) {
      await box.refuses(() => admin('GET', `/v1/accounts/${id}`), 404, 'unknown-account');
    }
  });
});

describe('pages', () => {
  it('of history and journal follow each other without a gap', async () => {
    for (let index = 0; index < 7; index++) expect((await sale(`page:${index}`)).status).toBe(201);
    const seen: string[] = [];
    for (let before: number | undefined; ; ) {
      const page = (await admin('GET', `/v1/payments?limit=3${before === undefined ? '' : `&before=${before}`}`)).body as HistoryBody;
      seen.push(...page.payments.map(({ id }) => id));
      if (page.next === undefined) break;
      before = page.next;
    }
    expect(seen.slice(0, 7)).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `page:${index}`));
    expect(new Set(seen).size).toBe(seen.length);

    const numbers: number[] = [];
    for (let after = 0; ; ) {
      const page = (await admin('GET', `/v1/journal?limit=4&after=${after}`)).body as JournalBody;
      numbers.push(...page.entries.map(({ number }) => number));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(numbers).toEqual(Array.from({ length: box.head.number }, (_, index) => index + 1));
    expect(((await admin('GET', '/v1/journal?after=9007199254740991')).body as JournalBody).entries).toEqual([]);
  });

  it.each([
    '/v1/payments?limit=0',
    '/v1/payments?limit=201',
    '/v1/payments?limit=1.5',
    '/v1/payments?limit=many',
    '/v1/payments?before=0',
    '/v1/payments?before=-1',
    '/v1/payments?before=1e400',
    '/v1/payments?before=9007199254740993',
    '/v1/journal?after=-1',
    '/v1/journal?after=x',
    '/v1/journal?limit=1001',
    '/v1/accounts?limit=201',
    '/v1/accounts?kind=purse',
    '/v1/accounts?kind=__proto__',
    `/v1/accounts?query=${'x'.repeat(65)}`,
  ])('that are asked for as %s are refused', async (path) => {
    await box.refuses(() => admin('GET', path), 422, 'invalid-query');
  });
});

describe('the catalogue', () => {
  const item = {
    id: 'jira-rice',
    name: { en: 'Jira rice', ne: 'जिरा चामल' },
    unit: { en: '1 kg', ne: '१ केजी' },
    price: '11000',
    category: 'grain',
    icon: 'wheat',
  };
  const edit = (body: unknown) => admin('PATCH', '/v1/catalogue', { body });

  it('is changed item by item, and keeps what was not named', async () => {
    expect((await admin('GET', '/v1/catalogue')).body).toMatchObject({ items: [] });
    expect((await edit({ items: [item] })).body).toMatchObject({ items: [item] });
    expect((await edit({ items: [{ id: item.id, price: '12000' }] })).body).toMatchObject({ items: [{ ...item, price: '12000' }] });
    expect(((await admin('GET', '/v1/catalogue')).body as CatalogueBody).asOf).toBe(new Date(box.face.now()).toISOString());
    expect((await edit({ remove: [item.id] })).body).toMatchObject({ items: [] });
  });

  it.each<[string, unknown, string]>([
    ['an item without a price', { items: [{ ...item, id: 'new', price: undefined }] }, 'bad-item'],
    ['a price of nothing', { items: [{ ...item, price: '0' }] }, 'invalid-body'],
    ['a price that is a number', { items: [{ ...item, price: 5 }] }, 'invalid-body'],
    ['an item of a strange name', { items: [{ ...item, id: '../x' }] }, 'invalid-body'],
    ['a member that is not known', { items: [{ ...item, cost: '5' }] }, 'invalid-body'],
    ['a third language', { items: [{ ...item, name: { ...item.name, fr: 'riz' } }] }, 'invalid-body'],
    ['too many items at once', { items: Array.from({ length: 201 }, (_, index) => ({ ...item, id: `i-${index}` })) }, 'invalid-body'],
  ])('does not take %s', async (_name, body, code) => {
    const before = (await admin('GET', '/v1/catalogue')).body;
    await box.refuses(() => edit(body), 422, code);
    expect((await admin('GET', '/v1/catalogue')).body).toEqual(before);
  });
});

describe('the box', () => {
  it('says how it stands', async () => {
    const { body } = await admin('GET', '/v1/status');
    expect(body).toMatchObject({
      gateway: 'syabru',
      head: box.head,
      watermark: { received: 0, archived: 0 },
      pending: { entries: box.head.number },
      link: { state: 'off' },
      printer: { state: 'none', waiting: 0 },
      accepted: true,
      village: false,
    });
    expect((body as StatusBody).methods.map(({ method }) => method)).toEqual(expect.arrayContaining(['cash', 'wallet']));
    expect((await box.ask('GET', '/healthz')).body).toEqual({ ok: true });
    const metrics = await admin('GET', '/metrics');
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    expect(metrics.body).toContain(`chautari_journal_head ${box.head.number}`);
    expect(metrics.body).toMatch(/chautari_payments_total\{method="cash",outcome="approved"\} [1-9]/);
  });

  it('is enrolled once', async () => {
    expect((await admin('GET', '/v1/enrolment')).body).toMatchObject({ state: 'enrolled', gateway: 'syabru', site: 'Syabru Besi' });
    await box.refuses(() => admin('POST', '/v1/enrolment', { body: { voucher: 'AAAA-BBBB' } }), 409, 'enrolled-already');
    await box.refuses(() => admin('POST', '/v1/enrolment', { body: { voucher: '' } }), 422, 'invalid-body');
  });

  it('has no link to switch unless a village started it', async () => {
    await box.refuses(() => admin('POST', '/village/link', { body: { state: 'cut' } }), 404, 'not-found');
    await box.refuses(() => admin('POST', '/village/link', { body: { state: 'gone' } }), 422, 'invalid-body');
    await box.refuses(() => admin('GET', '/v1/nothing'), 404, 'not-found');
    await box.refuses(() => admin('PUT', '/v1/payments', { body: {} }), 404, 'not-found');
  });

  it('that is fenced takes no money, says why, and shows what it has', async () => {
    const fenced = await TestBox.open();
    const ask = fenced.token('till', 'pay', 'read', 'admin');
    const body = { id: 'f:1', method: 'cash', action: 'sale', amount: '100', currency: 'NPR' };
    await ask('POST', '/v1/payments', { body });
    await fenced.ledger.writer.execute('fence', { reason: 'head office holds another entry 1', at: 1 });
    await fenced.refuses(() => ask('POST', '/v1/payments', { body: { ...body, id: 'f:2' } }), 503, 'fenced');
    await fenced.refuses(() => ask('POST', '/v1/accounts', { body: { id: 'wallet:W', currency: 'NPR' } }), 503, 'fenced');
    await fenced.refuses(() => ask('POST', '/v1/payments/f:1/reversal', { body: { id: 'f:3', reason: 'x' } }), 503, 'fenced');
    expect(await ask('POST', '/v1/payments', { body })).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await fenced.ask('GET', '/healthz')).toMatchObject({
      status: 503,
      body: { ok: false, reason: expect.stringContaining('entry 1') },
    });
    expect(((await ask('GET', '/v1/status')).body as StatusBody).fenced).toContain('entry 1');
    await fenced.close();
  });

  it('whose writer is stopping or down tells callers to come again', async () => {
    const stopping = await TestBox.open();
    const ask = stopping.token('till', 'pay');
    await stopping.ledger.writer.stop();
    const answer = await ask('POST', '/v1/payments', { body: { id: 's:1', method: 'cash', action: 'sale', amount: '1', currency: 'NPR' } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'stopping' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await stopping.ask('GET', '/healthz')).status).toBe(503);
    await stopping.close();
  });
});

describe('in a village', () => {
  it('the link is switched by the village, or the answer says that it was not', async () => {
    const orders: unknown[] = [];
    let status = 200;
    const village = await listen(
      async (request) => {
        orders.push(await request.json());
        return new Response('{}', { status });
      },
      { host: '127.0.0.1', port: 0 },
    );
    if (!village.ok) throw new Error(village.error.detail);
    const here = await TestBox.open({ villageUrl: village.value.url });
    const ask = here.token('till', 'pay');
    expect(await ask('POST', '/village/link', { body: { state: 'cut' } })).toMatchObject({ status: 200, body: { state: 'cut' } });
    expect(orders).toEqual([{ gateway: 'syabru', state: 'cut' }]);
    status = 404;
    await here.refuses(() => ask('POST', '/village/link', { body: { state: 'up' } }), 503, 'village');
    await village.value.close(0);
    await here.refuses(() => ask('POST', '/village/link', { body: { state: 'up' } }), 503, 'village');
    await here.close();
  });
});

describe('a box that is not enrolled', () => {
  it('lets kiosks in, takes no money, and says what to do', async () => {
    const bare = await TestBox.open({ enrolled: false });
    const admin = bare.token('office', 'admin');
    expect((await bare.kiosk()).session).toMatch(/^.{10}$/);
    const refused: [string, string, object][] = [
      ['POST', '/v1/payments', { id: 'x', method: 'cash', action: 'sale', amount: '1', currency: 'NPR' }],
      ['POST', '/v1/payments/x/reversal', { id: 'y', reason: 'x' }],
      ['POST', '/v1/accounts', { id: 'wallet:W', currency: 'NPR' }],
      ['PATCH', '/v1/catalogue', { remove: ['x'] }],
    ];
    for (const [method, path, body] of refused) {
      expect(await admin(method, path, { body }), path).toMatchObject({ status: 503, body: { code: 'not-enrolled' } });
    }
    expect(await admin('POST', '/v1/payments/x/prints')).toMatchObject({ status: 503, body: { code: 'not-enrolled' } });
    expect(await admin('GET', '/v1/journal')).toMatchObject({ status: 503, body: { code: 'not-enrolled' } });
    expect((await admin('GET', '/v1/payments')).body).toEqual({ payments: [] });
    expect((await admin('GET', '/v1/payments/x')).status).toBe(404);
    expect((await admin('GET', '/v1/accounts')).body).toEqual({ accounts: [] });
    expect((await admin('GET', '/v1/accounts/wallet:W')).status).toBe(404);
    expect((await admin('GET', '/v1/catalogue')).body).toMatchObject({ items: [] });
    expect((await admin('GET', '/v1/status')).body).toMatchObject({ gateway: '', accepted: false, head: { number: 0 } });
    expect((await bare.ask('GET', '/healthz')).body).toMatchObject({ ok: false, reason: expect.stringContaining('/field/') });

    expect((await admin('GET', '/v1/enrolment')).body).toMatchObject({ state: 'none' });
    expect(await admin('POST', '/v1/enrolment', { body: { voucher: 'nonsense' } })).toMatchObject({
      status: 422,
      body: { code: 'bad-voucher' },
    });
    expect(await admin('POST', '/v1/enrolment', { body: { voucher: '0123-4567-89ab-cdef-ghjk' } })).toMatchObject({
      status: 202,
      body: { state: 'asking' },
    });
    expect((await admin('GET', '/v1/enrolment')).body).toMatchObject({ state: 'asking' });
    expect(bare.failures).toEqual([]);
    await bare.close();
  });
});

it('is served as a whole, pages included', async () => {
  const server = await listen(box.app.fetch as Fetch, { host: '127.0.0.1', port: 0 });
  if (!server.ok) throw new Error(server.error.detail);
  const page = await fetch(`${server.value.url}/kiosk/`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('<title>kiosk</title>');
  expect((await fetch(`${server.value.url}/kiosk`, { redirect: 'manual' })).headers.get('location')).toBe('/kiosk/');
  expect((await fetch(`${server.value.url}/kiosk/..%2f..%2fidentity.pem`)).status).toBe(404);
  await server.value.close(0);
});
