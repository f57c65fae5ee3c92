import { afterEach, beforeEach, expect, it } from 'vitest';
import { payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { openReader } from '../store/reader.ts';

let store: TestStore;
const move = (id: number, state: 'due' | 'started' | 'done' | 'unsure') => store.execute('effect', { id, state, at: 9 });
const states = () => {
  const reader = openReader(store.path);
  const found = reader.effectsOf(paymentId(1)).map(({ copy, state }) => [copy, state]);
  const prints = reader.historyItem(1)?.prints;
  const waiting = reader.effects(['due', 'started'], 10).length;
  reader.close();
  return { found, prints, waiting };
};

beforeEach(() => {
  store = new TestStore(undefined, true);
  expect(store.run(['take-payment', payment(1)]).committed).toMatchObject({ effects: true });
});
afterEach(() => store.remove());

it('a payment asks for its receipt in the same transaction', () => {
  expect(states()).toEqual({ found: [[0, 'due']], prints: 0, waiting: 1 });
});

it('due, started, done: and no way back (E1)', () => {
  expect(move(1, 'done')).toMatchObject({ error: { code: 'bad-transition' } });
  expect(move(1, 'started')).toMatchObject({ ok: true });
  expect(move(1, 'started')).toMatchObject({ ok: true });
  expect(move(1, 'done')).toMatchObject({ ok: true });
  expect(move(1, 'due')).toMatchObject({ error: { code: 'bad-transition' } });
  expect(states()).toEqual({ found: [[0, 'done']], prints: 1, waiting: 0 });
  expect(move(77, 'started')).toMatchObject({ error: { code: 'unknown-effect' } });
});

it('what a device refused before the first byte is due again; what may have gone out is unsure', () => {
  move(1, 'started');
  expect(move(1, 'due')).toMatchObject({ ok: true });
  move(1, 'started');
  expect(move(1, 'unsure')).toMatchObject({ ok: true });
  expect(states()).toEqual({ found: [[0, 'unsure']], prints: 1, waiting: 0 });
});

it('another receipt is a copy of its own', () => {
  expect(store.execute('request-print', { payment: paymentId(1), at: 9 })).toEqual({ ok: true, value: { effect: 2, copy: 1 } });
  expect(store.execute('request-print', { payment: paymentId(9), at: 9 })).toMatchObject({ error: { code: 'unknown-payment' } });
  expect(states().found).toEqual([
    [0, 'due'],
    [1, 'due'],
  ]);
});

it('a copy that waits already is not asked for twice; one that was begun is', () => {
  const again = () => store.execute('request-print', { payment: paymentId(1), at: 9 });
  for (let times = 0; times < 50; times++) expect(again()).toEqual({ ok: true, value: { effect: 2, copy: 1 } });
  move(2, 'started');
  expect(again()).toEqual({ ok: true, value: { effect: 3, copy: 2 } });
});

it('a repeated payment prints nothing more', () => {
  store.execute('take-payment', payment(1));
  expect(states().found).toHaveLength(1);
});
