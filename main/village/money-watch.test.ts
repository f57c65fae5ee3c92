/** The watch must be able to fail: each thing that may not happen is made to happen, and must show. */
import { describe, expect, it } from 'vitest';
import type { Entry, EntryBody } from '../../ledger-sync/ledger/entry.ts';
import type { GatewayId, PaymentId } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD } from '../../ledger-sync/ledger/journal.ts';
import { chain } from '../../test/support/arbitrary-entries.ts';
import { account, body } from '../../test/support/ledger/arbitrary.ts';
import { type CentreRow, type JournalView, MoneyWatch } from './money-watch.ts';

const id = (counter: number): PaymentId => `0123456789.${counter}` as PaymentId;
const lines = (...rows: (readonly [string, bigint])[]) => rows;
const opening = (amount: bigint) =>
  body({
    action: 'open',
    paymentId: id(1),
    account: account('wallet:A'),
    amount,
    lines: lines(['opening:syabru', amount], ['wallet:A', -amount]),
  });
const walletSale = (counter: number, amount: bigint) =>
  body({
    method: 'wallet',
    paymentId: id(counter),
    account: account('wallet:A'),
    amount,
    lines: lines(['wallet:A', amount], ['takings:syabru', -amount]),
  });
const cashSale = (counter: number) => body({ paymentId: id(counter) });
const toBank = (counter: number, amount: bigint) =>
  body({
    method: 'wallet',
    action: 'transfer',
    paymentId: id(counter),
    account: account('wallet:A'),
    amount,
    lines: lines(['wallet:A', amount], ['bank:nabil', -amount]),
  });
/** Balanced, and still wrong: e-money out of a drawer. No rule of the ledger lets it in; the watch does not ask the rules. */
const outOfNothing = (counter: number) => body({ paymentId: id(counter), lines: lines(['drawer:syabru', 500n], ['wallet:A', -500n]) });

const journalOf = (entries: readonly Entry[]): JournalView => ({
  head: () => entries.at(-1) ?? EMPTY_HEAD,
  entry: (number) => entries[number - 1],
  entriesAfter: (number, limit) => entries.slice(number, number + limit),
});
const rowOf = (entry: Entry, changes: Partial<CentreRow> = {}): CentreRow => ({
  gateway: 'syabru',
  number: entry.number,
  hash: entry.hash,
  paymentId: entry.paymentId,
  action: entry.action,
  standing: 'canonical',
  ...changes,
});
const watched = (...bodies: EntryBody[]): { watch: MoneyWatch; entries: readonly Entry[] } => {
  const watch = new MoneyWatch();
  const entries = chain(bodies);
  watch.readJournal('syabru', journalOf(entries));
  return { watch, entries };
};
const texts = (watch: MoneyWatch): string[] => watch.state().differences.map(({ text }) => text.en);

describe('money that is whole', () => {
  it('adds up: what was opened, less what left for a bank', () => {
    const { watch, entries } = watched(opening(1_000n), walletSale(2, 300n), cashSale(3), toBank(4, 200n));
    for (const counter of [2, 3, 4]) watch.witness('syabru', id(counter));
    watch.readCentre(entries.slice(0, 3).map((entry) => rowOf(entry)));
    expect(watch.state()).toEqual({
      parts: [{ gateway: 'syabru', amount: 800n }],
      total: 800n,
      approved: 3,
      inJournal: 3,
      atCentre: 2,
      lost: 0,
      doubled: 0,
      takenBack: 0,
      differences: [],
    });
  });

  it('is read on from where it was, in pages, and the same rows of head office count once', () => {
    const bodies = Array.from({ length: 2_500 }, (_, index) => cashSale(index + 1));
    const entries = chain(bodies);
    const watch = new MoneyWatch();
    for (const length of [0, 1, 1_000, 1_001, 2_500, 2_500]) watch.readJournal('syabru', journalOf(entries.slice(0, length)));
    const rows = entries.map((entry) => rowOf(entry));
    watch.readCentre(rows);
    watch.readCentre(rows);
    expect(watch.state()).toMatchObject({ inJournal: 2_500, atCentre: 2_500, doubled: 0, takenBack: 0, differences: [] });
  });

  it('is told of by several gateways apart', () => {
    const { watch } = watched(opening(1_000n));
    const other = chain([opening(50n)], EMPTY_HEAD, {
      gateway: 'gatlang' as GatewayId,
      epoch: (watched().entries[0]?.epoch ?? '0123456789abcdef') as never,
    });
    watch.readJournal('gatlang', journalOf(other));
    expect(watch.state()).toMatchObject({ total: 1_050n, parts: [{ gateway: 'syabru' }, { gateway: 'gatlang', amount: 50n }] });
  });
});

