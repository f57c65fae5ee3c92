import { expect, test } from 'vitest';
import type { CatalogueItemBody } from '../../main/api/schemas.ts';
import { freeId, isGoodName, undoOf } from './catalogue-edit.ts';

const item: CatalogueItemBody = {
  id: 'jira-rice',
  name: { en: 'Jira rice', ne: 'जिरा चामल' },
  unit: { en: '1 kg', ne: '१ केजी' },
  price: '11000',
  category: 'grain',
  icon: 'wheat',
};

test('an undo puts back only what was changed', () => {
  expect(undoOf(item, { price: '12000' })).toEqual({ id: 'jira-rice', price: '11000' });
  expect(undoOf(item, { hidden: true })).toEqual({ id: 'jira-rice', hidden: false });
});

test('a new id is free', () => {
  expect(freeId([{ id: 'item-1' }, { id: 'item-3' }])).toBe('item-2');
});

test('names', () => {
  expect([isGoodName('Rice'), isGoodName('  '), isGoodName('x'.repeat(61))]).toEqual([true, false, false]);
});
