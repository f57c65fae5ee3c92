import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simpleCells } from '../../test/support/store/simple-cells.ts';
import { accountId, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import { FactsError } from '../cell-host/cell-imports.ts';
import type { Cells } from '../gateway/cells.ts';
import { verifyDatabase } from './verify.ts';

let store: TestStore;
let before: () => void;
const cells: Cells = {
  methods: simpleCells.methods,
  decide: (method, request, facts) => {
    before();
    return simpleCells.decide(method, request, facts);
  },
};
const head = () => store.opened.store.head().number;

beforeEach(() => {
  before = () => {};
  store = new TestStore(cells);
});
afterEach(() => {
  expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  store.remove();
});

it('commits a run of commands together and tells what changed', () => {
  const { answers, committed } = store.run(
    ['take-payment', payment(1)],
    ['take-payment', payment(1)],
    ['take-payment', payment(1, { amount: 2n })],
    ['take-payment', payment(2)],
  );
  expect(answers.map(({ out }) => (out.ok ? 'ok' : out.error.code))).toEqual(['ok', 'ok', 'id-conflict', 'ok']);
  expect(answers[1]?.out).toMatchObject({ value: { repeated: true, entry: { number: 1 } } });
  expect(committed).toMatchObject({ head: { number: 2 }, payments: [1, 2], watermark: { received: 0, archived: 0 }, effects: false });
});

it('tells nobody where nothing changed', () => {
  store.execute('take-payment', payment(1));
  expect(store.run(['take-payment', payment(1)]).committed).toBeUndefined();
});

it('a command that breaks leaves nothing behind and hurts no other (J10)', () => {
  let calls = 0;
  before = () => {
    if (++calls === 2) throw new Error('a defect of ours');
  };
  const { answers, troubles } = store.run(['take-payment', payment(1)], ['take-payment', payment(2)], ['take-payment', payment(3)]);
  expect(answers.map(({ out }) => (out.ok ? 'ok' : out.error.code))).toEqual(['ok', 'storage', 'ok']);
  expect(troubles[0]).toContain('a defect of ours');
  expect(head()).toBe(2);
  expect(store.execute('take-payment', payment(2))).toMatchObject({ value: { status: 'approved', repeated: false, entry: { number: 3 } } });
});

it('balances in memory are dropped with the command that changed them', () => {
  store.execute('open-account', opening('wallet:W', 100n));
  const post = store.opened.store.recordApproval;
  const wallet = { method: 'wallet', account: accountId('wallet:W'), amount: 100n };
  // The lines are written and the balance in memory is 0 when the last write fails.
  Object.assign(store.opened.store, {
    recordApproval: () => {
      throw new Error('torn');
    },
  });
  expect(store.execute('take-payment', payment(1, wallet))).toMatchObject({ error: { code: 'storage' } });
  Object.assign(store.opened.store, { recordApproval: post });
  expect(store.opened.store.balance(accountId('wallet:W'))).toBe(-100n);
  expect(store.execute('take-payment', payment(1, wallet))).toMatchObject({ value: { status: 'approved' } });
});

describe('a full disk', () => {
  const fill = (): number => {
    const { connection } = store.opened;
    connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`);
    for (let counter = 1; counter < 5_000; counter++) {
      const out = store.execute('take-payment', payment(counter));
      if (!out.ok) {
        expect(out.error).toMatchObject({ code: 'storage', detail: expect.stringContaining('SQLITE_FULL') });
        return counter;
      }
    }
    throw new Error('it never filled');
  };

  it('changes nothing, keeps what was answered, and goes on when there is room', () => {
    const failed = fill();
    expect(head()).toBe(failed - 1);
    expect(store.execute('take-payment', payment(1))).toMatchObject({ ok: true, value: { repeated: true } });
    expect(store.execute('take-payment', payment(failed))).toMatchObject({ ok: false, error: { code: 'storage' } });
    store.opened.connection.pragma('max_page_count = 1000000');
    expect(store.execute('take-payment', payment(failed))).toMatchObject({
      ok: true,
      value: { repeated: false, entry: { number: failed } },
    });
  });

  it('is told until something is kept again', () => {
    const failed = fill();
    const run = (counter: number) => store.run(['take-payment', payment(counter)]).disk;
    expect(run(failed)).toMatchObject({ state: 'failing', detail: expect.stringContaining('SQLITE_FULL') });
    // An answer that was given before is only read: it says nothing about the disk.
    expect(run(1)).toBeUndefined();
    store.opened.connection.pragma('max_page_count = 1000000');
    expect(run(failed)).toEqual({ state: 'works' });
  });

  it('in the middle of a group: who was told yes is in the journal', () => {
    const failed = fill();
    const wanted = Array.from({ length: 50 }, (_, index) => ['take-payment', payment(failed + index)] as const);
    const { answers } = store.run(...wanted);
    const approved = answers.filter(({ out }) => out.ok).length;
    expect(head()).toBe(failed - 1 + approved);
    store.restart();
    expect(head()).toBe(failed - 1 + approved);
  });
});

it('a damaged page that a cell read is told as damage, and declines nothing for good', () => {
  store.execute('open-account', opening('wallet:W', 1_000n));
  store.restart();
  const { balance } = store.opened.store;
  Object.assign(store.opened.store, {
    balance: () => {
      // As the cell host tells of an error that a cell's question met.
      const cause = new Database.SqliteError('database disk image is malformed', 'SQLITE_CORRUPT');
      throw new FactsError('the facts of the request could not be read', { cause });
    },
  });
  const asked = ['take-payment', payment(1, { method: 'wallet', account: accountId('wallet:W') })] as const;
  expect(store.run(asked)).toMatchObject({
    answers: [{ out: { error: { code: 'storage', detail: expect.stringContaining('SQLITE_CORRUPT') } } }],
    disk: { state: 'damaged', detail: expect.stringContaining('malformed') },
  });
  Object.assign(store.opened.store, { balance });
  expect(store.run(asked)).toMatchObject({ answers: [{ out: { value: { status: 'approved', repeated: false } } }] });
});

describe('an error of COMMIT', () => {
  it('answers nobody as approved, and the database is opened again', () => {
    store.execute('take-payment', payment(1));
    const first = store.opened;
    const { recordApproval } = first.store;
    // An entry that nobody answers for: found by the deferred check at COMMIT, where an error of the disk would show too.
    Object.assign(first.store, {
      recordApproval: (...given: Parameters<typeof recordApproval>) => {
        recordApproval(...given);
        first.connection.exec(
          "INSERT INTO entry SELECT max(number) + 1, hash, method, action, 'nobody', NULL, account, 1, currency, operator, NULL, 0 FROM entry",
        );
      },
    });
    const { answers, committed, troubles } = store.run(['take-payment', payment(2)], ['take-payment', payment(1)]);
    expect(answers.map(({ out }) => (out.ok ? 'ok' : out.error.code))).toEqual(['storage', 'storage']);
    expect(committed).toBeUndefined();
    expect(troubles.join()).toContain('FOREIGN KEY');
    expect(store.execute('take-payment', payment(2))).toMatchObject({
      value: { status: 'approved', repeated: false, entry: { number: 2 } },
    });
    expect(store.opened).not.toBe(first);
    expect(store.opened.store.entryOfPayment(paymentId(2))).toMatchObject({ number: 2 });
  });
});
