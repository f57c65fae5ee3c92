import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SessionId } from '../../ledger-sync/ledger/ids.ts';
import { TestStore } from '../../test/support/store/test-store.ts';
import { openReader } from '../store/reader.ts';
import { SESSION_LIMIT } from './pair.ts';

let store: TestStore;
const token = (index: number): string => String(index).padStart(64, '0');
const session = (index: number): SessionId => String(index).padStart(10, '0') as SessionId;
const pair = (index: number, changes = {}) =>
  store.execute('pair', { session: session(index), kiosk: 'Front', tokenHash: token(index), scopes: ['pay', 'read'], at: 7, ...changes });
const seen = (index: number) => {
  const reader = openReader(store.path);
  const row = reader.sessionByTokenHash(token(index));
  reader.close();
  return row;
};

beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store.remove());

it('a kiosk is known by its token’s hash until it is revoked', () => {
  expect(pair(1)).toEqual({ ok: true, value: { session: session(1) } });
  expect(seen(1)).toEqual({ session: session(1), kiosk: 'Front', scopes: ['pay', 'read'], at: 7 });
  expect(store.execute('revoke', { session: session(1), at: 8 })).toEqual({ ok: true, value: { revoked: true } });
  expect(store.execute('revoke', { session: session(1), at: 9 })).toEqual({ ok: true, value: { revoked: false } });
  expect(store.execute('revoke', { session: session(2), at: 9 })).toEqual({ ok: true, value: { revoked: false } });
  expect(seen(1)).toBeUndefined();
});

it('the same again is fine; a taken token or session is a conflict, revoked or not', () => {
  pair(1);
  expect(pair(1)).toMatchObject({ ok: true });
  expect(pair(1, { session: session(2) })).toMatchObject({ error: { code: 'id-conflict' } });
  expect(pair(1, { tokenHash: token(2) })).toMatchObject({ error: { code: 'id-conflict' } });
  store.execute('revoke', { session: session(1), at: 8 });
  expect(pair(1)).toMatchObject({ error: { code: 'id-conflict' } });
});

it('so many and no more (I13), until one is taken away', () => {
  for (let index = 1; index <= SESSION_LIMIT; index++) expect(pair(index).ok).toBe(true);
  expect(pair(SESSION_LIMIT + 1)).toMatchObject({ error: { code: 'busy' } });
  store.execute('revoke', { session: session(3), at: 8 });
  expect(pair(SESSION_LIMIT + 1)).toMatchObject({ ok: true });
  const reader = openReader(store.path);
  expect(
    reader
      .sessions()
      .slice(0, 3)
      .map((row) => row.session),
  ).toEqual([1, 2, 4].map(session));
  expect(reader.sessions()).toHaveLength(SESSION_LIMIT);
  reader.close();
});

it('documents and settings are kept', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  expect(store.run(['save-document', { name: 'catalogue', bytes, acknowledged: new Uint8Array([9]), at: 1 }]).committed).toMatchObject({
    documents: true,
  });
  store.execute('save-document', { name: 'catalogue', bytes: new Uint8Array([4]), at: 2 });
  store.execute('save-setting', { key: 'site', value: 'Gatlang' });
  const reader = openReader(store.path);
  expect(reader.document('catalogue')).toEqual({ name: 'catalogue', bytes: Buffer.from([4]), acknowledged: Buffer.from([9]), at: 2 });
  expect(reader.site()).toBe('Gatlang');
  store.execute('save-setting', { key: 'site', value: '' });
  expect(reader.setting('site')).toBeUndefined();
  expect(reader.site()).toBe('syabru');
  reader.close();
});
