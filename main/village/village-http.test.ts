/** Orders to the village: what it takes, what it refuses, and that a foreign page can order nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Village } from './village.ts';
import { villageApp } from './village-http.ts';

const directory = mkdtempSync(join(tmpdir(), 'chautari-village-'));
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'index.html'), '<!doctype html><title>village</title>');
afterAll(() => rmSync(directory, { recursive: true }));

let orders: unknown[];
let isUp: boolean;
/** A village of one gateway that notes its orders. */
const village = {
  state: () => ({ orders: orders.length }),
  setLink: (gateway: string, state: string) => gateway === 'syabru' && orders.push(['link', gateway, state]) > 0,
  kill: (name: string) => (name === 'syabru' || name === 'broker') && orders.push(['kill', name]) > 0,
  setRain: (on: boolean) => {
    orders.push(['rain', on]);
  },
} as unknown as Village;
const { app, events } = villageApp(() => (isUp ? village : undefined), directory, pino({ level: 'silent' }));
afterAll(() => events.close());

beforeEach(() => {
  orders = [];
  isUp = true;
});

const JSON_TYPE = { 'content-type': 'application/json' };
const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = body === undefined ? {} : JSON_TYPE) => {
  const answer = await app.request(`http://127.0.0.1:7000${path}`, {
    method,
    headers: { host: '127.0.0.1:7000', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, body: isJson ? await answer.json() : await answer.text(), type: answer.headers.get('content-type') };
};
const refused = async (asked: ReturnType<typeof ask>, status: number, code: string): Promise<void> => {
  expect(await asked).toMatchObject({ status, type: 'application/problem+json', body: { status, code, detail: expect.any(String) } });
  expect(orders).toEqual([]);
};

describe('orders', () => {
  it('are carried out and answered with the state after them', async () => {
    expect(await ask('POST', '/village/link', '{"gateway":"syabru","state":"cut"}')).toMatchObject({ status: 200, body: { orders: 1 } });
    expect(await ask('POST', '/village/kill', '{"process":"broker"}')).toMatchObject({ status: 200, body: { orders: 2 } });
    expect(await ask('POST', '/village/rain', '{"on":true}', { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({
      status: 200,
    });
    expect(orders).toEqual([
      ['link', 'syabru', 'cut'],
      ['kill', 'broker'],
      ['rain', true],
    ]);
    expect((await ask('GET', '/village/state')).body).toEqual({ orders: 3 });
  });

  it.each([
    ['/village/link', '{"gateway":"nowhere","state":"cut"}'],
    ['/village/kill', '{"process":"nobody"}'],
  ])('%s for a name that is not there is 404', (path, body) => refused(ask('POST', path, body), 404, 'not-found'));

  it.each([
    ['/village/link', '{"gateway":"syabru","state":"gone"}'],
    ['/village/link', '{"gateway":"syabru"}'],
    ['/village/link', '{"gateway":"syabru","state":"up","more":1}'],
    ['/village/kill', '{"process":7}'],
    ['/village/kill', `{"process":"${'x'.repeat(41)}"}`],
    ['/village/rain', '{"on":"yes"}'],
    ['/village/rain', 'null'],
    ['/village/rain', '{'],
    ['/village/rain', ''],
  ])('%s with %.60s is 422', (path, body) => refused(ask('POST', path, body), 422, 'invalid-body'));

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])('sent as %j are 415', (type) =>
    refused(ask('POST', '/village/rain', '{"on":true}', { 'content-type': type }), 415, 'not-json'),
  );

  it('over the limit are 413', () =>
    refused(ask('POST', '/village/rain', JSON.stringify({ on: 'x'.repeat(5_000) })), 413, 'body-too-large'));

  it.each<[Record<string, string>, string]>([
    [{ host: 'rebound.example:7000' }, 'foreign-host'],
    [{ origin: 'http://rebound.example' }, 'foreign-origin'],
    [{ origin: 'http://127.0.0.1:7070' }, 'foreign-origin'],
    [{ origin: 'null' }, 'foreign-origin'],
  ])('of a page with %j are 403', (headers, code) =>
    refused(ask('POST', '/village/kill', '{"process":"broker"}', { ...JSON_TYPE, ...headers }), 403, code),
  );

  it('before the village is up are told to come again', async () => {
    isUp = false;
    await refused(ask('POST', '/village/kill', '{"process":"broker"}'), 503, 'starting');
    await refused(ask('GET', '/village/state'), 503, 'starting');
    expect((await ask('GET', '/')).body).toContain('<title>village</title>');
  });

  it('of no kind that there is are 405', () => refused(ask('POST', '/village/dance', '{}'), 405, 'method-not-allowed'));
});
