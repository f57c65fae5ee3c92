import { expect, it } from 'vitest';
import type { Glue, MemoryViews } from './glue/glue.ts';
import { MemoryPool } from './memory-pool.ts';

const makeViews = (memory: WebAssembly.Memory): MemoryViews => ({ memory, grown: false, u8: new Uint8Array(memory.buffer) });
/** As much of glue as the pool uses. */
const glueStub = (): Glue => ({
  makeViews,
  makeImports: (memory) => ({ 'chautari:host': { memory } }),
  enter: () => undefined,
  leave: () => undefined,
  calls: {},
  Fault: class extends Error {
    readonly code = 'trap';
  },
});

const SIZE = { initial: 1, maximum: 2 };

it('gives the same memory again, zeroed', () => {
  const pool = new MemoryPool();
  const glue = glueStub();
  const key = pool.keyOf(glue, SIZE);
  const first = pool.take(key, glue, SIZE);
  first.views.u8.fill(0xff);
  pool.give(key, first, SIZE);
  const second = pool.take(key, glue, SIZE);
  expect(second).toBe(first);
  expect(second.views.u8.every((byte) => byte === 0)).toBe(true);
  // Lent already: another call would get a memory of its own.
  expect(pool.take(key, glue, SIZE)).not.toBe(first);
});

it('drops a memory that grew', () => {
  const pool = new MemoryPool();
  const glue = glueStub();
  const key = pool.keyOf(glue, SIZE);
  const grown = pool.take(key, glue, SIZE);
  grown.views.memory.grow(1);
  pool.give(key, grown, SIZE);
  expect(pool.size).toBe(0);
  const same = pool.take(key, glue, SIZE);
  // Grown by nothing has a new buffer all the same, and the views see none of it.
  same.views.memory.grow(0);
  pool.give(key, same, SIZE);
  expect(pool.size).toBe(0);
});

it('keeps memories of sizes and glues apart, and few of them', () => {
  const pool = new MemoryPool();
  const [glue, other] = [glueStub(), glueStub()];
  expect(pool.keyOf(glue, SIZE)).toBe(pool.keyOf(glue, { ...SIZE }));
  expect(pool.keyOf(glue, SIZE)).not.toBe(pool.keyOf(other, SIZE));
  for (let pages = 1; pages <= 40; pages += 1) {
    const size = { initial: 1, maximum: pages };
    const key = pool.keyOf(glue, size);
    expect(key).not.toBe(pool.keyOf(glue, { initial: 1, maximum: pages + 1 }));
    pool.give(key, pool.take(key, glue, size), size);
  }
  expect(pool.size).toBe(16);
});
