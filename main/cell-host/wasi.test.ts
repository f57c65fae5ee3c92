/** A real component that imports WASI: what it is served is empty, what it may not have is refused with the reason. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { compileCell } from '../../cells/sdk/compile.ts';
import { makeComponent } from '../../cells/sdk/component.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { CellHost } from './cell.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { LIMITS } from './limits.ts';
import { loadCells } from './load-cells.ts';
import { type CellManifest, parseManifest } from './manifest.ts';
import { emptyWasi } from './wasi.ts';
import { wasiDenial } from './wasi-grants.ts';

const author = signerFromPem(generateKey());
const CONTRACT = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');

/** As much of WASI 0.2 as the fixture calls, in WASI's own words. */
const WASI_WIT = `
package wasi:cli@0.2.3 {
  interface environment {
    get-environment: func() -> list<tuple<string, string>>;
    get-arguments: func() -> list<string>;
    initial-cwd: func() -> option<string>;
  }
  interface exit { exit: func(status: result); }
  interface stdout { use wasi:io/streams@0.2.3.{output-stream}; get-stdout: func() -> output-stream; }
  interface stdin { use wasi:io/streams@0.2.3.{input-stream}; get-stdin: func() -> input-stream; }
}
package wasi:io@0.2.3 {
  interface error { resource error { to-debug-string: func() -> string; } }
  interface streams {
    use error.{error};
    variant stream-error { last-operation-failed(error), closed }
    resource input-stream { blocking-read: func(len: u64) -> result<list<u8>, stream-error>; }
    resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
  }
}
package wasi:clocks@0.2.3 {
  interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } }
}
package wasi:filesystem@0.2.3 {
  interface types { use wasi:clocks/wall-clock@0.2.3.{datetime}; resource descriptor { stat: func() -> result<datetime>; } }
  interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; }
}
`;

const IMPORTS = [
  'wasi:cli/environment@0.2.3',
  'wasi:cli/exit@0.2.3',
  'wasi:cli/stdout@0.2.3',
  'wasi:cli/stdin@0.2.3',
  'wasi:io/streams@0.2.3',
  'wasi:io/error@0.2.3',
  'wasi:filesystem/preopens@0.2.3',
  'wasi:filesystem/types@0.2.3',
];

/** The contract with more imports in its world. */
const witWith = (imports: readonly string[], packages: string): string =>
  `${CONTRACT.replace('world payment-cell {', `world payment-cell {\n${imports.map((name) => `  import ${name};`).join('\n')}`)}\n${packages}`;

/** Reads all there is to read and says it in the receipt; then does what the request's operator says. */
const CURIOUS = `
import { Approval, Decline, Field, Payment, Posting, Result } from './sdk/bindings';

@external("wasi:cli/environment@0.2.3", "get-environment") declare function getEnvironment(answer: usize): void;
@external("wasi:cli/environment@0.2.3", "get-arguments") declare function getArguments(answer: usize): void;
@external("wasi:cli/environment@0.2.3", "initial-cwd") declare function initialCwd(answer: usize): void;
@external("wasi:filesystem/preopens@0.2.3", "get-directories") declare function getDirectories(answer: usize): void;
@external("wasi:cli/exit@0.2.3", "exit") declare function exit(failed: i32): void;
@external("wasi:cli/stdout@0.2.3", "get-stdout") declare function getStdout(): i32;
@external("wasi:cli/stdin@0.2.3", "get-stdin") declare function getStdin(): i32;
@external("wasi:io/streams@0.2.3", "[method]output-stream.blocking-write-and-flush")
declare function write(stream: i32, bytes: usize, length: i32, answer: usize): void;
@external("wasi:filesystem/types@0.2.3", "[method]descriptor.stat") declare function stat(descriptor: i32, answer: usize): void;
@external("wasi:io/streams@0.2.3", "[method]input-stream.blocking-read")
declare function read(stream: i32, length: u64, answer: usize): void;

function lengthOf(answer: usize): string { return load<u32>(answer + 4).toString(); }

export function decide(payment: Payment): Result<Approval, Decline> {
  const answer = heap.alloc(16);
  const seen: Field[] = [];
  getEnvironment(answer);
  seen.push(new Field('variables', lengthOf(answer)));
  getArguments(answer);
  seen.push(new Field('arguments', lengthOf(answer)));
  initialCwd(answer);
  seen.push(new Field('folder', load<u8>(answer).toString()));
  getDirectories(answer);
  seen.push(new Field('directories', lengthOf(answer)));
  read(getStdin(), 10, answer);
  seen.push(new Field('input', load<u8>(answer).toString() + '/' + load<u8>(answer + 4).toString()));
  const bytes = heap.alloc(1024);
  memory.fill(bytes, 65, 1024);
  const stdout = getStdout();
  const kilobytes = payment.operator === 'flood' ? 1 << 30 : 4;
  for (let i = 0; i < kilobytes; i++) write(stdout, bytes, 1024, answer);
  seen.push(new Field('output', load<u8>(answer).toString()));
  if (payment.operator === 'exit') exit(0);
  if (payment.operator === 'forge') stat(3, answer);
  const moved = <i64>payment.amount;
  const postings = [new Posting(payment.account, moved), new Posting('takings:syabru', -moved)];
  return Result.ok<Approval, Decline>(new Approval(postings, seen));
}
`;

const manifestOf = (imports: readonly string[]): CellManifest => {
  const parsed = parseManifest({
    name: 'curious',
    version: '0.1.0',
    contract: 'chautari:cell@0.1.0',
    world: 'payment-cell',
    class: 'slow',
    actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: false } },
    grants: { imports, accounts: ['wallet', 'takings'] },
    budget: { fuel: 100_000_000, callDepth: 100, memoryPages: 4 },
  });
  if (!parsed.ok) throw new Error(`${parsed.error.code}: ${parsed.error.detail}`);
  return parsed.value;
};

