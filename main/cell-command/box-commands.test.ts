/** The commands of cells as a box's keeper types them: over a folder without a gateway, and beside one that runs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from 'citty';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestBox } from '../../test/support/api/test-box.ts';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { ExitFault } from '../platform/exit.ts';
import { type Fetch, listen } from '../platform/http/listen.ts';
import { forgetWhereItRuns, sayWhereItRuns } from '../platform/running-gateway.ts';
import { cellCommand } from './cell-command.ts';

const author = new TestAuthor();
const stranger = new TestAuthor();
const scratch = mkdtempSync(join(tmpdir(), 'cell-commands-'));
let box: TestBox;
let data: string;

type Said = { readonly text: string; readonly code: number; readonly fault: string };

/** What a command prints, and how it ends. */
async function cell(...words: string[]): Promise<Said> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    await runCommand(cellCommand, { rawArgs: words });
    return { text: lines.join(''), code: 0, fault: '' };
  } catch (error) {
    if (!(error instanceof ExitFault)) throw error;
    return { text: lines.join(''), code: error.code, fault: error.message };
  } finally {
    spy.mockRestore();
  }
}
const on = (...words: string[]) => cell(...words, '--data', data);

async function file(name: string, version: string, by = author, changes: object = {}): Promise<string> {
  const path = join(scratch, `${name}-${version}-${by.key.slice(0, 4)}.wasm`);
  writeFileSync(path, await by.file('cash', { name, version, ...changes }));
  return path;
}

beforeAll(async () => {
  box = await TestBox.open();
  data = box.directory;
  await box.close(true);
}, 60_000);
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
});

