/** Over real folders for what is read from them, over a made-up host for what is drawn. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { type CellsInUse, cellsInUse } from '../cell-host/cells-in-use.ts';
import { fakeFacts, fakePayment } from '../cell-host/fake-facts.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { seededEntropy } from '../platform/entropy.ts';
import { cellsAtWork } from './cells-at-work.ts';

const seeds: (string | undefined)[] = [];

function cells(imports: readonly string[]) {
  const prepared = { manifest: { grants: { imports } } } as unknown as PreparedCell;
  const inUse = {
    inUse: (name: string) => (name === 'lottery' ? prepared : undefined),
    decide: (_method, _payment, _facts, seed) => {
      seeds.push(seed);
      return { outcome: 'declined', decline: { tag: 'invalid', detail: 'x' } };
    },
  } as Partial<CellsInUse> as CellsInUse;
  return cellsAtWork(inUse, seededEntropy(1));
}

it('leaves a version whose files change before its first run: the one before it is made ready, and decides', {
  timeout: 60_000,
}, async () => {
  const root = mkdtempSync(join(tmpdir(), 'cells-at-work-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const author = new TestAuthor();
  author.trustIn(root);
  for (const version of ['0.1.0', '0.2.0']) await author.lay(root, 'cash', { version });
  const host = cellsAtWork(cellsInUse(new CellRegistry({ shipped: root }), { chosen: () => undefined }), seededEntropy(1));
  expect(host.cellOf?.('cash')?.version).toBe('0.2.0');
  const path = join(root, 'cash/0.2.0/prepared/core.wasm');
  writeFileSync(path, readFileSync(path).fill(0, 100));
  host.ready?.('cash');
  expect(host.decide('cash', fakePayment({}), fakeFacts())).toMatchObject({ outcome: 'approved', trace: { cell: { version: '0.1.0' } } });
});

it('draws a seed for a cell that is granted randomness, another one each time, and none for others', () => {
  const lottery = cells(['wasi:random/random@0.2.3']);
  for (let run = 0; run < 2; run++) lottery.decide('lottery', fakePayment({}), fakeFacts());
  cells(['wasi:clocks/wall-clock@0.2.3']).decide('lottery', fakePayment({}), fakeFacts());
  lottery.decide('unknown', fakePayment({}), fakeFacts());
  expect(seeds).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/), undefined, undefined]);
  expect(seeds[0]).not.toBe(seeds[1]);
});
