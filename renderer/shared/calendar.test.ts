// Days and times of Nepal.
import { describe, expect, it } from 'vitest';
import { dayText, durationOf, isoDay, isSameDay, shortDayText, timeText } from './calendar.ts';

const at = '2026-05-22T08:47:00.000Z';

describe('a moment', () => {
  it('has the clock of Kathmandu in the language’s digits', () => {
    expect(timeText(at, 'en')).toBe('14:32');
    expect(timeText(at, 'ne')).toBe('१४:३२');
  });

  it('has its Bikram Sambat day first and the ISO date beside it', () => {
    expect(dayText(at, 'en')).toBe('Fri 8 Jestha 2083');
    expect(dayText(at, 'ne')).toBe('शुक्र, ८ जेठ २०८३');
    expect(shortDayText(at, 'ne')).toBe('२०८३-०२-०८');
    expect(isoDay(at)).toBe('2026-05-22');
  });

  it('changes its day at midnight there, not here', () => {
    expect(isoDay('2026-05-22T18:14:59.000Z')).toBe('2026-05-22');
    expect(isoDay('2026-05-22T18:15:00.000Z')).toBe('2026-05-23');
    expect(isSameDay('2026-05-22T00:00:00.000Z', '2026-05-22T18:15:00.000Z')).toBe(false);
  });

  it('outside the tables is the ISO date, and nonsense is nothing', () => {
    expect(dayText('2120-01-01T00:00:00.000Z', 'ne')).toBe('2120-01-01');
    expect(dayText('1970-01-01T00:00:00.000Z', 'en')).toBe('Thu 17 Poush 2026');
    expect(timeText('nonsense', 'en')).toBe('--:--');
    expect(isSameDay('nonsense', 'nonsense')).toBe(false);
  });

  it('has lengths in the unit that is said', () => {
    expect(durationOf(59_000)).toEqual({ unit: 'seconds', count: 59 });
    expect(durationOf(130_000)).toEqual({ unit: 'minutes', count: 2 });
    expect(durationOf(47 * 3_600_000)).toEqual({ unit: 'hours', count: 47 });
    expect(durationOf(9 * 86_400_000)).toEqual({ unit: 'days', count: 9 });
    expect(durationOf(-5)).toEqual({ unit: 'seconds', count: 0 });
  });
});