describe('over a folder without a gateway', () => {
  it('a cell is installed once its author is trusted, put into use, and gone back from', async () => {
    const path = await file('coins', '1.0.0');
    expect(await on('verify', path)).toMatchObject({ code: 1, fault: expect.stringContaining('does not trust') });
    expect(await on('install', path)).toMatchObject({ code: 1, fault: expect.stringContaining(`chautari cell trust ${author.key}`) });
    expect((await on('trust', path, '--name', 'Maya')).text).toContain('cells of Maya');
    expect(await on('verify', path)).toMatchObject({ code: 0, text: expect.stringContaining('trusted here as Maya') });

    expect((await on('install', path)).text).toContain('coins 1.0.0 is installed\n');
    expect((await on('list')).text).toContain('coins: 1.0.0 in use\n  1.0.0  installed  in use  fast payment-cell');
    expect((await on('install', path)).text).toMatch(/coins 1\.0\.0 was installed already\n[\s\S]*was in use already/);
    expect((await on('install', await file('coins', '1.1.0'))).text).toContain('coins 1.1.0 is in use; before it was 1.0.0');
    expect((await on('rollback', 'coins')).text).toContain('coins 1.0.0 is in use; before it was 1.1.0');
    expect((await on('use', 'coins', '1.1.0')).text).toContain('coins 1.1.0 is in use');
    expect(JSON.parse((await on('list', '--json')).text).cells).toContainEqual(
      expect.objectContaining({ name: 'coins', inUse: '1.1.0', previous: '1.0.0' }),
    );
  }, 60_000);

  it('refuses what would surprise a keeper', async () => {
    await on('trust', stranger.key);
    const other = await on('install', await file('coins', '2.0.0', stranger));
    expect(other).toMatchObject({ code: 1, fault: expect.stringContaining('another author') });
    const older = await on('install', await file('coins', '0.9.0'));
    expect(older).toMatchObject({ code: 1, fault: expect.stringContaining('older than 1.1.0') });
    const same = await on('install', await file('coins', '1.1.0', author, { budget: { fuel: 7_000_000, callDepth: 200, memoryPages: 4 } }));
    expect(same).toMatchObject({ code: 1, fault: expect.stringContaining('must raise the version') });
    const release = await on('install', await file('cash', '0.2.0'));
    expect(release).toMatchObject({ code: 1, fault: expect.stringContaining('another author') });
    expect((await on('install', await file('coins', '2.0.0', stranger), '--take-over')).text).toContain('coins 2.0.0 is in use');
    expect((await on('install', await file('coins', '0.9.0'), '--older')).text).toContain('coins 0.9.0 is in use');
    expect(await on('use', 'coins', '7.0.0')).toMatchObject({ code: 1 });
    expect(await on('use', '../coins', '1.0.0')).toMatchObject({ code: 2 });
    expect(await on('use', 'coins', '../1.0.0')).toMatchObject({ code: 2 });
    expect(await cell('list', '--data', scratch)).toMatchObject({ code: 2, fault: expect.stringContaining('no gateway') });
  }, 60_000);

  it('trusts an author no more', async () => {
    expect((await on('trust', stranger.key, '--remove')).text).toContain('trusted no more');
    expect((await on('list')).text).toContain('2.0.0  installed  BROKEN: coins 2.0.0 is signed by');
    expect(await on('trust', stranger.key, '--remove')).toMatchObject({ code: 1 });
    expect(await on('trust', 'nonsense')).toMatchObject({ code: 2 });
  });

  it('mends what a bad disk left of a version when it is installed again, and its name stays its author’s meanwhile', async () => {
    const path = await file('mended', '1.0.0');
    await on('install', path);
    const core = join(data, 'cells/mended/1.0.0/prepared/core.wasm');
    const whole = readFileSync(core);
    for (const spoil of [() => truncateSync(core, 10), () => rmSync(core)]) {
      spoil();
      expect((await on('list')).text).toContain('BROKEN');
      await on('trust', stranger.key);
      const other = await on('install', await file('mended', '2.0.0', stranger));
      expect(other).toMatchObject({ code: 1, fault: expect.stringContaining('another author') });
      await on('trust', stranger.key, '--remove');
      expect((await on('install', path)).text).toContain('mended 1.0.0 is installed\n');
      expect(readFileSync(core)).toEqual(whole);
    }
    rmSync(join(data, 'cells/.glue'), { recursive: true });
    expect((await on('install', path)).text).toContain('mended 1.0.0 is installed\n');
    expect((await on('list')).text).not.toContain('mended 1.0.0 was chosen and cannot');
  }, 60_000);

  it('keeps so many versions, the one in use and the one before it among them', async () => {
    for (let minor = 1; minor <= 10; minor += 1) await on('install', await file('many', `1.${minor}.0`));
    const { cells } = JSON.parse((await on('list', '--json')).text) as { cells: { name: string; versions: { version: string }[] }[] };
    const versions = cells.find(({ name }) => name === 'many')?.versions.map(({ version }) => version) ?? [];
    expect(versions).toHaveLength(8);
    expect(versions).toEqual(expect.arrayContaining(['1.9.0', '1.10.0']));
    expect(versions).not.toContain('1.1.0');
  }, 120_000);
});