const scratch = mkdtempSync(join(tmpdir(), 'cell-wasi-'));
afterAll(() => {
  delete process.env.CHAUTARI_TEST_SECRET;
  rmSync(scratch, { recursive: true, force: true });
});

describe('a cell that imports WASI', () => {
  let host: CellHost;
  let component: Uint8Array;

  beforeAll(async () => {
    process.env.CHAUTARI_TEST_SECRET = 'do not tell';
    const manifest = manifestOf(IMPORTS);
    const core = await compileCell('curious', new Map([['cell.ts', CURIOUS]]), resolveWorld(CONTRACT, 'payment-cell'), 4);
    component = await makeComponent(core, witWith(IMPORTS, WASI_WIT), 'payment-cell');
    trustAuthor(scratch, 'test', author);
    await layCell(scratch, manifest, component, author);
    host = loadCells(scratch);
  });

  const act = (operator: string) => host.decide('curious', fakePayment({ account: 'wallet:W-1042', amount: 5n, operator }), fakeFacts());

  it('sees no variable, argument, folder or input, and writes to nowhere, in each request anew', () => {
    for (let again = 0; again < 40; again += 1) {
      expect(act('maya')).toMatchObject({
        outcome: 'approved',
        approval: {
          receipt: [
            { name: 'variables', value: '0' },
            { name: 'arguments', value: '0' },
            { name: 'folder', value: '0' },
            { name: 'directories', value: '0' },
            // An error, of the case closed.
            { name: 'input', value: '1/1' },
            { name: 'output', value: '0' },
          ],
        },
      });
    }
  });

  it('fails its own request where it writes without end, leaves, or makes up a descriptor; the next is served', () => {
    expect(act('flood')).toEqual({
      outcome: 'failed',
      fault: { code: 'limit', detail: `more than ${LIMITS.wasiOutputBytesMax} bytes written to stdout and stderr` },
    });
    expect(act('exit')).toEqual({ outcome: 'failed', fault: { code: 'trap', detail: 'the cell ended itself' } });
    expect(act('forge')).toMatchObject({ outcome: 'failed', fault: { code: 'trap' } });
    expect(act('maya')).toMatchObject({ outcome: 'approved' });
  });

  it('is refused where its manifest grants less than it imports', async () => {
    await expect(layCell(scratch, manifestOf(IMPORTS.slice(1)), component, author)).rejects.toMatchObject({
      code: 'import-not-granted',
      message: expect.stringContaining('wasi:cli/environment@0.2.3'),
    });
  });
});

