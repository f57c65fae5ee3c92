import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TriedCell, type TriedDevice, trySensorCell } from '../../test/support/sensors/try-cell.ts';

const DUE = 1_700_000_000_000n;

let cell: TriedCell;
let sensor: TriedDevice;
beforeAll(async () => {
  cell = await trySensorCell('train');
});
beforeEach(() => {
  sensor = cell.device('S-12');
});

/** The decision as `command argument anomaly`, or the error. */
function read(kind: string, value: bigint, at: bigint = DUE): string {
  const result = sensor.run('decide-reading', [{ deviceId: 'S-12', at, kind, value }]) as
    | { tag: 'ok'; val: { anomaly?: string; command: string; argument: bigint } }
    | { tag: 'err'; val: string };
  if (result.tag === 'err') return result.val;
  const { anomaly, command, argument } = result.val;
  return [command, argument, ...(anomaly === undefined ? [] : [anomaly])].join(' ');
}

describe('a train', () => {
  beforeEach(() => {
    expect(read('set.due.4711', DUE)).toBe(`set ${DUE}`);
  });

  it.each([
    [-60_000n, 'clear 0'],
    [-60_001n, 'hold 60001 too-early'],
    [180_000n, 'clear 0'],
    [180_001n, 'yield 180001 too-late'],
  ])('%d ms off its time: %s', (off, decision) => {
    expect(read('train', 4711n, DUE + off)).toBe(decision);
  });

  it('that is held passes later, and once', () => {
    expect(read('train', 4711n, DUE - 90_000n)).toBe('hold 90000 too-early');
    expect(read('train', 4711n, DUE)).toBe('clear 0');
    expect(read('train', 4711n, DUE + 5_000n)).toBe('stop 4711 passed-twice');
  });

  it('that nobody expects here is stopped', () => {
    expect(read('train', 4712n)).toBe('stop 4712 wrong-track');
    expect(read('set.drop.4711', 0n)).toBe('set 0');
    expect(read('train', 4711n)).toBe('stop 4711 wrong-track');
  });

  it('that does not come is missed, each once, the longest overdue first', () => {
    read('set.due.9', DUE - 1_000n);
    expect(read('watch', 0n, DUE + 599_000n)).toBe('clear 0');
    expect(read('watch', 0n, DUE + 599_001n)).toBe('search 9 missing');
    expect(read('watch', 0n, DUE + 600_001n)).toBe('search 4711 missing');
    expect(read('watch', 0n, DUE + 600_001n)).toBe('clear 0');
    expect(read('train', 4711n, DUE + 700_000n)).toBe('yield 700000 too-late');
  });

  it('tolerances are set by readings', () => {
    read('set.early', 0n);
    read('set.late', 1n);
    expect(read('train', 4711n, DUE - 1n)).toBe('hold 1 too-early');
    expect(read('train', 4711n, DUE + 1_001n)).toBe('yield 1001 too-late');
    read('set.overdue', 0n);
    read('set.due.5', DUE);
    expect(read('watch', 0n, DUE + 1n)).toBe('search 5 missing');
  });
});

it('a speed is held against the limit of the place', () => {
  expect(read('speed', 1_200n)).toBe('clear 0');
  read('set.speed-limit', 800n);
  expect(read('speed', 800n)).toBe('clear 0');
  expect(read('speed', 801n)).toBe('slow 800 too-fast');
  expect(read('speed', -1n)).toContain('a speed is from 0');
});

it('a schedule holds 200 trains, and says when it is full', () => {
  for (let train = 1; train <= 200; train++) expect(read(`set.due.${train}`, DUE + BigInt(train))).toContain('set');
  expect(read('set.due.201', DUE)).toContain('full');
  read('set.drop.7', 0n);
  expect(read('set.due.201', DUE)).toContain('set');
  expect(read('train', 200n, DUE)).toBe('clear 0');
  expect(read('train', 7n)).toBe('stop 7 wrong-track');
});

it.each([
  ['noise', 0n],
  ['set.nothing', 0n],
  ['set.due.', DUE],
  ['set.due.x', DUE],
  ['set.due.1234567', DUE],
  ['set.due.5', -1n],
  ['set.early', -1n],
  ['set.speed-limit', 10_001n],
  ['train', 0n],
  ['train', 1_000_000n],
])('refuses %s %d in words', (kind, value) => {
  expect(read(kind, value)).toMatch(/^[a-z].{15,}/);
});
