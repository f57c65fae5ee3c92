import { expect, test } from 'vitest';
import type { CentreEntriesBody } from '../../ledger-sync/central/schemas.ts';
import { firstPage, withNewest, withOlder } from './entries.ts';

const page = (from: number, to: number, next?: number): CentreEntriesBody => ({
  entries: Array.from({ length: from - to + 1 }, (_, index) => ({ sequence: from - index })) as CentreEntriesBody['entries'],
  ...(next === undefined ? {} : { next }),
});
const sequences = (list: { readonly entries: readonly { readonly sequence: number }[] }): readonly number[] =>
  list.entries.map(({ sequence }) => sequence);

test('older pages join at the foot, newer lines at the top, each once', () => {
  let list = firstPage(page(10, 8, 8));
  list = withOlder(list, page(7, 5));
  expect(list.next).toBeUndefined();
  list = withNewest(list, page(12, 9, 9));
  expect(sequences(list)).toEqual([12, 11, 10, 9, 8, 7, 6, 5]);
  expect(list.newAbove).toBe(10);
});

test('a newest page that does not reach the list replaces it and keeps the mark of what is new', () => {
  const list = withNewest(firstPage(page(10, 8)), page(30, 28, 28));
  expect(sequences(list)).toEqual([30, 29, 28]);
  expect(list.newAbove).toBe(10);
  expect(list.next).toBe(28);
});

test('an empty list takes what comes', () => {
  expect(sequences(withNewest(firstPage(page(0, 1)), page(3, 1)))).toEqual([3, 2, 1]);
});

test('the list is bounded, and what was cut can be read again', () => {
  const list = withNewest(firstPage(page(1000, 1)), page(1010, 900, 900));
  expect(list.entries).toHaveLength(1000);
  expect(list.next).toBe(11);
});
