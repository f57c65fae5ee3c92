/** `chautari cell new` and `try` as they are typed. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const CLI = join(import.meta.dirname, '../cli.ts');
const STEP_MS = 120_000;
const scratch = mkdtempSync(join(tmpdir(), 'cell-try-command-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

function chautari(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, 'cell', ...args], { cwd: scratch }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Everything that a child said, once it said `words` so many times. */
async function said(child: ChildProcessWithoutNullStreams, so: { far: string }, words: string, times: number): Promise<string> {
  while (so.far.split(words).length <= times) {
    const [part] = (await once(child.stdout, 'data')) as [string];
    so.far += part;
  }
  return so.far;
}

function change(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

describe('chautari cell', () => {
  it(
    'new makes a folder, try runs it, says what is wrong, and runs a signed file as well',
    async () => {
      expect(await chautari('new', 'tea')).toMatchObject({ code: 0, stdout: expect.stringContaining('next: npx chautari cell try tea') });
      expect(await chautari('try', 'tea')).toMatchObject({ code: 0, stdout: expect.stringMatching(/6 of 6 cases as expected\n$/) });
      expect(await chautari('build', 'tea')).toMatchObject({ code: 0 });
      const json = await chautari('try', 'tea/dist/tea-0.1.0.wasm', '--cases', 'tea/cases.json', '--json');
      const [first] = json.stdout
        .split('\n')
        .map((line) => JSON.parse(line || 'null') as { case: string; outcome: string; faults: string[] });
      expect(first).toMatchObject({ case: 'a payment', outcome: 'approved', faults: [] });

      change(join(scratch, 'tea/cases.json'), '"37500" }', '"37501" }');
      const wrong = await chautari('try', 'tea');
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toContain('WRONG     receipt balance-here: expected "37501", came "37500"');
      expect(wrong.stderr).toContain('1 case did not come out as expected');
    },
    STEP_MS,
  );

  it.each([
    [['new', 'Tea'], 2, 'is no name for a cell'],
    [['new', 'chai', '--language', 'cobol'], 2, '"cobol" is none of assemblyscript, c, javascript, rust'],
    [['try', 'nowhere'], 2, 'nowhere is no cell: there is no nowhere/manifest.json'],
    [['brew'], 2, 'there is no command "cell brew"'],
    [['build', 'nowhere'], 2, '/nowhere is no cell: there is no '],
    [['try', '.'], 2, 'is no cell'],
  ])('%j ends with %i and says why', async (args, code, why) => {
    const ran = await chautari(...args);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(why)]);
    expect(ran.stderr).not.toContain('    at ');
  });

  it(
    'new brings what an editor needs to know the types',
    async () => {
      await chautari('new', 'edited');
      const checker = join(import.meta.dirname, '../../node_modules/.bin/tsc');
      const check = () =>
        promisify(execFile)(checker, ['-p', 'edited/assembly'], { cwd: scratch }).catch((error: { stdout: string }) => error);
      expect((await check()).stdout).toBe('');
      change(join(scratch, 'edited/assembly/cell.ts'), 'payment.currency', 'payment.currencies');
      expect((await check()).stdout).toContain("'currencies' does not exist on type 'Payment'");
    },
    STEP_MS,
  );

  it(
    'try says what the compiler says, in the author’s own lines',
    async () => {
      await chautari('new', 'broken');
      change(join(scratch, 'broken/assembly/cell.ts'), 'const moved = <i64>payment.amount;', 'const moved = payment.amounts;');
      const ran = await chautari('try', 'broken');
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/the cell broken does not compile:[\s\S]*amounts[\s\S]*in cell\.ts\(\d+,/);
    },
    STEP_MS,
  );

  it(
    'ends in silence when its reader has left',
    async () => {
      await chautari('new', 'piped');
      const line = `"${process.execPath}" "${CLI}" cell try piped | head -1`;
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], { cwd: scratch });
      expect([stdout, stderr]).toEqual([expect.stringMatching(/^piped 0\.1\.0, .*\n$/), '']);
    },
    STEP_MS,
  );

  it(
    'try --watch runs again after a change',
    async () => {
      await chautari('new', 'watched');
      const child = spawn(process.execPath, [CLI, 'cell', 'try', 'watched', '--watch'], { cwd: scratch });
      child.stdout.setEncoding('utf8');
      const so = { far: '' };
      try {
        await said(child, so, 'waiting for a change', 1);
        change(join(scratch, 'watched/cases.json'), '"a payment"', '"a changed payment"');
        expect(await said(child, so, 'waiting for a change', 2)).toContain('a changed payment: approved');
      } finally {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
    STEP_MS,
  );
});
