import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAttempts } from './attempts.ts';
import { bodyLimit } from './body-limit.ts';
import { createEventHub, type EventHub } from './event-stream.ts';
import { hostGuard, hostNameOf, namesOfListener } from './guard.ts';
import { listen } from './listen.ts';
import { errorHandler, notFoundHandler } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { safeRelativePath, staticFiles } from './static-files.ts';

const ask = (app: Hono, path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  app.request(path, { ...init, headers: { host: '127.0.0.1:7080', ...headers } });

describe('host and origin', () => {
  const app = new Hono();
  app.use(hostGuard({ hostNames: ['office.example'], origins: ['http://127.0.0.1:7000'] }));
  app.get('/', (context) => context.text('ok'));

  test('its own names and origin pass', async () => {
    expect((await ask(app, '/')).status).toBe(200);
    expect((await ask(app, '/', { host: 'OFFICE.example:443' })).status).toBe(200);
    expect((await ask(app, '/', { host: 'localhost:7080', origin: 'http://localhost:7080' })).status).toBe(200);
    expect((await ask(app, '/', { origin: 'http://127.0.0.1:7000' })).status).toBe(200);
  });
  test('a foreign name, a foreign port and an opaque origin are refused', async () => {
    for (const headers of [
      { host: 'rebound.example:7080' },
      { host: '' },
      { host: 'localhost:7080@evil' },
      { origin: 'http://127.0.0.1:7081' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ] as Record<string, string>[]) {
      const answer = await ask(app, '/', headers);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });
  test('a wildcard listener adds no name', () => {
    expect(namesOfListener('0.0.0.0', ['Centre.example'])).toEqual(['centre.example']);
    expect(namesOfListener('::1')).toEqual(['[::1]']);
    expect(hostNameOf('[::1]:80')).toBe('[::1]');
  });
});

describe('bodies, errors and headers', () => {
  const app = new Hono();
  const logged: unknown[] = [];
  app.use(securityHeaders());
  app.use(bodyLimit(16));
  app.post('/', async (context) => context.json(await context.req.json()));
  app.get('/broken', () => {
    throw new Error('secret inside');
  });
  app.onError(errorHandler((error) => logged.push(error)));
  app.notFound(notFoundHandler);

  test('a body over the limit is 413, whatever its length header says', async () => {
    const answer = await app.request('/', { method: 'POST', body: 'x'.repeat(17) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'body-too-large', status: 413 });
  });
  test('a fault of ours says nothing of its inside, and is logged', async () => {
    const answer = await app.request('/broken');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(logged).toHaveLength(1);
  });
  test('every answer carries the policy, a missing page too', async () => {
    const answer = await app.request('/none');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('static files', () => {
  let root = '';
  let app = new Hono();
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'static-'));
    mkdirSync(join(root, 'page/assets'), { recursive: true });
    writeFileSync(join(root, 'outside.txt'), 'no');
    writeFileSync(join(root, 'page/index.html'), '<!doctype html>');
    writeFileSync(join(root, 'page/.hidden'), 'no');
    writeFileSync(join(root, 'page/assets/index-C4f8x2Pq.js'), 'let a;');
    symlinkSync(join(root, 'outside.txt'), join(root, 'page/link.txt'));
    app = new Hono();
    app.all('/office/*', staticFiles({ directory: join(root, 'page'), prefix: '/office/', fallbackToIndex: true }));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('hashed files are immutable, the page is asked for again', async () => {
    const page = await app.request('/office/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await app.request('/office/', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const script = await app.request('/office/assets/index-C4f8x2Pq.js');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect((await app.request('/office/accounts')).status).toBe(200);
  });
  test('nothing outside is sent, by no spelling', async () => {
    for (const path of [
      '/office/../outside.txt',
      '/office/%2e%2e/outside.txt',
      '/office/..%2foutside.txt',
      '/office/%252e%252e%252foutside.txt',
      '/office/..%5coutside.txt',
      '/office/link.txt',
      '/office/.hidden',
      '/office/%00',
      '/office/%ff',
    ]) {
      const answer = await app.request(path);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(safeRelativePath('/a//b.js')).toBe('a/b.js');
    expect((await app.request('/office/', { method: 'POST' })).status).toBe(405);
  });
});

describe('events', () => {
  let hub: EventHub;
  afterEach(() => hub.close());
  const opened = (headers: Record<string, string> = {}) => {
    const app = new Hono();
    app.get('/', (context) => hub.open(context));
    return app.request('/', { headers });
  };
  const readUntil = async (response: Response, word: string) => {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes(word)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    await reader.cancel();
    return text;
  };

  test('a listener that comes back gets what it missed', async () => {
    hub = createEventHub();
    for (let index = 1; index <= 5; index++) hub.publish('entry', { index });
    const text = await readUntil(await opened({ 'last-event-id': '3' }), '"index":5');
    expect(text).toContain('id: 4\nevent: entry\ndata: {"index":4}');
    expect(text).not.toContain('"index":3');
    expect(hub.listeners()).toBe(0);
  });
  test('what is no longer known is a reset', async () => {
    hub = createEventHub({ historyLimit: 2 });
    for (let index = 1; index <= 5; index++) hub.publish('entry', { index });
    expect(await readUntil(await opened({ 'last-event-id': '2' }), 'reset')).toContain('event: reset');
    expect(await readUntil(await opened({ 'last-event-id': '99' }), 'reset')).toContain('id: 5\nevent: reset');
  });
  test('listeners are bounded, and one that does not read is cut off', async () => {
    hub = createEventHub({ listenerLimit: 1, backlogBytes: 64 });
    const silent = await opened();
    expect((await opened()).status).toBe(503);
    for (let index = 0; index < 20; index++) hub.publish('entry', { index });
    expect(hub.listeners()).toBe(0);
    await silent.body?.cancel();
  });
});

describe('attempts', () => {
  test('five tries a minute for a key, refilled with time, forgiven on success', () => {
    const attempts = createAttempts({ tries: 5, perMs: 60_000 });
    for (let index = 0; index < 5; index++) expect(attempts.take('a', 0)).toBe(true);
    expect(attempts.take('a', 0)).toBe(false);
    expect(attempts.take('b', 0)).toBe(true);
    expect(attempts.take('a', 12_000)).toBe(true);
    attempts.forgive('a');
    expect(attempts.take('a', 12_000)).toBe(true);
  });
  test('a flood of keys shares one bucket', () => {
    const attempts = createAttempts({ tries: 2, perMs: 60_000, keyLimit: 3 });
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect(attempts.take(key, 1)).toBe(true);
    expect(attempts.take('f', 1)).toBe(false);
    expect(attempts.take('a', 1)).toBe(true);
  });
  test('a clock set back locks nobody out for longer than a period', () => {
    const attempts = createAttempts({ tries: 1, perMs: 1000 });
    expect(attempts.take('a', 1e12)).toBe(true);
    expect(attempts.take('a', 0)).toBe(false);
    expect(attempts.take('a', 1000)).toBe(true);
  });
});

test('a port in use is a fault that says what to do', async () => {
  const first = await listen(() => new Response('ok'), { host: '127.0.0.1', port: 0 });
  if (!first.ok) throw new Error(first.error.detail);
  const second = await listen(() => new Response('ok'), { host: '127.0.0.1', port: first.value.port });
  expect(second).toMatchObject({ ok: false, error: { code: 'port-in-use' } });
  expect(await (await fetch(first.value.url)).text()).toBe('ok');
  await first.value.close();
});
