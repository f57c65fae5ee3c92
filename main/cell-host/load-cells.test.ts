/** Real components, honest and hostile, through the host that a folder of cells gives. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { compileCell } from '../../cells/sdk/compile.ts';
import { makeComponent } from '../../cells/sdk/component.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { CellHost } from './cell.ts';
import { CellLoadError } from './cell-folder.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { loadCells } from './load-cells.ts';
import { isPaymentManifest, type PaymentManifest, parseManifest } from './manifest.ts';

const author = signerFromPem(generateKey());
let built: string;
const scratch = mkdtempSync(join(tmpdir(), 'cell-host-'));
beforeAll(async () => {
  built = await ensureBuilt();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('loadCells', () => {
  it('offers the methods of the shipped cells', () => {
    const methods = loadCells(built).methods();
    expect(methods.map(({ method, actions }) => [method, actions])).toEqual(
      expect.arrayContaining([
        ['cash', ['refund', 'sale']],
        ['wallet', ['cash-out', 'refund', 'sale', 'top-up', 'transfer']],
      ]),
    );
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
    expect(count).toBe(loadCells(built).methods().length);
  });

  it('says where there are none', () => {
    mkdirSync(join(scratch, 'empty'));
    expect(loadCells(join(scratch, 'empty')).methods()).toEqual([]);
    expect(() => loadCells(join(scratch, 'nowhere'))).toThrow(CellLoadError);
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
    budget: { fuel: 5_000_000, callDepth: 200, memoryPages: 4 },
  };
  let manifest: PaymentManifest;
  let component: Uint8Array;

  beforeAll(async () => {
    const parsed = parseManifest(authored);
    if (!parsed.ok) throw new Error(parsed.error.detail);
    if (!isPaymentManifest(parsed.value)) throw new Error('another world');
    manifest = parsed.value;
    const wit = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');
    const core = await compileCell(
      'hostile',
      new Map([['cell.ts', HOSTILE]]),
      resolveWorld(wit, 'payment-cell'),
      manifest.budget.memoryPages,
    );
    component = await makeComponent(core, wit, 'payment-cell');
    const directory = join(scratch, 'hostile-cells');
    trustAuthor(directory, 'test', author);
    await layCell(directory, manifest, component, author);
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
    ['grab', 'limit'],
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
    expect(act('broken')).toMatchObject({ outcome: 'failed', fault: { code: 'bad-answer' } });
  });

  it('gets a fresh instance each time', () => {
    for (let count = 0; count < 3; count += 1) {
      expect(act('behave')).toMatchObject({ approval: { receipt: [{ name: 'calls', value: '1' }] } });
    }
  });

  it('is not even transpiled where it imports what is not granted', async () => {
    const narrow = { ...manifest, grants: { ...manifest.grants, imports: ['chautari:cell/accounts@0.1.0'] } };
    await expect(layCell(join(scratch, 'narrow'), narrow, component, author)).rejects.toMatchObject({
      code: 'import-not-granted',
      message: expect.stringMatching(/chautari:cell\/(state|outbox)@0\.1\.0/),
    });
    await expect(layCell(join(scratch, 'narrow'), manifest, new Uint8Array(20), author)).rejects.toMatchObject({ code: 'not-a-component' });
  });
});
