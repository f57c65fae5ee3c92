/**
 * The same cells in the class slow, that is through jco's own glue with metered modules: no budget is exceeded there either, and
 * whatever the host checks holds. jco is laxer than the contract asks in a few places; those are named here, and what such a cell gains
 * is nothing but an answer that it could have given anyway.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import type { CellHost } from '../../main/cell-host/cell.ts';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { LIMITS } from '../../main/cell-host/limits.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import { hostileCells } from './cells.ts';
import { author, BUDGET, componentOf, installHostile, manifestOf } from './install.ts';

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

/** A component that makes `count` instances of a core module of its author's before its own. */
async function manyInstances(count: number, fields: string): Promise<Uint8Array> {
  const plain = await print(await componentOf(DECIDE));
  const many = `(core module $many ${fields})\n${'(core instance (instantiate $many))\n'.repeat(count)}`;
  return parse(plain.replace('(core instance $main', `${many}(core instance $main`));
}

const DECIDE = `(module (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
  (func (export "decide") (param i32) (result i32) unreachable))`;
/** Two thirds of the budget at the start. */
const BURN = `(func $burn (local i32) (local.set 0 (i32.const ${Math.floor(BUDGET.fuel / 9)}))
  (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))) (start $burn)`;

describe('a component of many instances', () => {
  it.each([
    ['spends one budget with all of them', 30, BURN, 'the fuel is spent'],
    ['has few memories', 30, '(memory 4)', `the cell makes more than ${LIMITS.memoriesMax} memories`],
    ['has few instances', 100, '(func)', `the cell is made of more than ${LIMITS.instancesMax} instances`],
  ])('%s', async (_what, count, fields, detail) => {
    const own = mkdtempSync(join(tmpdir(), 'chautari-hostile-many-'));
    try {
      trustAuthor(own, 'test', author);
      await layCell(own, manifestOf('many', 'slow'), await manyInstances(count, fields), author);
      const decision = loadCells(own).decide('many', fakePayment({ amount: 100n }), fakeFacts());
      expect(decision).toMatchObject({ outcome: 'failed', fault: { code: 'limit', detail } });
      expect(decision.trace?.fuel).toBeLessThan(2 * BUDGET.fuel);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});

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
