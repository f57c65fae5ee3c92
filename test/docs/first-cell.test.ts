/**
 * The guide for authors as a newcomer follows it: every listing is put where the page says, every command is run by a shell in the order of
 * the page, in this checkout, with a village of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVillage, type TestVillage } from '../support/village.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/first-cell.md'), 'utf8');
const STEP_MS = 120_000;

type Step = { readonly kind: 'file'; readonly path: string; readonly text: string } | { readonly kind: 'shell'; readonly text: string };

/** In the order of the page: a fence after "Put this into", or one of the shell. */
function stepsOf(page: string): Step[] {
  const pattern = /(?:Put this into `([^`]+)`:\n\n)?```(\w+)\n([\s\S]*?)\n```/g;
  return [...page.matchAll(pattern)].map(([, path, language, text = '']) => {
    if (path !== undefined) return { kind: 'file', path, text: `${text}\n` };
    if (language === 'sh') return { kind: 'shell', text };
    throw new Error(`a listing of ${language} is put nowhere`);
  });
}

const steps = stepsOf(GUIDE);
const home = mkdtempSync(join(tmpdir(), 'first-cell-'));
let village: TestVillage;
const outputs: string[] = [];

beforeAll(async () => {
  village = await startVillage(1);
}, STEP_MS);

afterAll(async () => {
  await village?.stop();
  village?.remove();
  rmSync(home, { recursive: true, force: true });
});

async function shell(text: string): Promise<string> {
  const gateway = new URL(village.kiosks[0] ?? '').origin;
  const script = text.replaceAll('http://127.0.0.1:7070', gateway).replaceAll('village-data/', `${village.folder}/`);
  const env = { ...process.env, HOME: home, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` };
  const run = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env, maxBuffer: 1 << 24 });
  const { stdout } = await run.catch((error: { stdout: string; stderr: string; message: string }) => {
    throw new Error(`${text}\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

describe('docs/first-cell.md', () => {
  it('has the steps that this test knows', () => {
    expect(steps.map(({ kind }) => kind)).toEqual(['shell', 'shell', 'file', 'file', 'shell', 'shell', 'shell', 'shell', 'shell', 'shell']);
  });

  it(
    'leads a newcomer to a cell that takes money',
    async () => {
      for (const step of steps) {
        if (step.kind === 'file') writeFileSync(step.path.replace('~', home), step.text);
        else outputs.push(await shell(step.text));
      }
      const [made = '', first = '', own = '', built = '', installed = '', paid = '', second = '', back = ''] = outputs;
      expect(made).toContain('tea-card/assembly/cell.ts');
      expect(first).toContain('6 of 6 cases as expected');
      // What the page shows of it.
      for (const line of /( {4}a payment: approved\n[\s\S]*?)\n\n/.exec(GUIDE)?.[1]?.split('\n') ?? []) {
        if (!line.includes('...')) expect(first).toContain(line.slice(4));
      }
      expect(own).toContain('4 of 4 cases as expected');
      expect(built).toContain('tea-card 0.1.0, class fast');
      expect(installed).toMatch(/tea-card: 0\.1\.0 in use/);
      expect(paid).toContain('"id":"cup-1","status":"approved"');
      expect(paid).toContain('{"name":"stamps","value":"1"}');
      expect(second).toMatch(/tea-card 0\.2\.0 .* 1 same, 0 differ/);
      expect(second).toContain('tea-card 0.2.0 is in use; before it was 0.1.0');
      expect(back).toContain('tea-card 0.1.0 is in use');
    },
    2 * STEP_MS,
  );
});
