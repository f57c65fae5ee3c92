import { beforeEach, expect, it } from 'vitest';
import type { CellsInUse } from '../cell-host/cells-in-use.ts';
import { fakeFacts, fakePayment } from '../cell-host/fake-facts.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import { seededEntropy } from '../platform/entropy.ts';
import { cellsAtWork } from './cells-at-work.ts';

let done: string[];
let seeds: (string | undefined)[];

beforeEach(() => {
  done = [];
  seeds = [];
});

const note = (what: string) => {
  done.push(what);
  return {} as never;
};
const slowText = {
  instantiate: (
    getCoreModule: (name: string) => unknown,
    imports: Record<string, Record<string, unknown>>,
    instantiateCore?: () => never,
  ) => {
    void imports['chautari:cell/state']?.get;
    getCoreModule('cell.core.wasm');
    getCoreModule('cell.core2.wasm');
    instantiateCore?.();
    return note('ran');
  },
};

function cells(imports: readonly string[], isFast: boolean) {
  const prepared = {
    manifest: { grants: { imports } },
    fast: isFast ? { module: () => note('module'), glue: () => note('glue') } : undefined,
    jco: { load: () => slowText, module: (name: string, metered: boolean) => note(`${name} ${metered}`) },
  } as unknown as PreparedCell;
  const inUse = {
    inUse: (name: string) => (name === 'lottery' ? prepared : undefined),
    decide: (_method, _payment, _facts, seed) => {
      seeds.push(seed);
      return { outcome: 'declined', decline: { tag: 'invalid', detail: 'x' } };
    },
  } as Partial<CellsInUse> as CellsInUse;
  return cellsAtWork(inUse, seededEntropy(1));
}

it('makes a cell ready once, before its first run', () => {
  const host = cells([], true);
  host.ready?.('lottery');
  host.ready?.('lottery');
  host.decide('lottery', fakePayment({}), fakeFacts());
  expect(done).toEqual(['module', 'glue']);
});

it('compiles a slow cell’s modules without running anything of it', () => {
  cells([], false).ready?.('lottery');
  expect(done).toEqual(['cell.core.wasm true', 'cell.core2.wasm true']);
});

it('draws a seed for a cell that is granted randomness, another one each time, and none for others', () => {
  const lottery = cells(['wasi:random/random@0.2.3'], true);
  for (let run = 0; run < 2; run++) lottery.decide('lottery', fakePayment({}), fakeFacts());
  cells(['wasi:clocks/wall-clock@0.2.3'], true).decide('lottery', fakePayment({}), fakeFacts());
  lottery.decide('unknown', fakePayment({}), fakeFacts());
  expect(seeds).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/), undefined, undefined]);
  expect(seeds[0]).not.toBe(seeds[1]);
});
