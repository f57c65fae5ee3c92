import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededEntropy, systemEntropy } from '../../main/platform/entropy.ts';
import { createEventHub, type EventHub } from '../../main/platform/http/event-stream.ts';
import { must } from '../ledger/result.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { openLease } from '../protocol/lease.ts';
import type { Signer } from '../protocol/signing.ts';
import { noDocuments } from './documents.ts';
import { createGatewayList } from './gateways.ts';
import { centralApp } from './http.ts';
import { Ingest } from './ingest.ts';
import { createMetrics } from './metrics.ts';
import type { OfficeApp } from './office.ts';
import { loadOfficePassword } from './password.ts';
import {
  Breaks,
  CentreAccount,
  CentreAccounts,
  CentreEntries,
  CentreEntry,
  CentreGateways,
  CentreStatus,
  GivenLease,
  Meters,
  OfficeSession,
  Refused,
  TrialBalance,
  Voucher,
  Vouchers,
} from './schemas.ts';
import { openDatabase } from './sqlite/open.ts';
import { createSqliteTables } from './sqlite/sqlite-tables.ts';
import { StorageFault, type Tables } from './tables.ts';
import { Box, enrolBox } from './testing.ts';

const HOST = '127.0.0.1:7060';
let directory = '';
let tables: Tables;
let app: OfficeApp;
let ingest: Ingest;
let hub: EventHub;
let nowMs = Date.UTC(2026, 9, 2, 6);
let trouble: string | undefined;
let said: { path: string; password: string }[] = [];
let cookie = '';
let signer: Signer;
const box = new Box('syabru', 3, 5).openAll().pay(60);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'office-'));
  mkdirSync(join(directory, 'page'));
  writeFileSync(join(directory, 'page/index.html'), '<!doctype html><title>Office</title>');
  nowMs = Date.UTC(2026, 9, 2, 6);
  trouble = undefined;
  said = [];
  cookie = '';
  tables = createSqliteTables(openDatabase(join(directory, 'central.sqlite')));
  signer = signerFromPem(generateKey());
  const now = () => nowMs;
  const none = () => undefined;
  const documents = noDocuments(now);
  const events = { stored: none, broke: none, fenced: none, enrolled: none, met: none, storage: none };
  ingest = new Ingest({ tables, signer, now, entropy: systemEntropy, documents, events });
  await enrolBox(tables, box);
  await ingest.load();
  await ingest.receive('u/syabru', box.batch(1, 40));
  await ingest.receive('u/unknown', new Uint8Array([0x11, 1]));
  hub = createEventHub();
  app = centralApp({
    office: {
      tables,
      gateways: createGatewayList({ tables, desk: ingest.desk, refusals: ingest.refusals, now, silentAfterMs: 60_000 }),
      documents,
      sendDocuments: none,
      flush: () => ingest.flush(),
      hub,
      metrics: createMetrics(ingest, () => hub.listeners()),
      password: await loadOfficePassword(tables, directory, seededEntropy(4), (path, password) => said.push({ path, password })),
      now,
      entropy: systemEntropy,
      version: '0.0.0',
      signer,
      keyFingerprint: 'f'.repeat(64),
      broker: () => ({ state: 'away', sinceMs: nowMs }),
      trouble: () => trouble,
      logError: (error) => {
        throw error;
      },
    },
    pagesDirectory: join(directory, 'page'),
    hostNames: [],
  });
});
afterEach(async () => {
  hub.close();
  await tables.close();
  rmSync(directory, { recursive: true });
});

