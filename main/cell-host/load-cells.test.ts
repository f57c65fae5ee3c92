/** Cells on disk: real components, honest and hostile, and folders that somebody changed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComponent, ensureBuilt, sha256, writeCell } from '../../cells/sdk/build-cells.ts';
import { transpileCell } from '../../cells/sdk/component.ts';
import type { CellHost } from './cell.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { CellLoadError } from './installed-cell.ts';
import { loadCells } from './load-cells.ts';
import { isPaymentManifest, type PaymentManifest, parseManifest } from './manifest.ts';

let built: string;
const scratch = mkdtempSync(join(tmpdir(), 'cell-host-'));
beforeAll(async () => {
  built = await ensureBuilt();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
/** A new folder with a copy of the built cash cell. */
function copyOfCash(): { directory: string; cell: string } {
  folders += 1;
  const directory = join(scratch, `copy-${folders}`);
  const cell = join(directory, 'cash');
  cpSync(join(built, 'cash'), cell, { recursive: true });
  return { directory, cell };
}

function refusal(directory: string): string {
  try {
    loadCells(directory);
  } catch (error) {
    if (error instanceof CellLoadError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'loaded';
}

type Json = Record<string, object | undefined>;

function changeManifest(cell: string, change: (manifest: Json) => object): void {
  const path = join(cell, 'manifest.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
}

describe('loadCells', () => {
  it('offers the methods of the shipped cells', () => {
    const methods = loadCells(built).methods();
    expect(methods.map(({ method, actions }) => [method, actions])).toEqual([
      ['cash', ['sale', 'refund']],
      ['wallet', ['sale', 'top-up', 'cash-out', 'transfer', 'refund']],
    ]);
    expect(methods[0]?.manifest.grants.imports).toEqual(['chautari:cell/accounts@0.1.0']);
  });

  it('answers for methods and actions that are not there', () => {
    const host = loadCells(built);
    expect(host.decide('gold', fakePayment({}), fakeFacts())).toMatchObject({ outcome: 'failed', fault: { code: 'unknown-method' } });
    for (const action of ['steal', 'constructor', '']) {
      expect(host.decide('cash', fakePayment({ action }), fakeFacts())).toMatchObject({
        outcome: 'failed',
        fault: { code: 'unknown-action' },
      });
    }
    expect(host.decide('cash', fakePayment({ amount: 0n }), fakeFacts())).toMatchObject({
      outcome: 'failed',
      fault: { code: 'bad-request' },
    });
  });

  it('works inside a worker thread', async () => {
    const module = pathToFileURL(join(import.meta.dirname, 'load-cells.ts')).href;
    const code = `import { parentPort } from 'node:worker_threads';
      const { loadCells } = await import(${JSON.stringify(module)});
      parentPort.postMessage(loadCells(${JSON.stringify(built)}).methods().length);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    const count = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(count).toBe(2);
  });

  it.each<[string, (cell: string) => void, string]>([
    ['a component that was changed', (cell) => writeFileSync(join(cell, 'cash.component.wasm'), 'x'), 'digest-mismatch'],
    ['a module that was changed', (cell) => writeFileSync(join(cell, 'transpiled/cash.core.wasm'), 'x'), 'digest-mismatch'],
    ['transpiled code that was changed', (cell) => writeFileSync(join(cell, 'transpiled/cash.mjs'), 'export {}'), 'digest-mismatch'],
    ['a file that is gone', (cell) => rmSync(join(cell, 'transpiled/cash.core2.wasm')), 'missing-file'],
    ['no manifest', (cell) => rmSync(join(cell, 'manifest.json')), 'missing-file'],
    ['a manifest that is not JSON', (cell) => writeFileSync(join(cell, 'manifest.json'), '{'), 'bad-manifest'],
    ['a manifest without end', (cell) => writeFileSync(join(cell, 'manifest.json'), ' '.repeat(20_000)), 'not-loadable'],
    ['an unknown world', (cell) => changeManifest(cell, (manifest) => ({ ...manifest, world: 'gold-cell' })), 'unknown-world'],
    ['another size', (cell) => changeManifest(cell, (m) => ({ ...m, component: { ...m.component, bytes: 9 } })), 'digest-mismatch'],
    [
      'an import beyond its grants',
      (cell) => changeManifest(cell, (m) => ({ ...m, grants: { ...m.grants, imports: [] } })),
      'import-not-granted',
    ],
    [
      'a grant of WASI',
      (cell) => changeManifest(cell, (m) => ({ ...m, grants: { ...m.grants, imports: ['wasi:random/random@0.2.0'] } })),
      'wasi-denied',
    ],
  ])('refuses a cell with %s', (_name, change, code) => {
    const { directory, cell } = copyOfCash();
    change(cell);
    expect(refusal(directory).split(':')[0]).toBe(code);
  });

  it('refuses code that asks for WASI, whatever its manifest says', () => {
    const { directory, cell } = copyOfCash();
    const code = "export const instantiate = (module, imports) => imports['wasi:cli/environment'].getEnvironment();";
    writeFileSync(join(cell, 'transpiled/cash.mjs'), code);
    const digest = sha256(code);
    changeManifest(cell, (m) => {
      const transpiled = m.transpiled as { files: object };
      return { ...m, transpiled: { ...transpiled, files: { ...transpiled.files, 'cash.mjs': digest } } };
    });
    expect(refusal(directory)).toContain('wasi-denied: the cell cash imports wasi:cli/environment, which its manifest does not grant');
  });

  it('refuses two cells of one name, and a folder that is not there', () => {
    const { directory, cell } = copyOfCash();
    cpSync(cell, join(directory, 'cash-again'), { recursive: true });
    expect(refusal(directory)).toContain('name-twice');
    expect(refusal(join(scratch, 'nowhere'))).toContain('missing-file: there are no cells in');
    mkdirSync(join(scratch, 'empty'));
    expect(loadCells(join(scratch, 'empty')).methods()).toEqual([]);
  });
});

/** One cell that misbehaves as its request's operator says. */
const HOSTILE = `
import { accounts, Approval, Decline, Field, outbox, Payment, Posting, Result, state } from './sdk/bindings';

let calls = 0;

function sink(depth: i32): i32 {
  return depth > 0 ? sink(depth + 1) + sink(depth - 1) + depth : depth;
}

export function decide(payment: Payment): Result<Approval, Decline> {
  calls += 1;
  const act = payment.operator;
  if (act === 'remember') {
    const before = state.get('count');
    state.set('count', before === null ? new Uint8Array(1) : before);
    outbox.enqueueSync('seen/' + payment.id, new Uint8Array(3));
    state.delete_('old');
  }
  if (act === 'trap') unreachable();
  if (act === 'recurse') sink(1);
  if (act === 'grab') { const kept: ArrayBuffer[] = []; while (true) kept.push(new ArrayBuffer(60000)); }
  if (act === 'outside') store<u8>(0x7fffffff, 1);
  if (act === 'write-then-trap') { state.set('a', new Uint8Array(1)); unreachable(); }
  if (act === 'flood') while (true) outbox.enqueueSync('a', new Uint8Array(1));
  if (act === 'big') state.set('a', new Uint8Array(5000));
  if (act === 'decline') { state.set('a', new Uint8Array(1)); return Result.err<Approval, Decline>(Decline.alreadyDone('p.7')); }
  if (act === 'long') return Result.err<Approval, Decline>(Decline.invalid('x'.repeat(300)));
  if (act === 'broken') return Result.err<Approval, Decline>(Decline.invalid(String.fromCharCode(0xd800)));
  const postings: Posting[] = [];
  const moved = <i64>payment.amount;
  if (act === 'many') for (let i = 0; i < 33; i++) postings.push(new Posting('wallet:W-' + i.toString(), 1));
  else { postings.push(new Posting(payment.account, moved)); postings.push(new Posting('takings:syabru', act === 'unbalanced' ? 1 - moved : -moved)); }
  return Result.ok<Approval, Decline>(new Approval(postings, [new Field('calls', calls.toString())]));
}
`;

describe('a hostile component', () => {
  let host: CellHost;
  const authored = {
    name: 'hostile',
    version: '0.1.0',
    contract: 'chautari:cell@0.1.0',
    world: 'payment-cell',
    class: 'fast',
    actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: false } },
    grants: {
      imports: ['chautari:cell/accounts@0.1.0', 'chautari:cell/state@0.1.0', 'chautari:cell/outbox@0.1.0'],
      accounts: ['wallet', 'takings'],
    },
    budget: { fuel: 1000, callDepth: 100, memoryPages: 4 },
  };
  let manifest: PaymentManifest;
  let component: Uint8Array;

  beforeAll(async () => {
    const parsed = parseManifest(authored);
    if (!parsed.ok) throw new Error(parsed.error.detail);
    if (!isPaymentManifest(parsed.value)) throw new Error('another world');
    manifest = parsed.value;
    component = await buildComponent(manifest, new Map([['cell.ts', HOSTILE]]));
    const directory = join(scratch, 'hostile-cells');
    writeCell(join(directory, 'hostile'), manifest, component, await transpileCell(component, manifest));
    host = loadCells(directory);
  });

  const act = (operator: string) => host.decide('hostile', fakePayment({ account: 'wallet:W-1042', amount: 5n, operator }), fakeFacts());

  it('keeps its writes where it is approved', () => {
    expect(act('remember')).toMatchObject({
      outcome: 'approved',
      stateWrites: [{ key: 'count', value: Uint8Array.of(0) }, { key: 'old' }],
      outbox: [{ key: 'seen/0123456789.1', payload: new Uint8Array(3) }],
    });
  });

  it.each([
    ['trap', 'trap'],
    ['recurse', 'limit'],
    ['grab', 'trap'],
    ['outside', 'trap'],
    ['write-then-trap', 'trap'],
    ['flood', 'limit'],
    ['big', 'limit'],
    ['long', 'limit'],
    ['many', 'limit'],
    ['unbalanced', 'not-balanced'],
  ])('that does %j fails its own request as %j, leaves nothing, and the next is served', (operator, code) => {
    expect(act(operator)).toEqual({ outcome: 'failed', fault: { code, detail: expect.any(String) } });
    expect(act('behave')).toMatchObject({ outcome: 'approved', stateWrites: [], outbox: [] });
  });

  it('leaves nothing where it declines, and its text is text', () => {
    expect(act('decline')).toEqual({ outcome: 'declined', decline: { tag: 'already-done', detail: 'p.7' } });
    expect(act('broken')).toMatchObject({ decline: { tag: 'invalid', detail: '\ufffd' } });
  });

  it('gets a fresh instance each time', () => {
    for (let count = 0; count < 3; count += 1) {
      expect(act('behave')).toMatchObject({ approval: { receipt: [{ name: 'calls', value: '1' }] } });
    }
  });

  it('is not even transpiled where it imports what is not granted', async () => {
    const narrow = { ...manifest, grants: { ...manifest.grants, imports: ['chautari:cell/accounts@0.1.0'] } };
    await expect(transpileCell(component, narrow)).rejects.toMatchObject({
      code: 'import-not-granted',
      message: expect.stringMatching(/chautari:cell\/(state|outbox)@0\.1\.0/),
    });
    await expect(transpileCell(new Uint8Array(20), manifest)).rejects.toMatchObject({ code: 'not-a-component' });
  });
});
