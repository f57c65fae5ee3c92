import fc from 'fast-check';
import { expect, it } from 'vitest';
import { body } from '../../test/support/ledger/arbitrary.ts';
import { sha256Hex } from '../protocol/sha256.ts';
import type { Entry } from './entry.ts';
import type { Epoch, GatewayId } from './ids.ts';
import { append, EMPTY_HEAD, follows, type Head, headOf, type JournalName } from './journal.ts';

const name: JournalName = { gateway: 'syabru' as GatewayId, epoch: '0123456789abcdef' as Epoch };

function journalOf(count: number): Entry[] {
  const entries: Entry[] = [];
  let head: Head = EMPTY_HEAD;
  for (let index = 0; index < count; index++) {
    const entry = append(name, head, body({ at: index, memo: String(index) }), sha256Hex);
    entries.push(entry);
    head = headOf(entry);
  }
  return entries;
}

function check(entries: readonly Entry[]): string {
  let head: Head = EMPTY_HEAD;
  for (const entry of entries) {
    const next = follows(name, head, entry, sha256Hex);
    if (!next.ok) return next.error.code;
    head = next.value;
  }
  return `ends at ${head.number}`;
}

it('I4: a journal follows itself, and no other order, gap, repetition or change of it does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), fc.nat(), (count, first, second) => {
      const entries = journalOf(count);
      expect(check(entries)).toBe(`ends at ${count}`);
      const at = first % count;
      const other = second % count;
      const without = entries.filter((_, index) => index !== at);
      if (at < count - 1) expect(check(without)).toBe('wrong-number');
      const twice = [...entries.slice(0, at + 1), ...entries.slice(at)];
      expect(check(twice)).toBe('wrong-number');
      if (at !== other) {
        const swapped = [...entries];
        [swapped[at], swapped[other]] = [swapped[other] as Entry, swapped[at] as Entry];
        expect(check(swapped)).toBe('wrong-number');
      }
      const changed = entries.map((entry, index) => (index === at ? { ...entry, amount: entry.amount + 1n } : entry));
      expect(check(changed)).toBe('wrong-hash');
    }),
    { numRuns: 50 },
  );
});

it('a branch does not follow: the hash before it is another', () => {
  const entries = journalOf(3);
  const branch = append(name, headOf(entries[1] as Entry), body({ memo: 'another' }), sha256Hex);
  const next = append(name, headOf(branch), body({}), sha256Hex);
  expect(check([...entries, next])).toBe('wrong-previous');
  expect(check([{ ...(entries[0] as Entry), epoch: 'fedcba9876543210' as Epoch }])).toBe('wrong-journal');
});