const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  app.request(path, { ...init, headers: { host: HOST, ...(cookie === '' ? {} : { cookie }), ...init.headers } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
const json = async (path: string) => (await ask(path)).json();
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
const signIn = async () => {
  const answer = await post('/v1/sessions', { password: said[0]?.password });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return answer;
};

describe('who may ask', () => {
  test('without a session nothing is answered but the pages, health, the description and signing in', async () => {
    const paths = [
      '/v1/status',
      '/v1/entries',
      '/v1/accounts',
      '/v1/gateways',
      '/v1/breaks',
      '/v1/changes',
      '/v1/trial-balance',
      '/v1/vouchers',
      '/v1/meters',
      '/v1/leases',
    ];
    for (const path of [
      ...paths,
      '/v1/refused',
      '/v1/catalogue',
      '/v1/export',
      '/v1/events',
      '/v1/session',
      '/metrics',
      '/v1/nothing',
      '/x',
    ]) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/openapi.json')).status).toBe(200);
    expect((await ask('/office/')).status).toBe(200);
    expect((await ask('/office/%2e%2e/central.sqlite')).status).toBe(401);
    expect((await ask('/office/%2e%2e%2fcentral.sqlite')).status).toBe(404);
    expect((await ask('/')).headers.get('location')).toBe('/office/');
    cookie = 'chautari_office=forged';
    expect((await ask('/v1/status')).status).toBe(401);
  });

  test('the password is said once, and signs in; the cookie is strict and not for scripts', async () => {
    expect(said).toHaveLength(1);
    const answer = await signIn();
    expect(answer.status).toBe(201);
    expect(OfficeSession.parse(await answer.json()).user).toBe('office');
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
    expect((await ask('/v1/session')).status).toBe(200);
    await loadOfficePassword(tables, directory, seededEntropy(5), (path, password) => said.push({ path, password }));
    expect(said).toHaveLength(1);
    expect((await ask('/v1/session', { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/v1/session')).status).toBe(401);
    await signIn();
    nowMs += 12 * 3_600_000;
    expect((await ask('/v1/session')).status).toBe(401);
  });

  test('a password that was written into the file is taken at the next start', async () => {
    writeFileSync(join(directory, 'office-password'), 'namaste-1234\n');
    const password = await loadOfficePassword(tables, directory, systemEntropy, () => undefined);
    expect(await password.verify('namaste-1234')).toBe(true);
    expect(await password.verify(said[0]?.password ?? '')).toBe(false);
    rmSync(join(directory, 'office-password'));
    const kept = await loadOfficePassword(tables, directory, systemEntropy, () => undefined);
    expect(await kept.verify('namaste-1234')).toBe(true);
  });

  test('guessing is slowed: five tries a minute', async () => {
    for (let index = 0; index < 5; index++)
      expect(await codeOf(await post('/v1/sessions', { password: `no${index}` }))).toEqual([401, 'wrong-password']);
    expect(await codeOf(await post('/v1/sessions', { password: said[0]?.password }))).toEqual([429, 'too-many-tries']);
    nowMs += 60_000;
    expect((await signIn()).status).toBe(201);
  });

  test('a foreign host name and a foreign origin are refused before anything else', async () => {
    expect(await codeOf(await ask('/healthz', { headers: { host: 'rebound.example' } }))).toEqual([403, 'foreign-host']);
    const foreign = await post('/v1/sessions', { password: 'x' }, { origin: 'https://evil.example' });
    expect(await codeOf(foreign)).toEqual([403, 'foreign-origin']);
    expect((await post('/v1/sessions', { password: 'x' }, { origin: `http://${HOST}` })).status).toBe(401);
  });
});

describe('bad input', () => {
  beforeEach(async () => {
    await signIn();
  });
  test('each is a typed problem, and nothing changes', async () => {
    expect(await codeOf(await ask('/v1/vouchers', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }))).toEqual(
      [400, 'malformed-json'],
    );
    for (const body of [
      {},
      { gateway: 'A', site: 's' },
      { gateway: 'ab', site: '' },
      { gateway: 'ab', site: 's', more: 1 },
      [],
      'x',
      null,
    ]) {
      expect(await codeOf(await post('/v1/vouchers', body))).toEqual([422, 'invalid-body']);
    }
    expect(await codeOf(await post('/v1/vouchers', { gateway: 'v-ab12', site: 's' }))).toEqual([422, 'bad-gateway']);
    expect(await codeOf(await post('/v1/vouchers', { gateway: 'ab', site: 'x'.repeat(70_000) }))).toEqual([413, 'body-too-large']);
    for (const query of ['limit=0', 'limit=9999', 'after=-1', 'account=cash', 'gateway=A', 'from=yesterday', 'unknown=1']) {
      expect([query, ...(await codeOf(await ask(`/v1/entries?${query}`)))]).toEqual([query, 422, 'invalid-query']);
    }
    expect(await codeOf(await ask('/v1/entries/abc'))).toEqual([422, 'invalid-query']);
    expect(await codeOf(await ask(`/v1/entries/${'0'.repeat(64)}`))).toEqual([404, 'unknown-entry']);
    expect(await codeOf(await ask('/v1/accounts/wallet:none'))).toEqual([404, 'unknown-account']);
    expect(await codeOf(await ask('/v1/nothing'))).toEqual([404, 'not-found']);
    expect((await tables.vouchers(10)).length).toBe(1);
  });
  test('without the right content type a body is not taken', async () => {
    const body = JSON.stringify({ gateway: 'gatlang', site: 'Gatlang' });
    const answer = await ask('/v1/vouchers', { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
    expect(await codeOf(answer)).toEqual([415, 'not-json']);
    expect((await tables.vouchers(10)).length).toBe(1);
  });
});

describe('what the office reads', () => {
  beforeEach(async () => {
    await signIn();
  });

  test('entries: the newest first in pages, by account, by gateway, by time, by hash', async () => {
    const first = CentreEntries.parse(await json('/v1/entries?limit=15'));
    expect(first.entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 15 }, (_, index) => 40 - index));
    expect(first).toMatchObject({ next: 26, total: 40 });
    const second = CentreEntries.parse(await json(`/v1/entries?limit=500&after=${first.next}`));
    expect(second.entries).toHaveLength(25);
    expect(second.next).toBeUndefined();
    const drawer = CentreEntries.parse(await json('/v1/entries?account=drawer:syabru&limit=500'));
    expect(drawer.entries.every(({ postings }) => postings.some(({ account }) => account === 'drawer:syabru'))).toBe(true);
    expect(CentreEntries.parse(await json('/v1/entries?gateway=gatlang')).entries).toEqual([]);
    const tenth = box.entries[9];
    if (tenth === undefined) throw new Error('no tenth entry');
    const until = CentreEntries.parse(await json(`/v1/entries?to=${new Date(tenth.at).toISOString()}`));
    expect(until.entries).toHaveLength(9);
    const one = CentreEntry.parse(await json(`/v1/entries/${tenth.hash}`));
    expect(one).toMatchObject({ number: 10, paymentId: tenth.paymentId, standing: 'canonical', amount: tenth.amount.toString() });
  });

  test('changes: every entry once, rising; an empty page keeps the place', async () => {
    const page = CentreEntries.parse(await json('/v1/changes?limit=30'));
    expect(page.entries.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(CentreEntries.parse(await json(`/v1/changes?after=${page.next}`)).entries).toHaveLength(10);
    expect(await json('/v1/changes?after=40')).toEqual({ entries: [], next: 40 });
  });

  test('accounts, one with its positions and until when it is sure, and the trial balance', async () => {
    const accounts = CentreAccounts.parse(await json('/v1/accounts?kind=wallet&limit=3'));
    expect(accounts.accounts).toHaveLength(3);
    const rest = CentreAccounts.parse(await json(`/v1/accounts?kind=wallet&after=${accounts.next}`));
    expect(rest.accounts).toHaveLength(2);
    expect(await codeOf(await ask('/v1/accounts?kind=none'))).toEqual([422, 'invalid-query']);
    const one = CentreAccount.parse(await json('/v1/accounts/wallet:sya-1'));
    expect(one.positions).toMatchObject([{ gateway: 'syabru', balance: one.balance, available: (-BigInt(one.balance)).toString() }]);
    expect(one.sureUntil).toBe(new Date(box.entries[39]?.at ?? 0).toISOString());
    await ingest.receive('u/syabru', box.batch(41, box.head.number));
    expect(CentreAccount.parse(await json('/v1/accounts/wallet:sya-1')).sureUntil).toBe(new Date(nowMs).toISOString());
    const trial = TrialBalance.parse(await json('/v1/trial-balance'));
    expect(trial.debit).toBe(trial.credit);
    expect(trial).toMatchObject({ currency: 'NPR', entries: box.head.number });
  });

  test('gateways: live, silent, waiting; what was refused; status; metrics', async () => {
    const made = Voucher.parse(await (await post('/v1/vouchers', { gateway: 'gatlang', site: 'Gatlang' })).json());
    expect(made.code).toMatch(/^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
    expect(Vouchers.parse(await json('/v1/vouchers')).vouchers.map(({ code }) => code)).toEqual([undefined, undefined]);
    const gateways = CentreGateways.parse(await json('/v1/gateways')).gateways;
    expect(gateways).toMatchObject([
      { gateway: 'gatlang', state: 'waiting', watermark: 0 },
      { gateway: 'syabru', state: 'live', watermark: 40, announced: box.head.number, lag: box.head.number - 40, entries: 40, batches: 1 },
    ]);
    nowMs += 60_001;
    expect(CentreGateways.parse(await json('/v1/gateways')).gateways[1]?.state).toBe('silent');
    expect(Refused.parse(await json('/v1/refused')).refused).toMatchObject([{ topic: 'u/unknown', count: 1 }]);
    const status = CentreStatus.parse(await json('/v1/status'));
    expect(status).toMatchObject({ broker: 'away', entries: 40, gateways: 1, openBreaks: 0 });
    // Six of the forty opened accounts.
    expect(status.settledToday.entries).toBe(34);
    expect(Breaks.parse(await json('/v1/breaks'))).toEqual({ breaks: [], open: 0 });
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain(`chautari_centre_lag_entries{gateway="syabru",epoch="${box.name.epoch}"} ${box.head.number - 40}`);
  });

  test('meters and leases: a key goes in and does not come out; a lease is a text that its box can open', async () => {
    const meter = { meter: 'M-204', key: 'bc41ec9530f6dac86b1a29ab82edc5fb', startingCode: 516_959_010, price: '1500', currency: 'NPR' };
    const made = await post('/v1/meters', meter);
    expect(made.status).toBe(201);
    expect((await post('/v1/meters', meter)).status).toBe(200);
    expect(await codeOf(await post('/v1/meters', { ...meter, price: '1600' }))).toEqual([409, 'meter-conflict']);
    for (const wrong of [{ key: 'x' }, { startingCode: 1e9 }, { price: '0' }, { mode: 'counter-sync' }, { meter: 'a b' }]) {
      expect(await codeOf(await post('/v1/meters', { ...meter, ...wrong }))).toEqual([422, 'invalid-body']);
    }
    const meters = await (await ask('/v1/meters')).text();
    expect(Meters.parse(JSON.parse(meters)).meters).toMatchObject([{ meter: 'M-204', unit: 'day', mode: 'add-time', lastCount: 1 }]);
    expect(meters).not.toContain(meter.key);

    expect(await codeOf(await post('/v1/leases', { gateway: 'nowhere', meter: 'M-204' }))).toEqual([422, 'unknown-gateway']);
    expect(await codeOf(await post('/v1/leases', { gateway: 'syabru', meter: 'M-1' }))).toEqual([422, 'unknown-meter']);
    expect(await codeOf(await post('/v1/leases', { gateway: 'syabru', meter: 'M-204', count: 61 }))).toEqual([422, 'invalid-body']);
    const asked = { gateway: 'syabru', meter: 'M-204', request: 'r-1', price: '1800' };
    const answer = await post('/v1/leases', asked);
    expect(answer.status).toBe(201);
    const given = GivenLease.parse(await answer.json());
    expect(given).toMatchObject({ gateway: 'syabru', epoch: box.name.epoch, from: 2, to: 22, price: '1800' });
    expect(must(openLease(given.text, signer.publicKey), 'lease')).toMatchObject({
      ...box.name,
      from: 2,
      to: 22,
      price: 1_800,
      key: meter.key,
    });
    const again = await post('/v1/leases', asked);
    expect([again.status, GivenLease.parse(await again.json())]).toEqual([200, given]);
    expect({ leases: [given] }).toMatchObject((await json('/v1/leases?meter=M-204')) as object);
    expect(await (await ask('/v1/leases')).text()).not.toContain('text');

    const other = new Box('gatlang', 4);
    await enrolBox(tables, other);
    expect(await codeOf(await post('/v1/leases', { gateway: 'gatlang', meter: 'M-204' }))).toEqual([409, 'leased-already']);
    const taken = await post('/v1/leases', { gateway: 'gatlang', meter: 'M-204', takeOver: 'the shop closed: Maya' });
    expect(GivenLease.parse(await taken.json())).toMatchObject({ from: 22, takenOver: 'the shop closed: Maya' });
  });

  test('a full disk shows in health', async () => {
    trouble = 'the disk of the database is full';
    const answer = await ask('/healthz');
    expect([answer.status, await answer.json()]).toEqual([503, { ok: false, reason: trouble }]);
  });

  test('the catalogue without documents is empty and refuses edits', async () => {
    expect(await json('/v1/catalogue')).toMatchObject({ items: [] });
    const answer = await ask('/v1/catalogue', {
      method: 'PATCH',
      body: '{"remove":["tea"]}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await codeOf(answer)).toEqual([503, 'no-documents']);
  });

  test('events go to whoever is signed in', async () => {
    const answer = await ask('/v1/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    hub.publish('entry', { gateway: 'syabru', from: 1, to: 2, sequence: 2 });
    let text = '';
    while (!text.includes('event: entry')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toContain('id: 1');
    await reader.cancel();
  });

  test('the description is OpenAPI 3.1 and names every route', async () => {
    const document = (await json('/openapi.json')) as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/accounts',
      '/v1/accounts/{id}',
      '/v1/breaks',
      '/v1/catalogue',
      '/v1/changes',
      '/v1/entries',
      '/v1/entries/{hash}',
      '/v1/export',
      '/v1/gateways',
      '/v1/leases',
      '/v1/meters',
      '/v1/refused',
      '/v1/session',
      '/v1/sessions',
      '/v1/status',
      '/v1/trial-balance',
      '/v1/vouchers',
    ]);
  });
});

test('a disk that takes nothing is a typed refusal, not a failure of ours', async () => {
  await signIn();
  tables.addVoucher = async () => {
    throw new StorageFault('storage-full', 'the disk of the database is full');
  };
  const body = JSON.stringify({ gateway: 'gatlang', site: 'Gatlang' });
  const answer = await ask('/v1/vouchers', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(await codeOf(answer)).toEqual([503, 'storage']);
});
