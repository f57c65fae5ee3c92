/**
 * Real components that ask for time, chance, files, variables and the network: one in AssemblyScript that calls WASI itself, one in
 * JavaScript whose engine does. They see the request's time and the recorded seed, and nothing of this machine.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { compileCell } from '../../cells/sdk/compile.ts';
import { makeComponent } from '../../cells/sdk/component.ts';
import { compileJs } from '../../cells/sdk/js/compile-js.ts';
import { RUNTIME_IMPORTS } from '../../cells/sdk/js/runtime-imports.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { CellDecision, CellHost } from './cell.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { FUEL_COSTS } from './fuel-costs.ts';
import { LIMITS } from './limits.ts';
import { loadCells } from './load-cells.ts';
import { type CellManifest, parseManifest } from './manifest.ts';
import { factsFromTrace } from './trace-facts.ts';

const CONTRACT = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');
const CELL_IMPORTS = ['accounts', 'state', 'outbox'].map((name) => `chautari:cell/${name}@0.1.0`);
const AT = 1_795_403_700_123n;
const SEED = '0123456789abcdef0123456789abcdef';

const WASI_WIT = `
package wasi:clocks@0.2.3 {
  interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; resolution: func() -> datetime; }
  interface monotonic-clock { now: func() -> u64; resolution: func() -> u64; }
}
package wasi:random@0.2.3 {
  interface random { get-random-bytes: func(len: u64) -> list<u8>; get-random-u64: func() -> u64; }
  interface insecure { get-insecure-random-u64: func() -> u64; }
  interface insecure-seed { insecure-seed: func() -> tuple<u64, u64>; }
}
`;
const TIMELY_IMPORTS = ['clocks/wall-clock', 'clocks/monotonic-clock', 'random/random', 'random/insecure', 'random/insecure-seed'].map(
  (name) => `wasi:${name}@0.2.3`,
);

/** Says all that its clocks and its randomness give, in the receipt; draws as many bytes as the request's operator names. */
const TIMELY = `
import { Approval, Decline, Field, Payment, Posting, Result } from './sdk/bindings';

@external("wasi:clocks/wall-clock@0.2.3", "now") declare function wallNow(answer: usize): void;
@external("wasi:clocks/monotonic-clock@0.2.3", "now") declare function monotonicNow(): u64;
@external("wasi:random/random@0.2.3", "get-random-bytes") declare function randomBytes(count: u64, answer: usize): void;
@external("wasi:random/random@0.2.3", "get-random-u64") declare function randomNumber(): u64;
@external("wasi:random/insecure@0.2.3", "get-insecure-random-u64") declare function insecureNumber(): u64;
@external("wasi:random/insecure-seed@0.2.3", "insecure-seed") declare function insecureSeed(answer: usize): void;

export function decide(payment: Payment): Result<Approval, Decline> {
  const answer = heap.alloc(16);
  const seen: Field[] = [];
  wallNow(answer);
  seen.push(new Field('seconds', load<u64>(answer).toString()));
  seen.push(new Field('nanoseconds', load<u32>(answer, 8).toString()));
  const first = monotonicNow();
  let waited: u64 = 0;
  for (let i = 0; i < 1000; i++) waited += monotonicNow() - first;
  seen.push(new Field('monotonic', first.toString()));
  seen.push(new Field('waited', waited.toString()));
  if (payment.operator !== 'clock') {
    randomBytes(payment.operator === 'greedy' ? 1 << 40 : 4, answer);
    seen.push(new Field('bytes', load<u32>(load<u32>(answer)).toString()));
    seen.push(new Field('number', randomNumber().toString()));
    seen.push(new Field('insecure', insecureNumber().toString()));
    insecureSeed(answer);
    seen.push(new Field('seed', load<u64>(answer).toString()));
  }
  const moved = <i64>payment.amount;
  const postings = [new Posting(payment.account, moved), new Posting('takings:syabru', -moved)];
  return Result.ok<Approval, Decline>(new Approval(postings, seen));
}
`;

/** Looks for every way out that a JavaScript program could know. */
const NOSY = `
const globals = ['process', 'require', 'fetch', 'XMLHttpRequest', 'WebSocket', 'Deno', 'Bun', 'std', 'os', 'Worker', 'setTimeout', 'navigator', 'console'];
const modules = ['fs', 'node:fs', 'std', 'os', 'qjs:std', 'qjs:os', './cell.js.txt', '/etc/hostname', 'wasi:filesystem/preopens@0.2.12'];

const reached = async () => {
  const found = [];
  for (const name of modules) await import(name).then(() => found.push(name), () => undefined);
  return found;
};

export function decide(payment) {
  if (payment.operator === 'spin') for (;;);
  if (payment.operator === 'hoard') for (const kept = []; ; ) kept.push(new Uint8Array(65536));
  const found = globals.filter((name) => typeof globalThis[name] !== 'undefined');
  let imported = 'nothing';
  reached().then((names) => { imported = names.join(' ') || 'none'; });
  const seen = { now: String(Date.now()), iso: new Date().toISOString(), zone: String(new Date(0).getTimezoneOffset()), globals: found.join(' ') || 'none', imported };
  return {
    postings: [{ account: payment.account, amount: payment.amount }, { account: 'takings:syabru', amount: -payment.amount }],
    receipt: Object.entries(seen).map(([name, value]) => ({ name, value })),
  };
}
`;

