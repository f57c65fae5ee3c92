/** Folders of cells that somebody or something changed: what is not what its author signed is out, and the others are served. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { systemTimers } from '../platform/timers.ts';
import { signCell } from './cell-file.ts';
import { type CellChoice, cellsInUse } from './cells-in-use.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { listCells } from './list-cells.ts';
import { prepareAgain } from './prepare-again.ts';
import { CellRegistry } from './registry.ts';

const author = new TestAuthor();
const scratch = mkdtempSync(join(tmpdir(), 'registry-'));
const shipped = join(scratch, 'shipped');
beforeAll(async () => {
  author.trustIn(shipped);
  await author.lay(shipped, 'cash', { version: '0.1.0' });
  await author.lay(shipped, 'cash', { version: '0.10.0' });
  await author.lay(shipped, 'wallet', { version: '0.1.0' });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let copies = 0;
function copied(): { readonly root: string; readonly folder: string } {
  copies += 1;
  const root = join(scratch, `copy-${copies}`);
  cpSync(shipped, root, { recursive: true });
  return { root, folder: join(root, 'cash/0.10.0') };
}

const codeOf = (root: string): string => {
  const found = new CellRegistry({ shipped: root }).find('cash', '0.10.0');
  return found.ok ? 'read' : found.error.code;
};
const standardOf = (root: string, name = 'cash'): string | undefined =>
  new CellRegistry({ shipped: root }).standard(name)?.manifest.version;
const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(path, bytes);
};

describe('a version on disk', () => {
  it('is read, and the highest one is the standard, by number and not by text', () => {
    expect(codeOf(shipped)).toBe('read');
    expect(standardOf(shipped)).toBe('0.10.0');
  });

  it.each<[string, (folder: string, root: string) => void, string]>([
    ['its signed file changed', (folder) => flip(join(folder, 'cell.wasm')), 'digest-mismatch'],
    [
      'its signed file cut short',
      (folder) => writeFileSync(join(folder, 'cell.wasm'), readFileSync(join(folder, 'cell.wasm')).subarray(0, 900)),
      'not-a-component',
    ],
    ['no signed file', (folder) => rmSync(join(folder, 'cell.wasm')), 'missing-file'],
    ['a link in the place of it', (folder, root) => linked(join(folder, 'cell.wasm'), join(root, 'wallet/0.1.0/cell.wasm')), 'not-a-file'],
    ['a folder in the place of it', (folder) => replaced(join(folder, 'cell.wasm')), 'not-a-file'],
    ['a pipe in the place of it', (folder) => piped(join(folder, 'cell.wasm')), 'not-a-file'],
    ['another cell’s signed file', (folder, root) => cpSync(join(root, 'wallet/0.1.0/cell.wasm'), join(folder, 'cell.wasm')), 'other-name'],
    [
      'an older version’s signed file',
      (folder, root) => cpSync(join(root, 'cash/0.1.0/cell.wasm'), join(folder, 'cell.wasm')),
      'other-name',
    ],
    [
      'another manifest beside it',
      (folder) => changed(join(folder, 'manifest.json'), '"fuel": 5000000', '"fuel": 5000001'),
      'other-manifest',
    ],
    ['a manifest that is not JSON', (folder) => writeFileSync(join(folder, 'manifest.json'), '{'), 'other-manifest'],
    ['a manifest without end', (folder) => writeFileSync(join(folder, 'manifest.json'), ' '.repeat(20_000)), 'too-large'],
    ['no manifest', (folder) => rmSync(join(folder, 'manifest.json')), 'missing-file'],
    ['nothing prepared', (folder) => rmSync(join(folder, 'prepared'), { recursive: true }), 'not-prepared'],
    ['its core module changed', (folder) => flip(join(folder, 'prepared/core.wasm')), 'digest-mismatch'],
    ['no core module', (folder) => rmSync(join(folder, 'prepared/core.wasm')), 'missing-file'],
    [
      'what was prepared of another component',
      (folder) => changed(join(folder, 'prepared/prepared.json'), /"digest": "./, '"digest": "0'),
      'not-prepared',
    ],
    [
      'what another release prepared',
      (folder) => changed(join(folder, 'prepared/prepared.json'), /"preparer": "..../, '"preparer": "ffff'),
      'not-prepared',
    ],
    [
      'a record with a path for a name',
      (folder) => changed(join(folder, 'prepared/prepared.json'), 'cell.core.wasm', '../cell.core.wasm'),
      'not-prepared',
    ],
    ['a record that is not JSON', (folder) => writeFileSync(join(folder, 'prepared/prepared.json'), 'null'), 'not-prepared'],
    ['its glue changed', (_folder, root) => eachText(root, flip), 'digest-mismatch'],
    ['its glue gone', (_folder, root) => eachText(root, (path) => rmSync(path)), 'missing-file'],
    ['its author not trusted', (_folder, root) => new TestAuthor().trustIn(root), 'untrusted-key'],
    ['a list of authors that is broken', (_folder, root) => writeFileSync(join(root, 'trusted.json'), '{'), 'untrusted-key'],
  ])('with %s is out: %3$s', (_what, change, code) => {
    const { root, folder } = copied();
    change(folder, root);
    expect(codeOf(root)).toBe(code);
  });

  it('is not seen through a link, under a name that is none, or as a version that is none', () => {
    const { root } = copied();
    symlinkSync(join(root, 'cash'), join(root, 'linked'));
    renameSync(join(root, 'wallet'), join(root, 'Wallet'));
    for (const name of ['..', 'a b', '-x', 'x'.repeat(60)].filter((name) => name !== '..'))
      mkdirSync(join(root, name, '0.1.0'), { recursive: true });
    for (const version of ['1', '0.1', 'v0.2.0', '0.1.0 ', '01.0.0']) mkdirSync(join(root, 'cash', version));
    symlinkSync(join(root, 'cash/0.1.0'), join(root, 'cash/0.99.0'));
    const registry = new CellRegistry({ shipped: root });
    expect(registry.names()).toEqual(['cash']);
    expect(registry.versions('cash').map(({ version }) => version)).toEqual(['0.1.0', '0.10.0']);
  });

  it('that is broken is replaced by the one before it, and said', () => {
    const { root, folder } = copied();
    flip(join(folder, 'prepared/core.wasm'));
    expect(standardOf(root)).toBe('0.1.0');
    const host = cellsInUse(new CellRegistry({ shipped: root }), { chosen: () => undefined });
    expect(host.methods().map(({ method }) => method)).toEqual(['cash', 'wallet']);
    expect(host.decide('cash', fakePayment({}), fakeFacts())).toMatchObject({ outcome: 'approved' });
    expect(host.takeTroubles()).toEqual([expect.stringMatching(/^the shipped cell cash 0\.10\.0 is out: .*is not what was prepared/)]);
    expect(host.takeTroubles()).toEqual([]);
  });

  it('is prepared again where another release prepared it, and only then', async () => {
    const { root, folder } = copied();
    changed(join(folder, 'prepared/prepared.json'), /"preparer": "..../, '"preparer": "ffff');
    rmSync(join(folder, 'prepared/core.wasm'));
    rmSync(join(root, 'cash/0.1.0/prepared'), { recursive: true });
    writeFileSync(join(root, 'wallet/0.1.0/cell.wasm'), 'x');
    rmSync(join(root, 'wallet/0.1.0/prepared'), { recursive: true });
    expect((await prepareAgain(root, systemTimers)).toSorted()).toEqual([
      'prepared cash 0.1.0 for this release',
      'prepared cash 0.10.0 for this release',
    ]);
    expect(codeOf(root)).toBe('read');
    expect(await prepareAgain(root, systemTimers)).toEqual([]);
    expect(await prepareAgain(join(scratch, 'nowhere'), systemTimers)).toEqual([]);
  });

  it('that takes too long is left out, and the start goes on', async () => {
    const { root } = copied();
    for (const version of ['0.1.0', '0.10.0']) rmSync(join(root, 'cash', version, 'prepared'), { recursive: true });
    const lines = await prepareAgain(root, { setTimer: (_delayMs, run) => systemTimers.setTimer(0, run) });
    expect(lines.toSorted()).toEqual(
      ['0.1.0', '0.10.0'].map((version) => expect.stringContaining(`cash ${version} cannot be prepared: it takes longer`)),
    );
    expect((await prepareAgain(root, systemTimers)).toSorted()).toHaveLength(2);
  });

  it('that breaks the tools does not keep the others from being prepared again', async () => {
    const { root } = copied();
    const { manifest } = await author.cell('cash', { name: 'a-breaker', version: '0.1.0' });
    // A component that jco takes for one and breaks on: its core module has nothing of what it is lifted from.
    const breaker = await parse(
      '(component (core module $m (memory (export "memory") 1) (func (export "f") (result i32) i32.const 0)) (core instance $i (instantiate $m)) (alias core export $i "memory" (core memory $mem)) (func (export "decide") (result string) (canon lift (core func $i "f") (memory $mem) string-encoding=latin1+utf16)))',
    );
    const signed = signCell(breaker, manifest, author.signer);
    if (!signed.ok) throw new Error(signed.error.detail);
    const folder = join(root, 'a-breaker/0.1.0');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cell.wasm'), signed.value);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    for (const version of ['0.1.0', '0.10.0']) rmSync(join(root, 'cash', version, 'prepared'), { recursive: true });
    const lines = await prepareAgain(root, systemTimers);
    expect(lines.filter((line) => line.startsWith('prepared'))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('a-breaker 0.1.0 cannot be prepared'))).toHaveLength(1);
    expect(codeOf(root)).toBe('read');
  });
});

describe('the version in use', () => {
  it('is the one that was chosen, between one request and the next', async () => {
    let choice: CellChoice | undefined;
    const registry = new CellRegistry({ shipped });
    const host = cellsInUse(registry, { chosen: (name) => (name === 'cash' ? choice : undefined) });
    const versionNow = () => host.decide('cash', fakePayment({}), fakeFacts()).trace?.cell.version;
    expect(versionNow()).toBe('0.10.0');
    const old = host.candidate('cash', '0.1.0');
    if (!old.ok) throw new Error(old.error.detail);
    choice = { version: '0.1.0', digest: old.value.digest };
    expect(versionNow()).toBe('0.1.0');
    // The transaction that chose was rolled back: nothing has to be undone here.
    choice = undefined;
    expect(versionNow()).toBe('0.10.0');
    choice = { version: '0.5.0', digest: old.value.digest };
    expect(versionNow()).toBe('0.10.0');
    expect(host.takeTroubles()).toEqual([expect.stringContaining('cash 0.5.0, which was put into use, cannot be used')]);
    const listed = await listCells(
      registry,
      (name) => (name === 'cash' ? choice : undefined),
      () => Promise.resolve(),
    );
    expect(listed[0]).toMatchObject({ name: 'cash', inUse: '0.10.0', missing: '0.5.0', chosen: true });
  });

  it('is left when its files change under it: the request is decided by the version before', () => {
    const { root, folder } = copied();
    const host = cellsInUse(new CellRegistry({ shipped: root }), { chosen: () => undefined });
    expect(host.cellOf('cash')?.version).toBe('0.10.0');
    // Verified, and not yet compiled.
    flip(join(folder, 'prepared/core.wasm'));
    expect(host.decide('cash', fakePayment({}), fakeFacts())).toMatchObject({ outcome: 'approved', trace: { cell: { version: '0.1.0' } } });
    expect(host.takeTroubles()).toEqual([expect.stringContaining('the shipped cell cash 0.10.0 is out')]);
  });

  it('may be an installed one, which the box’s own list trusts, and the release’s root does not', async () => {
    const installed = join(scratch, 'installed');
    const guest = new TestAuthor();
    guest.trustIn(installed);
    const registry = new CellRegistry({ shipped, installed });
    expect(registry.find('cash', '0.11.0').ok).toBe(false);
    await guest.lay(installed, 'cash', { version: '0.11.0' });
    expect(registry.find('cash', '0.11.0').ok).toBe(true);
    // Being installed is not being in use, however high its version.
    expect(registry.standard('cash')?.manifest.version).toBe('0.10.0');
    const { root } = copied();
    await guest.lay(root, 'cash', { version: '0.12.0' });
    expect(new CellRegistry({ shipped: root, installed }).find('cash', '0.12.0')).toMatchObject({
      ok: false,
      error: { code: 'untrusted-key' },
    });
    // No longer trusted: out at the next look.
    new TestAuthor().trustIn(installed);
    registry.look();
    expect(registry.find('cash', '0.11.0')).toMatchObject({ ok: false, error: { code: 'untrusted-key' } });
  });
});

function changed(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text.replace(from, to)).not.toBe(text);
  writeFileSync(path, text.replace(from, to));
}
function linked(path: string, target: string): void {
  rmSync(path);
  symlinkSync(target, path);
}
function replaced(path: string): void {
  rmSync(path);
  mkdirSync(path);
}
function piped(path: string): void {
  rmSync(path);
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
}
function eachText(root: string, change: (path: string) => void): void {
  for (const name of readdirSync(join(root, '.glue'))) change(join(root, '.glue', name));
}
