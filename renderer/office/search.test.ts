import { expect, test } from 'vitest';
import { readSearch } from './search.ts';

const boxes = [
  { gateway: 'syabru', site: 'Syabru Besi' },
  { gateway: 'box-2', site: 'Gatlang' },
];

test.each([
  ['', { kind: 'nothing' }],
  ['  ', { kind: 'nothing' }],
  ['syabru #4871', { kind: 'number', gateway: 'syabru', number: 4871 }],
  ['Syabru Besi 4871', { kind: 'number', gateway: 'syabru', number: 4871 }],
  ['gatlang #४८७१', { kind: 'number', gateway: 'box-2', number: 4871 }],
  ['wallet:W-1042', { kind: 'account', account: 'wallet:W-1042' }],
  ['W-1042', { kind: 'text', text: 'W-1042' }],
  ['A'.repeat(64), { kind: 'hash', hash: 'a'.repeat(64) }],
  ['x'.repeat(65), { kind: 'too-long' }],
])('%s', (typed, found) => {
  expect(readSearch(typed, boxes)).toEqual(found);
});
