import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestStore } from '../../test/support/store/test-store.ts';
import { openReader } from './reader.ts';
import { OUTBOX_LIMIT } from './side-tables.ts';

let store: TestStore;
const queue = (...keys: string[]): void =>
  store.opened.store.keepCellWrites(
    'cash/drawer:syabru',
    [],
    keys.map((key) => ({ key, payload: new Uint8Array([key.length]) })),
  );

beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store.remove());

it('what cells queue is coalesced by key, the last one last', () => {
  queue('a', 'b', 'a');
  const reader = openReader(store.path);
  expect(reader.outbox(10).map(({ key }) => key)).toEqual(['cash/drawer:syabru/b', 'cash/drawer:syabru/a']);
  reader.close();
});

it('past its limit the oldest goes (I13)', () => {
  store.opened.connection.transaction(() => {
    for (let index = 0; index < OUTBOX_LIMIT + 5; index++) queue(`k${index}`);
  })();
  const reader = openReader(store.path);
  const rows = reader.outbox(OUTBOX_LIMIT * 2);
  expect([rows.length, rows[0]?.key]).toEqual([OUTBOX_LIMIT, 'cash/drawer:syabru/k5']);
  reader.close();
});
