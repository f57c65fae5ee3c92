// Payment ids: never twice, kept before they go out, found again after a reload.
import { describe, expect, it } from 'vitest';
import { keepIn } from '../shared/keep.ts';
import { createPaymentStore, type Draft } from './payment-store.ts';

const now = '2026-05-22T08:47:00.000Z';
const draft: Draft = {
  request: (id) => ({ path: '/v1/payments', body: { id, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' } }),
  story: { kind: 'sale', method: 'cash', amount: '100' },
};

/** A storage that holds at most so many characters, as a browser's does. */
const storageOf = (limit = Number.POSITIVE_INFINITY) => {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => {
      const size = [...values].reduce(
        (sum, [name, kept]) => sum + (name === key ? 0 : name.length + kept.length),
        key.length + value.length,
      );
      if (size > limit) throw new DOMException('full', 'QuotaExceededError');
      values.set(key, value);
    },
    removeItem: (key: string) => void values.delete(key),
  };
};

describe('the store of payments', () => {
  it('counts from one and keeps the request before anything goes out', () => {
    const storage = storageOf();
    const store = createPaymentStore(keepIn(storage));
    expect(store.begin('abc', draft, now)).toBeUndefined();
    store.startSession('abc');
    expect(store.begin('abc', draft, now)?.id).toBe('abc.1');
    expect(store.begin('abc', draft, now)?.id).toBe('abc.2');
    const reloaded = createPaymentStore(keepIn(storage));
    expect(reloaded.open().map(({ id, body }) => [id, body.id])).toEqual([
      ['abc.1', 'abc.1'],
      ['abc.2', 'abc.2'],
    ]);
    reloaded.startSession('abc');
    expect(reloaded.begin('abc', draft, now)?.id).toBe('abc.3');
  });

  it('gives no id where it cannot be kept, and never the same one later', () => {
    const storage = storageOf(420);
    const store = createPaymentStore(keepIn(storage));
    store.startSession('abc');
    const ids = Array.from({ length: 6 }, () => store.begin('abc', draft, now)?.id).filter((id) => id !== undefined);
    expect(ids.length).toBeLessThan(6);
    expect(new Set(ids).size).toBe(ids.length);
    for (const record of store.open())
      store.conclude({ ...record, outcome: { state: 'refused', error: { kind: 'unreachable', code: 'timeout', detail: '' } } });
    const later = store.begin('abc', draft, now)?.id;
    expect(later === undefined || !ids.includes(later)).toBe(true);
  });

  it('gives none when the count is damaged', () => {
    const storage = storageOf();
    const store = createPaymentStore(keepIn(storage));
    store.startSession('abc');
    storage.values.set('chautari.counter.abc', 'x');
    expect(store.begin('abc', draft, now)).toBeUndefined();
  });

  it('keeps a concluded payment for its lines, and forgets the oldest', () => {
    const store = createPaymentStore(keepIn(storageOf()));
    store.startSession('abc');
    const conclude = () => {
      const record = store.begin('abc', draft, now);
      if (record !== undefined)
        store.conclude({ ...record, outcome: { state: 'refused', error: { kind: 'unreachable', code: 'timeout', detail: '' } } });
    };
    for (let index = 0; index < 205; index += 1) conclude();
    expect(store.open()).toEqual([]);
    expect(store.find('abc.1')).toBeUndefined();
    expect(store.find('abc.205')?.outcome.state).toBe('refused');
  });

  it('asks again under the same id', () => {
    const store = createPaymentStore(keepIn(storageOf()));
    store.startSession('abc');
    const record = store.begin('abc', draft, now);
    if (record === undefined) throw new Error('not kept');
    store.conclude({ ...record, outcome: { state: 'refused', error: { kind: 'unreachable', code: 'timeout', detail: '' } } });
    expect(store.reopen(record)).toBe(true);
    expect(store.open().map(({ id }) => id)).toEqual(['abc.1']);
  });
});
