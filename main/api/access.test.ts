/** Who is let in: pairing, tokens and their scopes, foreign hosts and origins. Deny by default, on every route that there is. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, HOST, TestBox } from '../../test/support/api/test-box.ts';
import { seededEntropy } from '../platform/entropy.ts';
import type { SessionBody, StatusBody } from './schemas.ts';
import { makeToken } from './tokens.ts';

let box: TestBox;
beforeEach(async () => {
  box = await TestBox.open();
});
afterEach(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const pair = (code: string, kiosk: unknown = 'counter') => box.ask('POST', '/v1/sessions', { body: { code, kiosk } });
const sale = { id: 'p:1', method: 'cash', action: 'sale', amount: '100', currency: 'NPR' };

/** Every route of the document, with something for each name in its path. */
async function routes(): Promise<{ method: string; path: string; open: boolean }[]> {
  const document = (await box.ask('GET', '/openapi.json')).body as { paths: Record<string, Record<string, { security?: unknown[] }>> };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{id\}/g, 'p:1'),
      open: security !== undefined && security.length === 0,
    })),
  );
}
const hidden = [
  { method: 'GET', path: '/v1/nothing-here' },
  { method: 'DELETE', path: '/v1/payments' },
  { method: 'POST', path: '/village/anything' },
];

describe('without a session or a token', () => {
  it('nothing is answered but the pages, health, the document and pairing', async () => {
    const closed = [...(await routes()).filter((route) => !route.open), ...hidden];
    expect(closed.length).toBeGreaterThan(18);
    const bad: Record<string, string>[] = [
      {},
      { cookie: 'chautari_kiosk_7070=made-up' },
      { cookie: `chautari_kiosk_7070=${'x'.repeat(500)}` },
      { cookie: 'chautari_kiosk_7070=' },
      { authorization: 'Bearer made-up' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic b2ZmaWNlOng=' },
    ];
    for (const { method, path } of closed) {
      for (const headers of bad) {
        const text = method === 'GET' || method === 'DELETE' ? {} : { text: '{}' };
        const problem = await box.refuses(() => box.ask(method, path, { headers, ...text }), 401, 'not-paired');
        expect(problem.detail, `${method} ${path}`).toContain('not paired');
      }
    }
    expect((await routes()).filter((route) => route.open).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /healthz',
      'POST /v1/sessions',
    ]);
    for (const path of ['/healthz', '/openapi.json', '/kiosk/']) expect((await box.ask('GET', path)).status, path).toBe(200);
    expect((await box.ask('GET', '/')).headers.get('location')).toBe('/kiosk/');
    expect((await box.ask('GET', '/field/')).status).toBe(404);
  });

  it('a foreign Host or Origin is refused, whoever asks', async () => {
    const { ask } = await box.kiosk();
    const foreign: [Record<string, string>, string][] = [
      [{ host: 'rebound.example' }, 'foreign-host'],
      [{ host: 'rebound.example:7070' }, 'foreign-host'],
      [{ host: '192.168.1.20:7070' }, 'foreign-host'],
      [{ host: '' }, 'foreign-host'],
      [{ origin: 'http://rebound.example' }, 'foreign-origin'],
      [{ origin: 'http://127.0.0.1:8080' }, 'foreign-origin'],
      [{ origin: 'null' }, 'foreign-origin'],
    ];
    for (const { method, path } of [...(await routes()), { method: 'GET', path: '/healthz' }, { method: 'GET', path: '/kiosk/' }]) {
      for (const [headers, code] of foreign) {
        await box.refuses(() => ask(method, path, { headers, ...(method === 'GET' ? {} : { body: sale }) }), 403, code);
      }
    }
    expect((await ask('POST', '/v1/payments', { body: sale, headers: { origin: `http://${HOST}` } })).status).toBe(201);
  });
});

