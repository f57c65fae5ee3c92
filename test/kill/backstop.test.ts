/** `kill -9` while cells hang and their threads are replaced: what was answered stays answered, approved or declined; verify finds nothing. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { openReader } from '../../main/store/reader.ts';
import { verifyDatabase } from '../../main/store/verify.ts';
import { paymentId } from '../support/store/test-store.ts';

const KILLS = 10;
const SEED = Number(process.env.CHAUTARI_TEST_SEED ?? 20_261_123);
const child = new URL('./hanging-child.ts', import.meta.url).pathname;

/** Runs the child, kills it `delayMs` after its `answers`th answer, and gives everything that it had answered. */
function runAndKill(path: string, first: number, answers: number, delayMs: number): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, path, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const answered: string[][] = [];
    let complaints = '';
    running.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    createInterface({ input: running.stdout }).on('line', (line) => {
      if (line !== 'ready') answered.push(line.split(' '));
      if (answered.length === answers) setTimeout(() => running.kill('SIGKILL'), delayMs);
    });
    running.on('error', reject);
    running.on('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve(answered) : reject(new Error(`the child ended by itself (${code}): ${complaints}`)),
    );
  });
}

it(`${KILLS} kills in the midst of cells that hang lose no answer (seed ${SEED})`, { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-kill-'));
  const path = join(folder, 'gateway.sqlite');
  const chance = seededEntropy(SEED);
  const said = new Map<string, string>();
  let declined = 0;
  let first = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const [some = 0, delay = 0] = chance.bytes(2);
    const answered = await runAndKill(path, first, 4 + (some % 20), delay);
    for (const [counter = '', ...answer] of answered) {
      // An id that is asked again after the kill is answered as before it.
      expect(answer.join(' ')).toBe(said.get(counter) ?? answer.join(' '));
      said.set(counter, answer.join(' '));
      first = Math.max(first, Number(counter) - 8);
    }
    expect(verifyDatabase(path)).toMatchObject({ ok: true });
  }
  const reader = openReader(path);
  for (const [counter, answer] of said) {
    const [status, number] = answer.split(' ');
    declined += status === 'declined' ? 1 : 0;
    expect(reader.payment(paymentId(Number(counter)))).toMatchObject(
      status === 'approved' ? { status, entry: { number: Number(number) } } : { status, reason: { code: 'budget' } },
    );
  }
  expect(declined).toBeGreaterThan(0);
  expect(reader.hangs().count).toBeGreaterThanOrEqual(declined);
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});
