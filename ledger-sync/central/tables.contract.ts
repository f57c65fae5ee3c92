/**
 * The acceptance suite of the tables' port: every storage passes it. A test file gives the maker; nothing here knows which database it is.
 */
import { describe, expect, test } from 'vitest';
import type { AccountId } from '../ledger/account.ts';
import { type EntryHash, type GatewayId, GENESIS, type PaymentId } from '../ledger/ids.ts';
import { MAX_MINOR } from '../ledger/money.ts';
import { Partition } from './partition.ts';
import { dayOf, type Journal, LIMITS, type StoreBatch, type Tables } from './tables.ts';
import { Box, enrolBox } from './testing.ts';

const AT = Date.UTC(2026, 9, 1, 6);

export type MadeTables = { readonly tables: Tables; readonly remove: () => Promise<void> };

export function tablesContract(name: string, make: () => Promise<MadeTables>): void {
  const withTables = (work: (tables: Tables) => Promise<void>) => async () => {
    const { tables, remove } = await make();
    try {
      await work(tables);
    } finally {
      await remove();
    }
  };
  const enrolled = async (tables: Tables, box: Box): Promise<Journal> => {
    await enrolBox(tables, box);
    return (await tables.journal(box.name)) as Journal;
  };
  const batchOf = async (tables: Tables, journal: Journal, box: Box, from: number, to: number): Promise<StoreBatch> => {
    const entries = box.entries.slice(from - 1, to);
    const partition = new Partition(box.name.gateway, 'NPR', box.headAt(from - 1));
    const missing = partition.missing(entries);
    const referred = entries.flatMap(({ refersTo }) => (refersTo === undefined ? [] : [refersTo]));
    partition.load(missing, await tables.partition(journal.id, missing, referred));
    const folded = partition.fold(entries);
    return {
      journal: journal.id,
      expected: box.headAt(from - 1),
      head: box.headAt(to),
      announced: box.head.number,
      receivedAt: AT,
      bytes: 1000,
      currency: 'NPR',
      entries,
      ...folded,
      raw: [],
    };
  };
  const balancesOf = async (tables: Tables, journal: Journal, box: Box) => {
    const accounts = await tables.accounts({ limit: 1000 });
    const rows = await tables.partition(
      journal.id,
      accounts.map(({ id }) => id),
      [],
    );
    return rows.positions
      .filter((row) => row.balance !== 0n || box.positions.balance(row.account) !== 0n)
      .map((row) => [row.account, row.balance] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1));
  };
  const nonZero = (box: Box) => box.positions.balanceList().filter(([, balance]) => balance !== 0n);

  describe(`tables over ${name}`, () => {
    test(
      'stores batches, folds positions and totals, and gives entries back as they were',
      withTables(async (tables) => {
        const box = new Box('syabru', 7).openAll().pay(200);
        const journal = await enrolled(tables, box);
        const half = 120;
        const first = await tables.store(await batchOf(tables, journal, box, 1, half));
        expect(first).toMatchObject({ status: 'stored', firstSequence: 1, lastSequence: half, breaks: [] });
        await tables.store(await batchOf(tables, journal, box, half + 1, box.head.number));

        expect(await balancesOf(tables, journal, box)).toEqual(nonZero(box));
        const held = (await tables.journal(box.name)) as Journal;
        expect(held).toMatchObject({
          head: box.head,
          announced: box.head.number,
          entries: box.entries.length,
          batches: 2,
          currency: 'NPR',
        });
        const entries = await tables.entries({ limit: 1000 });
        expect(entries.map(({ entry }) => entry)).toEqual(box.entries);
        expect(entries.map(({ sequence }) => sequence)).toEqual(box.entries.map((_, index) => index + 1));
        const newest = await tables.entries({ newestFirst: true, after: 10, limit: 3 });
        expect(newest.map(({ sequence }) => sequence)).toEqual([9, 8, 7]);
        expect((await tables.entry(box.head.hash))?.entry).toEqual(box.entries.at(-1));
        expect(await tables.entry(GENESIS)).toBeUndefined();
        expect(await tables.totals()).toMatchObject({
          entries: box.entries.length,
          forked: 0,
          gateways: 1,
          lastSequence: box.entries.length,
        });
        const kinds = await tables.kindTotals();
        expect(kinds.reduce((sum, kind) => sum + kind.debit - kind.credit, 0n)).toBe(0n);
        const payments = box.entries.filter(({ action }) => action !== 'open');
        const [settled] = await tables.settledOn(dayOf(AT));
        expect(settled).toEqual({
          currency: 'NPR',
          entries: payments.length,
          amount: payments.reduce((sum, entry) => sum + entry.amount, 0n),
        });
      }),
    );

    test(
      'J6: a head that has moved stores nothing at all',
      withTables(async (tables) => {
        const box = new Box('syabru', 3).openAll().pay(10);
        const journal = await enrolled(tables, box);
        const batch = await batchOf(tables, journal, box, 1, 20);
        await tables.store(batch);
        expect(await tables.store(batch)).toEqual({ status: 'head-moved' });
        const late = { ...(await batchOf(tables, journal, box, 21, 25)), expected: { number: 20, hash: GENESIS } };
        expect(await tables.store(late)).toEqual({ status: 'head-moved' });
        expect((await tables.totals()).entries).toBe(20);
        expect((await tables.entries({ limit: 100 })).length).toBe(20);
      }),
    );

    test(
      'K5: one payment id in two entries is a break, in one journal and in two',
      withTables(async (tables) => {
        const one = new Box('syabru', 3).openAll().pay(5);
        const two = new Box('gatlang', 4).openAll().pay(5);
        const twice = one.entries.at(-1)?.paymentId as PaymentId;
        const again = one.add({ ...one.body({}), method: 'cash', paymentId: twice, postings: [] });
        const first = await enrolled(tables, one);
        const second = await enrolled(tables, two);
        const stored = await tables.store(await batchOf(tables, first, one, 1, one.head.number));
        expect(stored.status === 'stored' && stored.breaks).toMatchObject([{ kind: 'payment-twice', rule: 'K5', number: again.number }]);
        const other = await tables.store(await batchOf(tables, second, two, 1, two.head.number));
        // Both boxes made their ids from one session: every payment of the second is there already.
        expect(other.status === 'stored' && other.breaks.length).toBe(5);
        expect((await tables.breakCounts()).get('gatlang')).toBe(5);
        expect((await tables.entry(again.hash))?.breaks).toHaveLength(1);
      }),
    );

    test(
      'totals beyond 64 bits stay exact',
      withTables(async (tables) => {
        const opening = 'opening:syabru' as AccountId;
        const boxes = [new Box('syabru', 1), new Box('gatlang', 2), new Box('briddim', 3)];
        for (const box of boxes) {
          box.add({
            action: 'open',
            method: 'journal',
            amount: MAX_MINOR,
            account: 'wallet:rich' as AccountId,
            postings: [
              { account: opening, amount: MAX_MINOR },
              { account: 'wallet:rich' as AccountId, amount: -MAX_MINOR },
            ],
          });
          const journal = await enrolled(tables, box);
          await tables.store(await batchOf(tables, journal, box, 1, 1));
        }
        expect((await tables.account('wallet:rich'))?.balance).toBe(-3n * MAX_MINOR);
        const kinds = await tables.kindTotals();
        expect(kinds.find(({ kind }) => kind === 'opening')?.debit).toBe(3n * MAX_MINOR);
        expect((await tables.positionsOf('wallet:rich', 'NPR')).map(({ balance }) => balance)).toEqual(boxes.map(() => -MAX_MINOR));
      }),
    );

    test(
      'a branch is kept unfolded and fences the journal once (P6)',
      withTables(async (tables) => {
        const box = new Box('syabru', 5).openAll().pay(10);
        const journal = await enrolled(tables, box);
        await tables.store(await batchOf(tables, journal, box, 1, 25));
        const clone = box.cloneAt(20).pay(8);
        const forkBreak = {
          kind: 'forked-journal' as const,
          number: 21,
          hash: undefined,
          rule: 'P6',
          detail: 'x',
          account: undefined,
          amount: undefined,
        };
        const fork = { journal: journal.id, reason: 'other 21', receivedAt: AT, bytes: 10, entries: clone.entries.slice(15), forkBreak };
        expect(await tables.storeForked(fork)).toMatchObject({ added: 8, full: false, breaks: [{ kind: 'forked-journal' }] });
        expect(await tables.storeForked(fork)).toMatchObject({ added: 0, breaks: [] });
        expect(((await tables.journal(box.name)) as Journal).fenced?.reason).toBe('other 21');
        expect(await tables.store(await batchOf(tables, journal, box, 26, 28))).toEqual({ status: 'head-moved' });
        expect((await tables.entries({ standing: 'forked', limit: 100 })).length).toBe(8);
        expect((await tables.headsAt(journal.id, 21)).map(({ hash }) => hash).sort()).toEqual(
          [clone.headAt(21).hash, box.headAt(21).hash].sort(),
        );
        expect(await tables.totals()).toMatchObject({ entries: 25, forked: 8 });
      }),
    );

    test(
      'J6: staging is bounded for each journal and forgets what was passed',
      withTables(async (tables) => {
        const box = new Box('syabru', 5);
        const journal = await enrolled(tables, box);
        const bytes = new Uint8Array(10);
        for (let index = 0; index < LIMITS.stagedBatches; index++) {
          expect(await tables.stage(journal.id, { from: 11 + index * 10, count: 10, bytes }, AT)).toBe('staged');
        }
        expect(await tables.stage(journal.id, { from: 11, count: 10, bytes }, AT)).toBe('known');
        expect(await tables.stage(journal.id, { from: 5000, count: 10, bytes }, AT)).toBe('full');
        expect(await tables.stagedAt(journal.id, 5)).toBeUndefined();
        expect(await tables.stagedAt(journal.id, 15)).toMatchObject({ from: 11, count: 10 });
        await tables.unstage(journal.id, 31);
        expect(await tables.stagedAt(journal.id, 31)).toBeUndefined();
        expect(await tables.stagedAt(journal.id, 41)).toMatchObject({ from: 41 });
      }),
    );

    test(
      'an entry that was passed unread keeps its bytes and stands in the chain (J7)',
      withTables(async (tables) => {
        const box = new Box('syabru', 5).openAll();
        const journal = await enrolled(tables, box);
        const head = { number: 1, hash: 'ab'.repeat(32) as EntryHash };
        const stored = await tables.store({
          ...(await batchOf(tables, journal, box, 1, 0)),
          expected: box.headAt(0),
          head,
          breaks: [{ kind: 'undecodable', number: 1, hash: head.hash, rule: 'J7', detail: 'x', account: undefined, amount: undefined }],
          raw: [{ number: 1, hash: head.hash, bytes: new Uint8Array([1, 2, 3]) }],
        });
        expect(stored).toMatchObject({ status: 'stored', breaks: [{ kind: 'undecodable', number: 1 }] });
        expect(await tables.headsAt(journal.id, 1)).toEqual([head]);
        expect(await tables.hashes(journal.id, 1, 5)).toEqual([head]);
        expect((await tables.breaks({ limit: 10, stage: 'found' })).length).toBe(1);
      }),
    );

    test(
      'a voucher enrols one key; the same key again gets the same journal',
      withTables(async (tables) => {
        const voucher = {
          id: 'ab12',
          gateway: 'syabru' as GatewayId,
          site: 'Syabru',
          secret: 's',
          createdAt: AT,
          expiresAt: AT + 10,
          used: undefined,
        };
        await tables.addVoucher(voucher);
        const box = new Box('syabru', 1);
        const other = new Box('syabru', 2);
        const use = { voucher: 'ab12', publicKey: box.signer.publicKey, epoch: box.name.epoch, at: AT };
        expect(await tables.useVoucher({ ...use, voucher: 'zzzz' })).toEqual({ status: 'unknown' });
        expect(await tables.useVoucher({ ...use, at: AT + 10 })).toEqual({ status: 'expired' });
        expect(await tables.useVoucher(use)).toMatchObject({ status: 'enrolled', repeated: false });
        expect(await tables.useVoucher({ ...use, at: AT + 9999 })).toMatchObject({ status: 'enrolled', repeated: true });
        expect(await tables.useVoucher({ ...use, publicKey: other.signer.publicKey })).toEqual({ status: 'used-by-another' });
        await tables.addVoucher({ ...voucher, id: 'cd34' });
        expect(await tables.useVoucher({ ...use, voucher: 'cd34' })).toEqual({ status: 'journal-exists' });
        expect((await tables.vouchers(10)).map(({ id }) => id).sort()).toEqual(['ab12', 'cd34']);
        expect((await tables.voucher('ab12'))?.used?.epoch).toBe(box.name.epoch);
        expect((await tables.journals()).length).toBe(1);
      }),
    );

    test(
      'accounts by kind and words, positions by journal',
      withTables(async (tables) => {
        for (const [index, gateway] of ['syabru', 'gatlang'].entries()) {
          const box = new Box(gateway, index + 1, 3).openAll();
          box.open('wallet:W_1%' as AccountId, 0n);
          const journal = await enrolled(tables, box);
          await tables.store(await batchOf(tables, journal, box, 1, box.head.number));
        }
        const wallets = await tables.accounts({ kind: 'wallet', limit: 100 });
        expect(wallets).toHaveLength(7);
        expect((await tables.accounts({ query: 'W_1%', limit: 10 })).map(({ id }) => id)).toEqual(['wallet:W_1%']);
        expect((await tables.accounts({ kind: 'wallet', after: wallets[2]?.id, limit: 2 })).map(({ id }) => id)).toEqual([
          wallets[3]?.id,
          wallets[4]?.id,
        ]);
        expect(await tables.positionsOf('wallet:W_1%', 'NPR')).toHaveLength(2);
        expect((await tables.entries({ account: 'float:gatlang', limit: 10 })).map(({ entry }) => entry.gateway)).toEqual(['gatlang']);
        expect((await tables.entries({ gateway: 'syabru', limit: 100 })).length).toBe(5);
        expect(await tables.entries({ account: 'wallet:none', limit: 10 })).toEqual([]);
      }),
    );

    test(
      'refusals, documents, settings and sessions',
      withTables(async (tables) => {
        for (let index = 0; index < LIMITS.refusedRows + 5; index++) {
          await tables.refuse({ topic: `u/x${index}`, reason: 'r', keyFingerprint: undefined, count: 1, at: AT + index });
        }
        await tables.refuse({ topic: 'u/x1000', reason: 'r', keyFingerprint: undefined, count: 4, at: AT + 9999 });
        const refused = await tables.refused(5000);
        expect(refused).toHaveLength(LIMITS.refusedRows);
        expect(refused[0]).toMatchObject({ topic: 'u/x1000', count: 5, firstAt: AT + 1000, lastAt: AT + 9999 });
        await tables.saveDocument('catalogue', new Uint8Array([1]), AT);
        await tables.saveDocument('catalogue', new Uint8Array([2, 3]), AT + 1);
        expect(await tables.document('catalogue')).toEqual({ bytes: new Uint8Array([2, 3]), at: AT + 1 });
        expect(await tables.document('none')).toBeUndefined();
        await tables.saveDocumentPeer('catalogue', 'syabru', new Uint8Array([9]));
        expect((await tables.documentPeers('catalogue')).get('syabru')).toEqual(new Uint8Array([9]));
        await tables.saveSetting('a', '1');
        await tables.saveSetting('a', '2');
        expect(await tables.setting('a')).toBe('2');
        await tables.addSession({ tokenHash: 'h', user: 'office', until: AT + 10 }, AT);
        expect(await tables.session('h', AT)).toMatchObject({ user: 'office' });
        expect(await tables.session('h', AT + 10)).toBeUndefined();
        await tables.endSession('h');
        expect(await tables.session('h', AT)).toBeUndefined();
      }),
    );
  });
}