describe('pairing', () => {
  it('takes the code that the box shows, once, and gives a session in a cookie that no script reads', async () => {
    const { code } = box;
    expect(box.face.sessions.pairing.shown).toBe(`${code.slice(0, 4)} ${code.slice(4)}`);
    expect(statSync(join(box.directory, 'pairing-code')).mode & 0o777).toBe(0o600);
    const answer = await pair(` ${code.slice(0, 4)}-${code.slice(4)} `);
    expect(answer.status).toBe(201);
    const session = answer.body as SessionBody;
    expect(session).toMatchObject({
      kiosk: 'counter',
      gateway: 'syabru',
      site: 'Syabru Besi',
      currency: 'NPR',
      scopes: ['pay', 'read', 'enrol'],
    });
    expect(session.session).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^chautari_kiosk_7070=[A-Za-z0-9_-]{32}; /);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part);

    const ask = box.as({ cookie: cookie.split(';')[0] as string });
    expect((await ask('GET', '/v1/session')).body).toEqual(session);
    expect((await ask('POST', '/v1/payments', { body: sale })).status).toBe(201);
    expect(box.ledger.reader.entry(1)?.operator).toBe(session.session);
    // Hashes only: neither the secret nor the code lies in the database.
    expect(box.code).not.toBe(code);
    await box.refuses(() => pair(code), 401, 'wrong-code');
  });

  it('refuses what is no code, in any script and length', async () => {
    for (const code of ['00000000', box.code.slice(0, 7), `${box.code}0`, 'abcdefgh', '१२३४५६७८'.slice(0, 7), '😀😀😀😀', '        ']) {
      await box.refuses(() => pair(code), 401, 'wrong-code');
      box.passMs(60_000);
    }
    for (const body of [
      {},
      { code: box.code },
      { code: 12345678, kiosk: 'x' },
      { code: box.code, kiosk: '' },
      { code: 'x'.repeat(33), kiosk: 'x' },
    ]) {
      await box.refuses(() => box.ask('POST', '/v1/sessions', { body }), 422, 'invalid-body');
    }
    await box.refuses(() => box.ask('POST', '/v1/sessions', { body: { code: box.code, kiosk: 'x', admin: true } }), 422, 'invalid-body');
  });

  it('takes the code typed in Nepali digits', async () => {
    const nepali = [...box.code].map((digit) => String.fromCodePoint(0x966 + Number(digit))).join('');
    expect((await pair(nepali)).status).toBe(201);
  });

  it('after five wrong codes waits, for the right one too, and for everybody', async () => {
    for (let tries = 0; tries < 5; tries++) await box.refuses(() => pair('00000000'), 401, 'wrong-code');
    for (const headers of [{}, { 'x-forwarded-for': '10.0.0.9' }] as Record<string, string>[]) {
      const answer = await box.ask('POST', '/v1/sessions', { body: { code: box.code, kiosk: 'x' }, headers });
      expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-tries' } });
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    box.passMs(12_000);
    expect((await pair(box.code)).status).toBe(201);
    // A good one gives the tries back.
    for (let tries = 0; tries < 5; tries++) await box.refuses(() => pair('00000000'), 401, 'wrong-code');
    await box.refuses(() => pair('00000000'), 429, 'too-many-tries');
  });

  it('is remembered after a restart; another box does not know it', async () => {
    const { ask, session, cookie } = await box.kiosk();
    await ask('POST', '/v1/payments', { body: sale });
    const { directory, head } = box;
    await box.close(true);
    box = await TestBox.open({ directory });
    expect(box.head).toEqual(head);
    expect((await box.as({ cookie })('GET', '/v1/session')).body).toMatchObject({ session, kiosk: 'counter' });
    const other = await TestBox.open();
    await other.refuses(() => other.as({ cookie })('GET', '/v1/session'), 401, 'not-paired');
    await other.close();
  });

  it('a kiosk that was lost is taken away: it may do nothing any more, and its session stays taken', async () => {
    const admin = box.token('owner', 'admin');
    const lost = await box.kiosk('Lost');
    const other = await box.kiosk('Front');
    const sessions = async () => ((await admin('GET', '/v1/sessions')).body as { sessions: { session: string; kiosk: string }[] }).sessions;
    const found = (await sessions()).find(({ kiosk }) => kiosk === 'Lost');
    expect(found).toMatchObject({ session: lost.session });
    expect((await admin('DELETE', `/v1/sessions/${lost.session}`)).status).toBe(204);
    await box.refuses(() => lost.ask('GET', '/v1/status'), 401, 'not-paired');
    expect((await other.ask('GET', '/v1/status')).status).toBe(200);
    expect((await sessions()).map(({ kiosk }) => kiosk)).not.toContain('Lost');
    await box.refuses(() => admin('DELETE', `/v1/sessions/${lost.session}`), 404, 'unknown-session');
    await box.refuses(() => admin('DELETE', '/v1/sessions/nonsense'), 404, 'unknown-session');
  });

  it('cookies of two boxes on one host do not meet', async () => {
    const { cookie } = await box.kiosk();
    const secret = cookie.split('=')[1];
    await box.refuses(() => box.ask('GET', '/v1/session', { headers: { cookie: `chautari_kiosk_7071=${secret}` } }), 401, 'not-paired');
    expect(
      (await box.ask('GET', '/v1/session', { headers: { host: '127.0.0.1:7071', cookie: `chautari_kiosk_7071=${secret}` } })).status,
    ).toBe(200);
  });
});