describe('beside a gateway that runs', () => {
  it('is told to it, and refused by it where it cannot be', async () => {
    box = await TestBox.open({ directory: data, localToken: 'local-secret' });
    const server = await listen(box.app.fetch as Fetch, { host: '127.0.0.1', port: 0 });
    if (!server.ok) throw new Error(server.error.detail);
    try {
      // Left behind by one that was killed: nobody answers there, and the folder is held by the one that runs.
      sayWhereItRuns(data, { http: 'http://127.0.0.1:1', pid: 1, token: 'local-secret' });
      expect(await on('use', 'coins', '1.0.0')).toMatchObject({ code: 1, fault: expect.stringContaining('another gateway runs') });
      sayWhereItRuns(data, { http: server.value.url, pid: process.pid, token: 'local-secret' });
      expect(statSync(join(data, 'gateway.json')).mode & 0o777).toBe(0o600);
      expect((await on('use', 'coins', '1.0.0')).text).toContain('coins 1.0.0 is in use; before it was 0.9.0');
      expect(box.ledger.writer.methods.map(({ method }) => method)).toContain('coins');
      expect((await on('rollback', 'coins')).text).toContain('coins 0.9.0 is in use');
      expect(await on('use', 'coins', '8.0.0')).toMatchObject({ code: 1, fault: expect.stringContaining('not installed') });

      // Yesterday's requests are answered otherwise by a version that does not refund.
      const admin = box.token('office', 'admin');
      await admin('POST', '/v1/payments', { body: { id: 'sold-1', method: 'many', action: 'sale', amount: '100', currency: 'NPR' } });
      await admin('POST', '/v1/payments', {
        body: { id: 'back-1', method: 'many', action: 'refund', amount: '100', currency: 'NPR', refersTo: 'sold-1' },
      });
      const sale = { served: 'none', legs: 1, debits: [], refunds: false };
      const path = await file('many', '2.0.0', author, { actions: { sale } });
      const since = vi.spyOn(Date, 'now').mockReturnValue(1_716_800_000_000);
      const differs = await on('install', path);
      expect(differs).toMatchObject({ code: 1, fault: expect.stringContaining('answers otherwise, so it is not in use') });
      expect(differs.text).toContain('1 differ');
      expect((await on('list')).text).toContain('many: 1.10.0 in use');
      expect((await on('install', path, '--accept-differences')).text).toContain('many 2.0.0 is in use');
      since.mockRestore();
    } finally {
      forgetWhereItRuns(data);
      await server.value.close(0);
      await box.close(true);
    }
  }, 120_000);
});

describe('an author', () => {
  it('makes a key once, signs, and sees what a file is', async () => {
    const key = join(scratch, 'author.pem');
    const made = (await cell('key', 'new', key)).text.trim();
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect((await cell('key', 'show', key)).text.trim()).toBe(made);
    expect(await cell('key', 'new', key)).toMatchObject({ code: 1, fault: expect.stringContaining('never replaced') });
    expect(readFileSync(key, 'utf8')).toContain('PRIVATE KEY');

    const path = await file('coins', '3.0.0');
    const out = join(scratch, 'again.wasm');
    expect((await cell('sign', path, '--key', key, '--out', out)).text).toContain(`signed by ${made}`);
    expect(JSON.parse((await cell('inspect', out, '--json')).text)).toMatchObject({
      key: made,
      manifest: { name: 'coins', version: '3.0.0' },
    });
    expect((await cell('inspect', out)).text).toContain('actions   refund, sale');
    writeFileSync(out, readFileSync(out).subarray(0, -1));
    expect(await cell('inspect', out)).toMatchObject({ code: 1 });
    expect(await cell('verify', join(scratch, 'nothing'))).toMatchObject({ code: 2 });
    expect(await cell('sign', path, '--key', join(scratch, 'nothing'))).toMatchObject({ code: 2 });
  });

  it('builds a folder into one signed file, and is told what is wrong with it', async () => {
    const folder = join(scratch, 'donation-box');
    mkdirSync(join(folder, 'assembly'), { recursive: true });
    const cash = join(import.meta.dirname, '../../cells/cash');
    const manifest = JSON.parse(readFileSync(join(cash, 'manifest.json'), 'utf8'));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, name: 'donation-box' }));
    writeFileSync(join(folder, 'assembly/cell.ts'), readFileSync(join(cash, 'assembly/cell.ts')));
    expect((await cell('build', folder)).text).toMatch(/donation-box-0\.1\.0\.wasm: donation-box 0\.1\.0, [0-9]+ bytes, signed by/);
    expect((await cell('verify', join(folder, 'dist/donation-box-0.1.0.wasm'))).text).toContain('donation-box 0.1.0: signed by');
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, grants: { ...manifest.grants, imports: [] } }));
    expect(await cell('build', folder)).toMatchObject({ code: 1, fault: expect.stringContaining('import-not-granted') });
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(await cell('build', folder)).toMatchObject({ code: 1 });
  }, 60_000);
});
