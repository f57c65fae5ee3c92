/** I1 and K2 under `kill -9`: whatever was answered is in the journal once, under the hash that was answered; verify finds nothing. */
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

const KILLS = 50;
const SEED = Number(process.env.CHAUTARI_TEST_SEED ?? 20_261_123);
const child = new URL('./store-child.ts', import.meta.url).pathname;

type Answered = { readonly counter: number; readonly number: number; readonly hash: string };

/** Runs the child until it has answered `answers` payments, kills it there, and gives everything that it had answered. */
function runAndKill(path: string, first: number, answers: number): Promise<Answered[]> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, path, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const answered: Answered[] = [];
    let complaints = '';
    running.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    const lines = createInterface({ input: running.stdout });
    lines.on('line', (line) => {
      const parts = line.split(' ');
      if (parts.length === 3) answered.push({ counter: Number(parts[0]), number: Number(parts[1]), hash: parts[2] as string });
      if (answered.length >= answers) running.kill('SIGKILL');
    });
    running.on('error', reject);
    running.on('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve(answered) : reject(new Error(`the child ended by itself (${code}): ${complaints}`)),
    );
  });
}

it(`${KILLS} kills in the middle of payments lose none that was answered, and double none (seed ${SEED})`, {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-kill-'));
  const path = join(folder, 'gateway.sqlite');
  const chance = seededEntropy(SEED);
  const all = new Map<number, Answered>();
  let askedAgain = 0;
  let first = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const [low = 0, high = 0] = chance.bytes(2);
    const answers = 1 + ((low + high * 256) % 200);
    const answered = await runAndKill(path, first, answers);
    for (const one of answered) {
      const before = all.get(one.counter);
      // An id that was asked again after a kill gets the answer that was given before it.
      if (before !== undefined) expect(one).toEqual(before);
      askedAgain += before === undefined ? 0 : 1;
      all.set(one.counter, one);
    }
    const verified = verifyDatabase(path);
    expect(verified).toMatchObject({ ok: true });
    const reader = openReader(path);
    for (const { counter, number, hash } of answered) {
      expect(reader.payment(paymentId(counter))).toMatchObject({ status: 'approved', entry: { number, hash } });
      expect(reader.effectsOf(paymentId(counter))).toMatchObject([{ state: 'due' }]);
    }
    const entries = reader.entriesAfter(0, 1_000_000);
    expect(new Set(entries.map(({ paymentId: id }) => id)).size).toBe(entries.length);
    const highest = entries.reduce((most, { paymentId: id }) => Math.max(most, Number(id.split('.')[1] ?? 0) || 0), 0);
    for (const { number, hash } of all.values()) expect(entries[number - 1]?.hash).toBe(hash);
    reader.close();
    // Ids of commands that were in flight are used again: what they find is the first answer or nothing.
    first = Math.max(highest - 8, 1);
  }
  expect(askedAgain).toBeGreaterThan(0);
  rmSync(folder, { recursive: true, force: true });
});
