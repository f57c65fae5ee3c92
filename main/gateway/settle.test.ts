import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryHash } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD } from '../../ledger-sync/ledger/journal.ts';
import { payment, TestStore } from '../../test/support/store/test-store.ts';

let store: TestStore;
const headAt = (number: number) => ({ number, hash: store.opened.store.hashAt(number) as EntryHash });
const settle = (received: { number: number; hash: EntryHash }, archived = 0) => store.execute('settle', { received, archived, at: 9 });

beforeEach(() => {
  store = new TestStore();
  for (let counter = 1; counter <= 5; counter++) store.execute('take-payment', payment(counter));
});
afterEach(() => store.remove());

it('rises with head office’s word, and never falls', () => {
  expect(settle(headAt(3), 1)).toEqual({ ok: true, value: { received: 3, archived: 1 } });
  expect(settle(headAt(2), 0)).toEqual({ ok: true, value: { received: 3, archived: 1 } });
  expect(settle(EMPTY_HEAD)).toEqual({ ok: true, value: { received: 3, archived: 1 } });
  store.restart();
  expect(store.opened.store.watermark()).toEqual({ received: headAt(3), archived: 1 });
  expect(settle(headAt(5), 99)).toEqual({ ok: true, value: { received: 5, archived: 5 } });
});

it('a head that is not of this journal’s past is a fault, and changes nothing (J4)', () => {
  settle(headAt(3));
  expect(settle({ number: 4, hash: 'f'.repeat(64) as EntryHash })).toMatchObject({ error: { code: 'fenced' } });
  expect(settle({ number: 2, hash: 'f'.repeat(64) as EntryHash })).toMatchObject({ error: { code: 'fenced' } });
  expect(settle({ number: 6, hash: 'f'.repeat(64) as EntryHash })).toMatchObject({ error: { code: 'fenced' } });
  expect(store.opened.store.watermark().received.number).toBe(3);
});

it('a fence stays with its first reason', () => {
  expect(store.execute('fence', { reason: 'forked', at: 1 })).toEqual({ ok: true, value: { reason: 'forked' } });
  expect(store.execute('fence', { reason: 'other', at: 2 })).toEqual({ ok: true, value: { reason: 'forked' } });
  store.restart();
  expect(store.opened.store.fenced()).toBe('forked');
  expect(settle(headAt(4))).toMatchObject({ ok: true });
});
