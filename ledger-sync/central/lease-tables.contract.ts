/** The acceptance suite of the port for meters and leases: every storage passes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalName } from '../ledger/journal.ts';
import { type IssueLease, LEASE_LIMITS, type LeaseIssue, type LeaseRow, type MeterRow } from './lease-tables.ts';
import type { MadeTables } from './tables.contract.ts';
import type { Journal, Tables } from './tables.ts';
import { Box, enrolBox } from './testing.ts';

const AT = Date.UTC(2026, 9, 1, 6);
const METER: MeterRow = {
  meter: 'M-204',
  key: 'bc41ec9530f6dac86b1a29ab82edc5fb',
  startingCode: 516_959_010,
  extended: false,
  restricted: true,
  mode: 'add-time',
  unit: 'day',
  price: 1_500,
  currency: 'NPR',
  lastCount: 1,
  createdAt: AT,
};

const fence = async (tables: Tables, box: Box): Promise<void> => {
  const journal = (await tables.journal(box.name)) as Journal;
  const forkBreak = {
    kind: 'forked-journal' as const,
    number: 1,
    hash: undefined,
    rule: 'P6',
    detail: 'a branch',
    account: undefined,
    amount: undefined,
  };
  await tables.storeForked({ journal: journal.id, reason: 'a branch', receivedAt: AT, bytes: 1, entries: [], forkBreak });
};

export function leaseTablesContract(name: string, make: () => Promise<MadeTables>): void {
  const withTables = (work: (tables: Tables, boxes: readonly Box[]) => Promise<void>) => async () => {
    const { tables, remove } = await make();
    try {
      // The first two are lives of one gateway.
      const boxes = [new Box('syabru', 1), new Box('syabru', 2), new Box('gatlang', 3)];
      for (const box of boxes) await enrolBox(tables, box);
      await tables.addMeter(METER);
      await work(tables, boxes);
    } finally {
      await remove();
    }
  };
  const wanted = (owner: JournalName, changes: Partial<IssueLease> = {}): IssueLease => ({
    meter: METER.meter,
    owner,
    count: 20,
    price: undefined,
    request: undefined,
    takenOver: undefined,
    at: AT,
    ...changes,
  });
  const issued = (issue: LeaseIssue): LeaseRow => {
    if (issue.status !== 'issued') throw new Error(issue.status);
    return issue.lease;
  };

  describe(`${name}: meters and leases`, () => {
    test(
      'a meter is registered once, with its key for good',
      withTables(async (tables) => {
        expect(await tables.addMeter({ ...METER, createdAt: AT + 1 })).toBe('known');
        expect(await tables.addMeter({ ...METER, key: '00'.repeat(16) })).toBe('conflict');
        expect(await tables.addMeter({ ...METER, meter: 'M-1', extended: true, lastCount: 80 })).toBe('added');
        expect(await tables.meter('M-204')).toEqual(METER);
        expect(await tables.meter('M-0')).toBeUndefined();
        expect((await tables.meters('', 10)).map(({ meter }) => meter)).toEqual(['M-1', 'M-204']);
        expect((await tables.meters('M-1', 10)).map(({ meter }) => meter)).toEqual(['M-204']);
      }),
    );

    test(
      'ranges begin behind the last one and belong to one journal (L2, L4)',
      withTables(async (tables, [first, , other]) => {
        const one = issued(await tables.issueLease(wanted((first as Box).name)));
        expect(one).toMatchObject({ gateway: 'syabru', epoch: first?.name.epoch, from: 2, to: 22, price: 1_500 });
        const two = issued(await tables.issueLease(wanted((first as Box).name, { price: 1_800, count: 4 })));
        expect(two).toMatchObject({ from: 22, to: 26, price: 1_800, number: one.number + 1 });
        expect(await tables.issueLease(wanted((other as Box).name))).toEqual({ status: 'owned', by: two });
        const taken = issued(await tables.issueLease(wanted((other as Box).name, { takenOver: 'the box was sold: Maya' })));
        expect(taken).toMatchObject({ gateway: 'gatlang', from: 26, to: 46, takenOver: 'the box was sold: Maya' });
        expect(await tables.leases({ limit: 10 })).toEqual([taken, two, one]);
        expect(await tables.leases({ meter: 'M-0', limit: 10 })).toEqual([]);
      }),
    );

    test(
      'a fenced journal gets none, and what it had is never given again (P6, P12)',
      withTables(async (tables, [dead, next]) => {
        expect(issued(await tables.issueLease(wanted((dead as Box).name)))).toMatchObject({ from: 2, to: 22 });
        await fence(tables, dead as Box);
        expect(await tables.issueLease(wanted((dead as Box).name))).toEqual({ status: 'fenced' });
        const after = issued(await tables.issueLease(wanted((next as Box).name)));
        expect(after).toMatchObject({ from: 22, to: 42, takenOver: undefined });
      }),
    );

    test(
      'the same request gets the same lease; another under its name is a conflict',
      withTables(async (tables, [box]) => {
        const asked = wanted((box as Box).name, { request: 'r-1' });
        const lease = issued(await tables.issueLease(asked));
        expect(await tables.issueLease({ ...asked, at: AT + 1 })).toEqual({ status: 'issued', lease, repeated: true });
        expect(await tables.issueLease({ ...asked, count: 22 })).toEqual({ status: 'request-conflict', lease });
        expect((await tables.leases({ limit: 10 })).length).toBe(1);
      }),
    );

    test(
      'what is not known, and a meter whose counts are all given, is said',
      withTables(async (tables, [box]) => {
        const { name: owner } = box as Box;
        expect(await tables.issueLease(wanted(owner, { meter: 'M-0' }))).toEqual({ status: 'unknown-meter' });
        expect(await tables.issueLease(wanted({ ...owner, epoch: 'f'.repeat(16) as JournalName['epoch'] }))).toEqual({
          status: 'unknown-journal',
        });
        await tables.addMeter({ ...METER, meter: 'old', lastCount: 65_520 });
        expect(await tables.issueLease(wanted(owner, { meter: 'old' }))).toEqual({ status: 'used-up' });
        expect(issued(await tables.issueLease(wanted(owner, { meter: 'old', count: 14 })))).toMatchObject({ from: 65_521, to: 65_535 });
      }),
    );

    test('no two ranges of a meter overlap, whoever asks, is fenced or taken over, and at the same time (L2)', async () => {
      const step = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            what: fc.constant('issue' as const),
            box: fc.nat(2),
            meter: fc.constantFrom('M-204', 'M-9'),
            count: fc.integer({ min: 1, max: LEASE_LIMITS.counts }),
            takeOver: fc.boolean(),
          }),
        },
        { weight: 1, arbitrary: fc.record({ what: fc.constant('fence' as const), box: fc.nat(2) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 }), async (rounds) => {
          await withTables(async (tables, boxes) => {
            await tables.addMeter({ ...METER, meter: 'M-9', lastCount: 7 });
            const dead = new Set<string>();
            for (const round of rounds) {
              const asked = round.map(async (one) => {
                const box = boxes[one.box] as Box;
                if (one.what === 'fence') {
                  await fence(tables, box);
                  dead.add(box.name.epoch);
                  return;
                }
                const wasDead = dead.has(box.name.epoch);
                const { meter, count } = one;
                const issue = await tables.issueLease(
                  wanted(box.name, { meter, count, takenOver: one.takeOver ? 'the risk is taken' : undefined }),
                );
                if (wasDead) expect(issue.status).toBe('fenced');
              });
              await Promise.all(asked);
            }
            for (const [meter, first] of [
              ['M-204', 2],
              ['M-9', 8],
            ] as const) {
              const ranges = (await tables.leases({ meter, limit: 100 })).toReversed();
              ranges.reduce((past, { from, to }) => {
                expect(from).toBe(past);
                expect(to).toBeGreaterThan(from);
                return to;
              }, first as number);
            }
          })();
        }),
        { numRuns: 15 },
      );
    });
  });
}
