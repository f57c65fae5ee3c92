/**
 * The same cells in the class slow, that is through jco's own glue with metered modules: no budget is exceeded there either, and
 * whatever the host checks holds. jco is laxer than the contract asks in a few places; those are named here, and what such a cell gains
 * is nothing but an answer that it could have given anyway.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellHost } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { hostileCells } from './cells.ts';
import { BUDGET, installHostile } from './install.ts';

/** jco takes a text that is not UTF-8 with replacements, cuts a list short at the memory's end, and lets an allocator call out. */
const LAX = new Set([
  'text-in-a-key',
  'allocator-unaligned',
  'allocator-calls-out',
  'allocator-writes-state',
  'argument-value-beyond',
  'argument-value-that-wraps',
  'argument-payload-beyond',
  'argument-result-unaligned',
]);

const root = mkdtempSync(join(tmpdir(), 'chautari-hostile-slow-'));
let host: CellHost;
beforeAll(async () => {
  await installHostile(root, 'slow');
  host = loadCells(root);
}, 240_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a hostile cell of the class slow', () => {
  it.each(hostileCells.map((found) => [found.name, found] as const))('%s fails its request alone', (name, { code }) => {
    const spent: (number | undefined)[] = [];
    for (let again = 0; again < 2; again += 1) {
      const decision = host.decide(name, fakePayment({ amount: 100n }), fakeFacts());
      if (LAX.has(name)) {
        expect(decision).toMatchObject({ outcome: 'approved', approval: { postings: [{ amount: 100n }, { amount: -100n }], receipt: [] } });
      } else if (decision.outcome === 'failed') {
        expect(decision.fault).toEqual({ code: expect.any(String), detail: expect.any(String) });
        if (name.startsWith('loop-') && name !== 'loop-in-start') expect(decision.fault.detail).toBe('the fuel is spent');
      } else {
        expect(decision).toMatchObject({ outcome: 'declined' });
        expect(code).not.toBe('budget');
      }
      spent.push(decision.trace?.fuel);
    }
    expect(spent[0]).toBe(spent[1]);
    // One of its modules, the one that has code of its author's, and the small ones of wit-component.
    expect(spent[0]).toBeLessThanOrEqual(3 * BUDGET.fuel);
  });
});