function manifestOf(name: string, imports: readonly string[]): CellManifest {
  const parsed = parseManifest({
    name,
    version: '0.1.0',
    contract: 'chautari:cell@0.1.0',
    world: 'payment-cell',
    class: 'slow',
    actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: false } },
    grants: { imports: [...CELL_IMPORTS, ...imports], accounts: ['wallet', 'takings'] },
    budget: { fuel: 50_000_000, callDepth: 500, memoryPages: 128 },
  });
  if (!parsed.ok) throw new Error(`${parsed.error.code}: ${parsed.error.detail}`);
  return parsed.value;
}

const root = mkdtempSync(join(tmpdir(), 'cell-wasi-'));
const author = signerFromPem(generateKey());
let host: CellHost;

beforeAll(async () => {
  process.env.CHAUTARI_TEST_SECRET = 'do not tell';
  trustAuthor(root, 'test', author);
  const world = resolveWorld(CONTRACT, 'payment-cell');
  const core = await compileCell('timely', new Map([['cell.ts', TIMELY]]), world, 4);
  const imports = TIMELY_IMPORTS.map((name) => `  import ${name};`).join('\n');
  const wit = `${CONTRACT.replace('world payment-cell {', `world payment-cell {\n${imports}`)}\n${WASI_WIT}`;
  await layCell(root, manifestOf('timely', TIMELY_IMPORTS), await makeComponent(core, wit, 'payment-cell'), author);
  const nosy = await compileJs('nosy', new Map([['cell.js', NOSY]]), CONTRACT, 'payment-cell');
  await layCell(root, manifestOf('nosy', RUNTIME_IMPORTS), nosy, author);
  host = loadCells(root);
}, 60_000);
afterAll(() => {
  delete process.env.CHAUTARI_TEST_SECRET;
  rmSync(root, { recursive: true, force: true });
});

function act(cell: string, operator: string, seed?: string, facts = fakeFacts()): CellDecision {
  return host.decide(cell, fakePayment({ account: 'wallet:W-1042', amount: 5n, operator, at: AT }), facts, seed);
}

function seenBy(decision: CellDecision): Record<string, string> {
  if (decision.outcome !== 'approved') throw new Error(JSON.stringify(decision));
  return Object.fromEntries(decision.approval.receipt.map(({ name, value }) => [name, value]));
}

describe('a cell that is granted clocks and randomness', () => {
  it('sees when the request was accepted, and no time pass', () => {
    expect(seenBy(act('timely', 'clock'))).toEqual({
      seconds: '1795403700',
      nanoseconds: '123000000',
      monotonic: '1795403700123000000',
      waited: '0',
    });
  });

  it('draws from the seed that its trace keeps, so a replay draws the same', () => {
    const decided = act('timely', 'maya', SEED);
    expect(decided.trace?.seed).toBe(SEED);
    if (decided.trace === undefined) throw new Error('no trace');
    const again = act('timely', 'maya', decided.trace.seed, factsFromTrace(decided.trace));
    expect(again).toEqual(decided);
    const other = seenBy(act('timely', 'maya', `f${SEED.slice(1)}`));
    for (const name of ['bytes', 'number', 'insecure', 'seed']) expect(other[name]).not.toBe(seenBy(decided)[name]);
  });

  it('pays for each of its thousand readings of the clock as for any call of the host', () => {
    expect(act('timely', 'maya', SEED).trace?.fuel).toBeGreaterThan(1_000 * FUEL_COSTS.crossing);
  });

  it('fails alone where it draws without end, or where the host drew no seed', () => {
    expect(act('timely', 'greedy', SEED)).toMatchObject({
      outcome: 'failed',
      fault: { code: 'limit', detail: `more than ${LIMITS.wasiRandomBytesMax} random bytes` },
    });
    expect(act('timely', 'maya')).toMatchObject({ outcome: 'failed', fault: { detail: 'this host gave the request no randomness' } });
    expect(act('timely', 'maya', SEED)).toMatchObject({ outcome: 'approved' });
  });
});

describe('a cell in JavaScript', () => {
  it('finds the request’s time and no other, no global of a machine, no module', () => {
    const seen = seenBy(act('nosy', 'maya', SEED));
    expect(seen).toMatchObject({ now: String(AT), iso: '2026-11-23T03:15:00.123Z', zone: '0', globals: 'none' });
    expect(['none', 'nothing']).toContain(seen.imported);
    expect(JSON.stringify(seen)).not.toContain('do not tell');
  });

  it('gives the same answer and takes the same fuel each time', () => {
    const first = act('nosy', 'maya', SEED);
    for (let again = 0; again < 5; again += 1) expect(act('nosy', 'maya', SEED)).toEqual(first);
    expect(first.trace?.fuel).toBeGreaterThan(0);
  });

  it('fails alone where it runs or takes memory without end', () => {
    const spun = act('nosy', 'spin', SEED);
    expect(spun).toMatchObject({ outcome: 'failed', fault: { code: 'limit' } });
    expect(spun.trace?.fuel).toBeGreaterThanOrEqual(50_000_000);
    expect(act('nosy', 'hoard', SEED)).toMatchObject({ outcome: 'failed' });
    expect(act('nosy', 'maya', SEED)).toMatchObject({ outcome: 'approved' });
  });
});