describe('tokens', () => {
  const asks: [string, string, object | undefined, string][] = [
    ['POST', '/v1/payments', sale, 'pay'],
    ['POST', '/v1/payments/p:1/reversal', { id: 'p:2', reason: 'x' }, 'pay'],
    ['POST', '/v1/payments/p:1/prints', undefined, 'pay'],
    ['PATCH', '/v1/catalogue', { items: [] }, 'pay'],
    ['POST', '/village/link', { state: 'up' }, 'pay'],
    ['GET', '/v1/payments', undefined, 'read'],
    ['GET', '/v1/payments/p:1', undefined, 'read'],
    ['GET', '/v1/accounts', undefined, 'read'],
    ['GET', '/v1/accounts/wallet:W-1', undefined, 'read'],
    ['GET', '/v1/journal', undefined, 'read'],
    ['GET', '/v1/catalogue', undefined, 'read'],
    ['GET', '/v1/events', undefined, 'read'],
    ['GET', '/metrics', undefined, 'read'],
    ['POST', '/v1/accounts', { id: 'wallet:W-1', currency: 'NPR' }, 'admin'],
    ['POST', '/v1/enrolment', { voucher: 'x' }, 'enrol'],
    ['GET', '/v1/sessions', undefined, 'admin'],
    ['DELETE', '/v1/sessions/0000000000', undefined, 'admin'],
  ];

  it('open what their scopes say and nothing else', async () => {
    for (const scope of ['pay', 'read', 'enrol', 'admin'] as const) {
      const ask = box.token(`only-${scope}`, scope);
      for (const [method, path, body, needed] of asks) {
        if (path === '/v1/events' && (scope === needed || scope === 'admin')) continue;
        const asking = () => ask(method, path, body === undefined ? {} : { body });
        if (scope === needed || scope === 'admin') expect((await asking()).status, `${scope} ${method} ${path}`).not.toBe(403);
        else await box.refuses(asking, 403, 'scope');
      }
      expect((await ask('GET', '/v1/session')).body).toMatchObject({ session: '', kiosk: `only-${scope}`, scopes: [scope] });
      expect(((await ask('GET', '/v1/status')).body as StatusBody).gateway).toBe('syabru');
    }
  });

  it('are taken away and made anew without a restart; a kiosk opens no accounts', async () => {
    const ask = box.token('till', 'read');
    expect((await ask('GET', '/v1/session')).status).toBe(200);
    makeToken(box.directory, 'till', ['read'], seededEntropy(1));
    box.passMs(1_000);
    await box.refuses(() => ask('GET', '/v1/session'), 401, 'not-paired');

    const other = box.token('other', 'read');
    writeFileSync(join(box.directory, 'tokens.json'), '{"tokens":');
    box.passMs(1_000);
    await box.refuses(() => other('GET', '/v1/session'), 401, 'not-paired');
    expect(() => makeToken(box.directory, 'x', ['read'], seededEntropy(1))).toThrow('not a list of tokens');
    rmSync(join(box.directory, 'tokens.json'));
    expect(() => makeToken(box.directory, 'Bad Name', ['read'], seededEntropy(1))).toThrow('no name for a token');

    const kiosk: Ask = (await box.kiosk()).ask;
    await box.refuses(() => kiosk('POST', '/v1/accounts', { body: { id: 'wallet:W-1', currency: 'NPR' } }), 403, 'scope');
  });

  it('are kept as hashes, in a file of this user alone', () => {
    const secret = makeToken(box.directory, 'till', ['pay'], seededEntropy(2));
    const path = join(box.directory, 'tokens.json');
    expect(readFileSync(path, 'utf8')).not.toContain(secret.slice(4));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