describe('money that is not', () => {
  it('shows a payment that was approved and is in no journal, until it is there', () => {
    const { watch, entries } = watched(opening(1_000n));
    watch.witness('syabru', id(2));
    expect(watch.state()).toMatchObject({ lost: 1, approved: 1, inJournal: 0 });
    expect(texts(watch)).toEqual([`${id(2)} was approved and is in no journal`]);
    watch.readJournal('syabru', journalOf([...entries, ...chain([walletSale(2, 1n)], { number: 1, hash: entries[0]?.hash as never })]));
    expect(watch.state()).toMatchObject({ lost: 0, differences: [] });
  });

  it('shows a payment that is in the journal twice', () => {
    const { watch } = watched(opening(1_000n), walletSale(2, 100n), walletSale(2, 100n));
    expect(watch.state().doubled).toBe(1);
    expect(texts(watch)).toEqual([`${id(2)} is in the journal of syabru twice`]);
  });

  it('shows a payment that head office has twice', () => {
    const { watch, entries } = watched(walletSale(2, 0n + 1n), cashSale(3));
    watch.readCentre([rowOf(entries[0] as Entry), rowOf(entries[1] as Entry, { paymentId: id(2) })]);
    expect(watch.state().doubled).toBe(1);
    expect(texts(watch)).toContain(`head office has ${id(2)} twice`);
  });

  it('shows a journal that lost its end, was changed, or went back, for good', () => {
    const entries = chain([opening(1_000n), walletSale(2, 100n), cashSale(3)]);
    const changed = chain([opening(1_000n), walletSale(2, 100n), cashSale(9)]);
    for (const now of [entries.slice(0, 2), changed, []]) {
      const watch = new MoneyWatch();
      watch.readJournal('syabru', journalOf(entries));
      watch.readJournal('syabru', journalOf(now));
      expect(watch.state().takenBack).toBe(1);
      expect(texts(watch)).toEqual(['syabru #3 is not what it was']);
      watch.readJournal('syabru', journalOf(entries));
      expect(watch.state().takenBack).toBe(1);
    }
  });

  it('shows an entry that head office changed, or holds otherwise than the journal', () => {
    const { watch, entries } = watched(cashSale(2), cashSale(3));
    const other = chain([cashSale(2), cashSale(4)])[1] as Entry;
    watch.readCentre([rowOf(entries[1] as Entry)]);
    watch.readCentre([rowOf(other)]);
    expect(watch.state().takenBack).toBe(1);
    expect(texts(watch)).toEqual(['head office changed syabru #2', 'syabru #2 differs at head office']);
  });

  it('shows a sum that is wrong, with what it should be', () => {
    const { watch } = watched(opening(1_000n), outOfNothing(2));
    expect(texts(watch)).toEqual(['syabru holds 1500, should hold 1000']);
    expect(watch.state().differences[0]).toMatchObject({ gateway: 'syabru', text: { ne: expect.stringContaining('1500') } });
  });

  it('counts what is not canonical at head office as nothing', () => {
    const { watch, entries } = watched(cashSale(2));
    watch.readCentre([rowOf(entries[0] as Entry, { standing: 'admitted', hash: 'f'.repeat(64) })]);
    expect(watch.state()).toMatchObject({ atCentre: 0, differences: [] });
  });

  it('names the first twenty differences and counts all', () => {
    const watch = new MoneyWatch();
    watch.readJournal('syabru', journalOf([]));
    for (let counter = 1; counter <= 30; counter++) watch.witness('syabru', id(counter));
    expect(watch.state().lost).toBe(30);
    expect(watch.state().differences).toHaveLength(20);
  });
});
