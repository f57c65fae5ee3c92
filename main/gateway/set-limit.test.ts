import { afterEach, beforeEach, expect, it } from 'vitest';
import { accountId, opening, TestStore } from '../../test/support/store/test-store.ts';
import { openReader } from '../store/reader.ts';
import { verifyDatabase } from '../store/verify.ts';

const KHATA = accountId('khata:K-1');
let store: TestStore;
const set = (limit: bigint, account = KHATA) => store.execute('set-limit', { account, limit, operator: 'office', at: 3_000 });
const floor = () => store.opened.store.account(KHATA)?.floor;

beforeEach(() => {
  store = new TestStore();
  expect(store.execute('open-account', opening('khata:K-1', 0n, { limit: 500n, name: 'Nima' }))).toMatchObject({ ok: true });
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

it('opens with its limit, which the database keeps too', () => {
  expect(floor()).toBe(-500n);
  store.restart();
  expect(floor()).toBe(-500n);
  const ceiling = store.opened.connection.prepare("SELECT ceiling FROM balance WHERE account = 'khata:K-1'").pluck().get();
  expect(ceiling).toBe(500);
});

it('raises and lowers by entries of their own; the same again is no entry', () => {
  expect(set(800n)).toEqual({ ok: true, value: { number: 2 } });
  expect(set(800n)).toEqual({ ok: true, value: {} });
  expect(set(0n)).toEqual({ ok: true, value: { number: 3 } });
  expect(set(800n)).toEqual({ ok: true, value: { number: 4 } });
  expect(floor()).toBe(-800n);
  const reader = openReader(store.path);
  expect(reader.entriesAfter(1, 10).map(({ action, amount, postings }) => [action, amount, postings.length])).toEqual([
    ['limit-raise', 300n, 0],
    ['limit-lower', 800n, 0],
    ['limit-raise', 800n, 0],
  ]);
  expect(reader.history({ limit: 10 })).toEqual([]);
  expect(reader.statement(KHATA, undefined, 2)).toMatchObject({
    rows: [{ entry: { number: 4 }, change: 0n, balance: 0n }, { entry: { number: 3 } }],
    next: { before: 3, balance: 0n },
  });
  expect(reader.statement(KHATA, { before: 3, balance: 0n }, 10)?.rows.map(({ entry }) => entry.number)).toEqual([2, 1]);
  reader.close();
});

it('belongs to a khata that is known, and stays within 64 bits', () => {
  expect(set(1n, accountId('khata:none'))).toMatchObject({ error: { code: 'unknown-account' } });
  expect(set(1n, accountId('drawer:syabru'))).toMatchObject({ error: { code: 'bad-limit' } });
  expect(set(2n ** 63n - 1n)).toMatchObject({ ok: true });
  const wallet = opening('wallet:W-1', 0n, { limit: 5n });
  expect(store.execute('open-account', wallet)).toMatchObject({ error: { code: 'bad-opening' } });
  const both = opening('khata:K-2', 5n, { limit: 5n });
  expect(store.execute('open-account', both)).toMatchObject({ error: { code: 'bad-opening' } });
});

it('the same opening again is the first one’s answer, whatever the limit is by now; another limit is another opening', () => {
  expect(set(900n)).toMatchObject({ ok: true });
  const again = opening('khata:K-1', 0n, { limit: 500n, name: 'Nima' });
  expect(store.execute('open-account', again)).toEqual({ ok: true, value: { number: 1, repeated: true } });
  expect(store.execute('open-account', { ...again, limit: 900n })).toMatchObject({ error: { code: 'id-conflict' } });
});

it('what the table says of a limit is compared with its entries', () => {
  const { connection } = store.opened;
  connection.exec("UPDATE account SET floor = -900 WHERE id = 'khata:K-1'");
  expect(verifyDatabase(store.path)).toMatchObject({ ok: false, error: { code: 'floor' } });
  connection.exec("UPDATE account SET floor = -500 WHERE id = 'khata:K-1'");
});
