import { afterEach, beforeEach, expect, it } from 'vitest';
import { EMPTY_HEAD, follows, type Head } from '../../ledger-sync/ledger/journal.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { Account, AccountList, History, Journal } from '../api/schemas.ts';
import { readAccount, readAccounts } from '../gateway/read-account.ts';
import { readHistory } from '../gateway/read-history.ts';
import { readJournal } from '../gateway/read-journal.ts';
import { journalStatus } from '../gateway/status.ts';
import { openReader, type Reader } from './reader.ts';

let store: TestStore;
let reader: Reader;
const wallet = { method: 'wallet', account: accountId('wallet:W-1') };

beforeEach(() => {
  store = new TestStore();
  store.execute('open-account', opening('wallet:W-1', 1_000n, { name: 'Pasang Tamang' }));
  store.execute('open-account', opening('wallet:W-2'));
  store.execute('open-account', opening('merchant:tea-house'));
  store.execute('take-payment', payment(1, { memo: 'चिया' }));
  store.execute('take-payment', payment(2, { ...wallet, amount: 300n, counterparty: accountId('merchant:tea-house') }));
  store.execute('take-payment', payment(3, { method: 'wallet', action: 'refund', refersTo: paymentId(2), amount: 100n }));
  reader = openReader(store.path);
});
afterEach(() => {
  reader.close();
  store.remove();
});

it('entries are whole: each follows the one before it, from any point', () => {
  const entries = reader.entriesAfter(0, 100);
  let head: Head = EMPTY_HEAD;
  for (const entry of entries) {
    const next = follows(reader.name(), head, entry, sha256Hex);
    if (!next.ok) throw new Error(next.error.code);
    head = next.value;
  }
  expect(head).toEqual(reader.head());
  expect(reader.entriesAfter(4, 1)).toEqual([entries[4]]);
  expect(reader.entriesAfter(4, 100)).toEqual(entries.slice(4));
  expect(reader.entriesAfter(6, 100)).toEqual([]);
  expect(reader.entry(3)).toEqual(entries[2]);
  expect(reader.entry(7)).toBeUndefined();
  expect(entries[3]?.memo).toBe('चिया');
});

it('customers are found by id and by name, without regard to case', () => {
  const ids = (filter: Parameters<Reader['accounts']>[0]) => reader.accounts(filter).map(({ id }) => id);
  expect(ids({ kind: 'wallet', limit: 10 })).toEqual(['wallet:W-1', 'wallet:W-2']);
  expect(ids({ kind: 'wallet', query: 'TAMANG', limit: 10 })).toEqual(['wallet:W-1']);
  expect(ids({ query: 'w-2', limit: 10 })).toEqual(['wallet:W-2']);
  expect(ids({ kind: 'wallet', query: '%', limit: 10 })).toEqual([]);
  expect(ids({ limit: 2 })).toHaveLength(2);
  expect(ids({ kind: 'khata', limit: 10 })).toEqual([]);
});

it('accounts as HTTP shows them', () => {
  const body = readAccount(reader, accountId('wallet:W-1'), 1_000);
  expect(Account.parse(body)).toEqual({
    id: 'wallet:W-1',
    kind: 'wallet',
    currency: 'NPR',
    name: 'Pasang Tamang',
    availableHere: '800',
    asOf: '1970-01-01T00:00:01.000Z',
    limit: '0',
    open: true,
  });
  expect(readAccount(reader, accountId('wallet:none'), 0)).toBeUndefined();
  expect(AccountList.parse(readAccounts(reader, { limit: 50 }, 0)).accounts).toHaveLength(8);
});

it('history: newest first, with seals, what is left to give back, and pages', () => {
  const received = { number: 4, hash: reader.entry(4)?.hash as Head['hash'] };
  store.execute('settle', { received, archived: 0, at: 1 });
  const first = History.parse(readHistory(reader, { limit: 2 }, 5));
  expect(first.payments.map(({ id, seal, refundable, counterparty }) => [id, seal, refundable, counterparty])).toEqual([
    [paymentId(3), 'kept', '0', 'merchant:tea-house'],
    [paymentId(2), 'sent', '200', 'merchant:tea-house'],
  ]);
  const rest = readHistory(reader, { limit: 2, ...(first.next === undefined ? {} : { before: first.next }) }, 5);
  expect(rest.payments.map(({ id, seal, memo }) => [id, seal, memo])).toEqual([[paymentId(1), 'settled', 'चिया']]);
  expect(rest.next).toBeUndefined();
});

it('the journal and the status as HTTP show them', () => {
  const page = Journal.parse(readJournal(reader, { after: 2, limit: 3 }));
  expect(page.entries.map(({ number }) => number)).toEqual([3, 4, 5]);
  expect(page.next).toBe(5);
  expect(readJournal(reader, { after: 5, limit: 3 }).next).toBeUndefined();
  expect(journalStatus(reader, 2)).toEqual({
    gateway: 'syabru',
    site: 'Syabru Besi',
    currency: 'NPR',
    epoch: '0123456789abcdef',
    head: reader.head(),
    watermark: { received: 0, archived: 0 },
    sent: 2,
    pending: { entries: 6, bytes: 48 },
  });
});

it('sees what was committed since it was opened', () => {
  store.execute('fence', { reason: 'forked', at: 1 });
  expect(reader.fenced()).toBe('forked');
  expect(journalStatus(reader, 0).fenced).toBe('forked');
  expect(reader.payment(paymentId(2))).toMatchObject({
    status: 'approved',
    repeated: true,
    postings: [{ amount: 300n }, { amount: -300n }],
  });
});
