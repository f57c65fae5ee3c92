import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, draft, type Wish, wish } from '../../test/support/ledger/arbitrary.ts';
import { sha256Hex } from '../protocol/sha256.ts';
import { available, isBounded, isIssued } from './account.ts';
import type { Entry } from './entry.ts';
import type { Epoch, GatewayId } from './ids.ts';
import { append, EMPTY_HEAD, type Head, headOf } from './journal.ts';
import { fold, Positions, sitePositions } from './position.ts';
import { reversalOf } from './reversal.ts';
import { ruleFaults } from './rules.ts';

/** Takes every wish that the rules allow, as a gateway does. */
function play(wishes: readonly Wish[], gateway = 'syabru'): { readonly entries: Entry[]; readonly positions: Positions } {
  const positions = sitePositions('syabru', 'NPR');
  positions.addAccount({ id: account('float:syabru'), currency: 'NPR', floor: 0n, open: true });
  const name = { gateway: gateway as GatewayId, epoch: '0123456789abcdef' as Epoch };
  const entries: Entry[] = [];
  let head: Head = EMPTY_HEAD;
  for (const [index, wanted] of wishes.entries()) {
    const body = draft(wanted, index + 1, entries);
    if (body === undefined || ruleFaults(body, positions).length > 0) continue;
    const entry = append(name, head, body, sha256Hex);
    positions.apply(entry);
    entries.push(entry);
    head = headOf(entry);
  }
  return { entries, positions };
}
const wishes = fc.array(wish, { maxLength: 60 });
const empty = (): Positions => sitePositions('syabru', 'NPR');

describe('whatever is asked for', () => {
  it('I2, I6: all postings sum to zero, and no bounded position is ever below its floor', () => {
    fc.assert(
      fc.property(wishes, (wanted) => {
        const { entries } = play(wanted);
        const step = empty();
        for (const entry of entries) {
          step.apply(entry);
          let sum = 0n;
          for (const [id, balance] of step.balanceList()) {
            sum += balance;
            if (isBounded(id)) expect(available(id, balance, step.account(id)?.floor ?? 0n)).toBeGreaterThanOrEqual(0n);
          }
          expect(sum).toBe(0n);
        }
      }),
    );
  });

  it('I5: folding the journal again gives the same positions and the same remainders', () => {
    fc.assert(
      fc.property(wishes, (wanted) => {
        const { entries, positions } = play(wanted);
        const again = fold(empty(), entries);
        expect(again.balanceList()).toEqual(positions.balanceList());
        for (const { paymentId, account: id } of entries) {
          expect(again.remaining(paymentId)).toEqual(positions.remaining(paymentId));
          expect(again.account(id)).toEqual(positions.account(id));
        }
      }),
    );
  });

  it('P1: stored value comes from openings alone', () => {
    fc.assert(
      fc.property(wishes, (wanted) => {
        const { entries, positions } = play(wanted);
        const opened = entries.reduce((sum, entry) => (entry.action === 'open' && isIssued(entry.account) ? sum + entry.amount : sum), 0n);
        const stored = positions.balanceList().reduce((sum, [id, balance]) => (isIssued(id) ? sum - balance : sum), 0n);
        expect(stored).toBe(opened);
      }),
    );
  });

  it('P10: of no payment more is given back than was paid', () => {
    fc.assert(
      fc.property(wishes, (wanted) => {
        const { entries } = play(wanted);
        for (const { paymentId, amount } of entries) {
          const back = entries.reduce((sum, entry) => (entry.refersTo === paymentId ? sum + entry.amount : sum), 0n);
          expect(back).toBeLessThanOrEqual(amount);
        }
      }),
    );
  });

  it('I4: a reversal brings every account back to where it was', () => {
    fc.assert(
      fc.property(wishes, fc.nat(), (wanted, pick) => {
        const { entries } = play(wanted);
        const original = entries[pick % Math.max(entries.length, 1)];
        fc.pre(original !== undefined);
        const before = fold(new Positions(), [original]);
        before.apply(reversalOf(original, { paymentId: original.paymentId, operator: 'k', reason: 'r', at: 0 }));
        for (const [, balance] of before.balanceList()) expect(balance).toBe(0n);
      }),
    );
  });
});

it('I8: the union of journals, in any order and with any repetition, gives one ledger', () => {
  fc.assert(
    fc.property(wishes, wishes, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (left, right, order) => {
      const all = [...play(left, 'syabru').entries, ...play(right, 'gatlang').entries];
      const expected = fold(new Positions(), all).balanceList();
      // The grow-only set: by hash. Any delivery that has all of it in it, shuffled and repeated, ends in the same set.
      const delivery = [...all, ...all.filter((_, index) => order.includes(index))];
      delivery.sort((a, b) => keyOf(a, order) - keyOf(b, order));
      const union = new Map(delivery.map((entry) => [entry.hash, entry]));
      expect(union.size).toBe(all.length);
      expect(fold(new Positions(), union.values()).balanceList()).toEqual(expected);
    }),
  );
});

const keyOf = (entry: Entry, order: readonly number[]): number =>
  (Number.parseInt(entry.hash.slice(0, 8), 16) * ((order[0] ?? 0) + 1)) % 10_007;