describe('what cannot be granted', () => {
  it.each([
    ['wasi:sockets/tcp@0.2.0', 'no network'],
    ['wasi:http/outgoing-handler@0.2.0', 'no network'],
    ['wasi:cli/run@0.2.0', 'nothing else'],
    ['wasi:io/streams@0.3.0', 'nothing else'],
    ['wasi:keyvalue/store@0.2.0', 'nothing else'],
    ['wasi:constructor/name@0.2.0', 'nothing else'],
  ])('%s is refused with the reason: %s', (name, reason) => {
    expect(() => manifestOf([name])).toThrow(`wasi-denied: grants.imports[0] asks for ${name}`);
    expect(wasiDenial(name, { sockets: false })).toContain(reason);
  });

  it('a component that calls a clock or asks for chance is not installed', async () => {
    const packages = `package wasi:clocks@0.2.3 { interface monotonic-clock { now: func() -> u64; } }
package wasi:random@0.2.3 { interface random { get-random-u64: func() -> u64; } }`;
    for (const [name, call] of [
      ['wasi:clocks/monotonic-clock@0.2.3', 'now'],
      ['wasi:random/random@0.2.3', 'get-random-u64'],
    ] as const) {
      const source = `import { Approval, Decline, Payment, Result } from './sdk/bindings';
@external("${name}", "${call}") declare function ask(): u64;
export function decide(payment: Payment): Result<Approval, Decline> { return Result.err<Approval, Decline>(Decline.invalid(ask().toString())); }`;
      const core = await compileCell('curious', new Map([['cell.ts', source]]), resolveWorld(CONTRACT, 'payment-cell'), 4);
      const component = await makeComponent(core, witWith([name], packages), 'payment-cell');
      await expect(layCell(scratch, manifestOf(IMPORTS), component, author)).rejects.toMatchObject({
        code: 'import-not-granted',
        message: expect.stringContaining(name),
      });
    }
  });
});

it('the interfaces themselves give nothing away', () => {
  const ends = {
    limit: (detail: string): never => {
      throw new Error(detail);
    },
    exit: (detail: string): never => {
      throw new Error(detail);
    },
  };
  type Call = (...args: never[]) => unknown;
  const wasi = emptyWasi(ends) as Record<string, Record<string, Call>>;
  const call = (name: string, method: string): unknown => wasi[name]?.[method]?.();
  expect(call('wasi:cli/environment', 'getEnvironment')).toEqual([]);
  expect(call('wasi:cli/environment', 'initialCwd')).toBeUndefined();
  for (const name of ['stdin', 'stdout', 'stderr']) {
    const method = `getTerminal${name[0]?.toUpperCase()}${name.slice(1)}`;
    expect(call(`wasi:cli/terminal-${name}`, method)).toBeUndefined();
  }
  expect(() => call('wasi:cli/exit', 'exitWithCode')).toThrow('ended itself');
  expect(call('wasi:filesystem/preopens', 'getDirectories')).toEqual([]);

  type Out = { checkWrite(): bigint; write(bytes: Uint8Array): void; writeZeroes(count: bigint): void; subscribe(): { ready(): boolean } };
  const out = call('wasi:cli/stdout', 'getStdout') as Out;
  expect(out.checkWrite()).toBe(BigInt(LIMITS.wasiOutputBytesMax));
  out.write(new Uint8Array(LIMITS.wasiOutputBytesMax));
  // One budget for both, whatever is written.
  const errors = call('wasi:cli/stderr', 'getStderr') as Out;
  expect(() => errors.writeZeroes(1n)).toThrow('bytes written');
  expect(() => errors.writeZeroes(2n ** 64n - 1n)).toThrow('bytes written');
  expect(out.subscribe().ready()).toBe(true);
  const { poll } = wasi['wasi:io/poll'] as unknown as { poll(list: unknown[]): Uint32Array };
  expect(poll([out.subscribe(), out.subscribe()])).toEqual(Uint32Array.of(0, 1));
});
