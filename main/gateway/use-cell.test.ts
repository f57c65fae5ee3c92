/** A switch of a version is a command like any other: kept with its transaction, undone with it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import { simpleCells } from '../../test/support/store/simple-cells.ts';
import { payment, TestStore } from '../../test/support/store/test-store.ts';

const DIGEST = 'a'.repeat(64);
let store: TestStore;
let fails = false;
beforeEach(() => {
  fails = false;
  store = new TestStore({
    ...simpleCells,
    decide: (...asked) => {
      if (fails) throw new Error('a defect of ours');
      return simpleCells.decide(...asked);
    },
    inUse: () => ({ manifest: { version: '0.1.0' }, digest: DIGEST }),
    candidate: (_name, version) =>
      version === '0.9.0'
        ? err({ code: 'untrusted-key', detail: 'nobody knows who signed it' })
        : ok({ manifest: { version }, digest: DIGEST }),
  });
});
afterEach(() => store.remove());

const use = (version?: string) =>
  ['use-cell', { name: 'cash', who: 'token:office', at: 5, ...(version === undefined ? {} : { version }) }] as const;
const chosen = () => store.opened.store.chosen('cash')?.version;

it('is in force for the next command, kept across a start, and told with its commit', () => {
  const done = store.run(use('0.2.0'), ['take-payment', payment(1)]);
  expect(done.answers[0]?.out).toEqual({
    ok: true,
    value: { name: 'cash', version: '0.2.0', digest: DIGEST, from: '0.1.0', switched: true },
  });
  expect(done.committed).toMatchObject({ cells: true });
  expect(store.run(['take-payment', payment(2)]).committed).toMatchObject({ cells: false });
  expect(chosen()).toBe('0.2.0');
  store.restart();
  expect(chosen()).toBe('0.2.0');
});

it('goes back to the version before, and forth again', () => {
  expect(store.execute(...use())).toMatchObject({ ok: false, error: { code: 'unknown-cell' } });
  store.execute(...use('0.2.0'));
  expect(store.execute(...use())).toMatchObject({ value: { version: '0.1.0', from: '0.2.0', switched: true } });
  expect(store.execute(...use())).toMatchObject({ value: { version: '0.2.0', from: '0.1.0' } });
  expect(store.execute(...use('0.2.0'))).toMatchObject({ value: { switched: false } });
});

it('is refused where the version cannot be used, and changes nothing', () => {
  expect(store.execute(...use('0.9.0'))).toMatchObject({
    ok: false,
    error: { code: 'bad-cell', detail: expect.stringContaining('nobody knows') },
  });
  expect(chosen()).toBeUndefined();
});

it('is undone with its transaction: nothing is in use that the journal does not say', () => {
  store.execute(...use('0.2.0'));
  const { connection } = store.opened;
  // The disk is full at the commit.
  connection.exec("CREATE TEMP TRIGGER torn AFTER INSERT ON main.entry BEGIN SELECT RAISE(ROLLBACK, 'torn'); END");
  const group = store.run(use('0.3.0'), ['take-payment', payment(1)]);
  expect(group.answers.map(({ out }) => (out.ok ? 'ok' : out.error.code))).toEqual(['storage', 'storage']);
  expect(store.execute(...use('0.3.0'))).toMatchObject({ value: { version: '0.3.0', from: '0.2.0' } });
});

it('stays where a later command of its group breaks', () => {
  fails = true;
  const group = store.run(use('0.2.0'), ['take-payment', payment(1)]);
  expect(group.answers.map(({ out }) => (out.ok ? 'ok' : out.error.code))).toEqual(['ok', 'storage']);
  expect(chosen()).toBe('0.2.0');
});
