import { expect, test } from 'vitest';
import type { CentreEntryBody } from '../../ledger-sync/central/schemas.ts';
import { setLanguage } from '../shared/i18n.ts';
import { accountWords, actionWords, lineAccount, movedOf, sidesOf } from './describe.ts';

const postings = [
  { account: 'takings:syabru', amount: '-64500' },
  { account: 'wallet:W-1042', amount: '64500' },
];
const entry = { account: 'wallet:W-1042', postings } as unknown as CentreEntryBody;

test('debits stand first, in their own column, and both columns have one sum', () => {
  const { sides, debit, credit } = sidesOf(postings);
  expect(sides.map(({ account }) => account)).toEqual(['wallet:W-1042', 'takings:syabru']);
  expect([debit, credit]).toEqual([64_500n, 64_500n]);
});

test('what moved is seen from the owner of the account', () => {
  expect(movedOf(entry, 'wallet:W-1042')).toBe(-64_500n);
  expect(movedOf(entry, 'takings:syabru')).toBe(64_500n);
  expect(movedOf({ ...entry, postings: [{ account: 'drawer:syabru', amount: '500' }] }, 'drawer:syabru')).toBe(500n);
});

test('known actions and accounts in words of both languages, unknown ones by their own name', () => {
  setLanguage('en');
  expect(actionWords({ method: 'wallet', action: 'sale' })).toBe('Wallet sale');
  expect(actionWords({ method: 'wallet', action: 'top-up' })).toBe('Top-up');
  expect(actionWords({ method: 'energy', action: 'token' })).toBe('energy token');
  expect(accountWords('drawer:syabru', () => 'Syabru Besi')).toBe('Cash drawer, Syabru Besi');
  expect(accountWords('wallet:W-1', () => 'never')).toBe('Wallet W-1');
  setLanguage('ne');
  expect(actionWords({ method: 'cash', action: 'sale' })).toBe('नगद बिक्री');
  setLanguage('en');
});

test('a cash line names no account', () => {
  expect(lineAccount({ account: 'drawer:syabru' })).toBe('');
  expect(lineAccount({ account: 'wallet:W-1' })).toBe('wallet:W-1');
});
