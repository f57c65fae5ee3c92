/** P12 under `kill -9`: no count of a meter is used by two payments, and who asks again is shown the token that he was shown. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { openReader } from '../../main/store/reader.ts';
import { verifyDatabase } from '../../main/store/verify.ts';

const KILLS = 20;
const SEED = Number(process.env.CHAUTARI_TEST_SEED ?? 20_261_124);
const child = new URL('./token-child.ts', import.meta.url).pathname;

/** Runs the child until it has sold `answers` tokens, kills it there, and gives each `count|token` by its payment's counter. */
function runAndKill(path: string, cells: string, first: number, answers: number): Promise<Map<number, string>> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, path, cells, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const sold = new Map<number, string>();
    let complaints = '';
    running.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    createInterface({ input: running.stdout }).on('line', (line) => {
      const [counter, count, token] = line.split('|');
      if (token !== undefined) sold.set(Number(counter), `${count}|${token}`);
      if (sold.size >= answers) running.kill('SIGKILL');
    });
    running.on('error', reject);
    running.on('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve(sold) : reject(new Error(`the child ended by itself (${code}): ${complaints}`)),
    );
  });
}

it(`${KILLS} kills in the middle of sales give no token twice (seed ${SEED})`, { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-tokens-'));
  const path = join(folder, 'gateway.sqlite');
  const cells = await ensureBuilt();
  const chance = seededEntropy(SEED);
  const all = new Map<number, string>();
  let askedAgain = 0;
  let first = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const sold = await runAndKill(path, cells, first, 1 + ((chance.bytes(1)[0] ?? 0) % 60));
    for (const [counter, token] of sold) {
      askedAgain += all.has(counter) ? 1 : 0;
      expect(all.get(counter) ?? token).toBe(token);
      all.set(counter, token);
    }
    first = Math.max(...all.keys()) - 8;
    if (first < 1) first = 1;
  }
  expect(verifyDatabase(path)).toMatchObject({ ok: true });
  const reader = openReader(path);
  const counts: number[] = [];
  for (const { receipt, entry } of reader.history({ limit: 1_000_000 })) {
    const line = (name: string) => receipt.find((field) => field.name === name)?.value;
    counts.push(Number(line('count')));
    const shown = all.get(Number(entry.paymentId.split('.')[1]));
    if (shown !== undefined) expect(`${line('count')}|${line('token')}`).toBe(shown);
  }
  // Each count once, and none passed over: what was not committed used none up.
  expect(counts.toSorted((left, right) => left - right)).toEqual(Array.from({ length: counts.length }, (_, index) => 2 + 2 * index));
  expect(askedAgain).toBeGreaterThan(0);
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});
