import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CentreEntryBody } from '../../ledger-sync/central/schemas.ts';
import { endOfDay, hoursOf, scaleOf, startOfDay } from './hours.ts';

const entry = (at: string, amount: string, action = 'sale', standing: CentreEntryBody['standing'] = 'canonical') =>
  ({ at, amount, action, standing }) as CentreEntryBody;

test('sales stand in the hour of Kathmandu, net of refunds', () => {
  const hours = hoursOf(
    [
      // 09:02 and 09:50 there.
      entry('2026-05-22T03:17:00Z', '114500'),
      entry('2026-05-22T04:05:00Z', '500', 'refund'),
      entry('2026-05-22T06:20:00Z', '2000'),
    ],
    '2026-05-22',
  );
  expect(hours.map(({ hour, amount }) => [hour, amount])).toEqual([
    [9, 114_000n],
    [10, 0n],
    [11, 0n],
    [12, 2000n],
  ]);
});

test('what does not count, is no sale or is of another day is left out', () => {
  const none = [
    entry('2026-05-22T03:17:00Z', '100', 'sale', 'forked'),
    entry('2026-05-22T03:17:00Z', '100', 'top-up'),
    entry('2026-05-22T19:00:00Z', '100'),
  ];
  expect(hoursOf(none, '2026-05-22')).toEqual([]);
});

test('a day of Kathmandu begins at a quarter past six in the evening before, UTC', () => {
  expect(startOfDay('2026-05-22')).toBe('2026-05-21T18:15:00.000Z');
  expect(endOfDay('2026-05-22')).toBe('2026-05-22T18:14:59.999Z');
});

test('the scale holds the tallest bar with at most four lines', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), (most) => {
      const { step, top } = scaleOf(most);
      expect(top >= most && top % step === 0n && top / step <= 4n && top > 0n).toBe(true);
    }),
  );
});
