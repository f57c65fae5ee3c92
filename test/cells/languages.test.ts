/**
 * Cells in four languages in one gateway: AssemblyScript, C, JavaScript and Rust, built by the command, trusted, installed into a village
 * that runs, and paid through. Then the gateway is killed with -9, and the Rust actor's totals are what they were.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require.ts';
import { startVillage, type TestVillage } from '../support/village.ts';

const ROOT = join(import.meta.dirname, '../..');
const STEP_MS = 120_000;
const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;
const rustc = requireTool('rustc-wasm32') !== undefined;
const EXAMPLES = ['toll', ...(clang ? ['donation'] : []), ...(rustc ? ['edge-actor'] : [])];

const folder = mkdtempSync(join(tmpdir(), 'cell-languages-'));
let village: TestVillage;
let data: string;
let token: string;

async function chautari(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'main/cli.ts'), ...args], { cwd: folder });
  return stdout.trim();
}

beforeAll(async () => {
  village = await startVillage(1);
  data = join(village.folder, 'syabru');
  token = await chautari('token', '--data', data, '--name', 'trial', '--scopes', 'pay,read,admin,sense');
  for (const name of EXAMPLES) {
    const file = join(folder, `${name}.wasm`);
    await chautari('cell', 'build', join(ROOT, 'cells/examples', name), '--out', file, '--key', await authorKey());
    await chautari('cell', 'trust', file, '--data', data, '--name', 'examples');
    expect(await chautari('cell', 'install', file, '--data', data)).toContain(`${name} 0.1.0 is in use`);
  }
  for (const id of ['merchant:school', 'merchant:bridge']) expect((await ask('accounts', { id, currency: 'NPR' })).status).toBe(201);
}, 2 * STEP_MS);

afterAll(async () => {
  await village?.stop();
  village?.remove();
  rmSync(folder, { recursive: true, force: true });
});

let keyMade: Promise<string> | undefined;
function authorKey(): Promise<string> {
  const path = join(folder, 'author.pem');
  keyMade ??= chautari('cell', 'key', 'new', path).then(() => path);
  return keyMade;
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

async function ask(path: string, body?: object): Promise<Answer> {
  const url = new URL(`/v1/${path}`, village.kiosks[0]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Until the gateway serves again: what is awaited is its answer, and a test has its own limit. */
async function askUntilServed(path: string, body?: object): Promise<Answer> {
  for (;;) {
    const answer = await ask(path, body).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const pay = (id: string, payment: object): Promise<Answer> =>
  ask('payments', { id, currency: 'NPR', account: 'wallet:W-1042', ...payment });

describe('cells of several languages in one gateway', () => {
  it('AssemblyScript takes a payment', async () => {
    expect((await pay('as-1', { method: 'wallet', action: 'sale', amount: '100' })).body).toMatchObject({ status: 'approved' });
  });

  it.skipIf(!clang)('C takes a payment, and keeps its day in its state', async () => {
    const gift = { method: 'donation', action: 'give', counterparty: 'merchant:school', amount: '600' };
    await pay('c-1', gift);
    const { body } = await pay('c-2', gift);
    expect(body).toMatchObject({ status: 'approved', receipt: expect.arrayContaining([{ name: 'given-today', value: '1200' }]) });
  });

  it('JavaScript takes a payment, and declines the same vehicle again', async () => {
    const crossing = { method: 'toll', action: 'cross', counterparty: 'merchant:bridge', amount: '2000', fields: { vehicle: 'motorbike' } };
    expect((await pay('js-1', crossing)).body).toMatchObject({ status: 'approved' });
    expect((await pay('js-2', crossing)).body).toMatchObject({ status: 'declined', reason: { code: 'already-done', detail: 'js-1' } });
  });

  it.skipIf(!rustc)(
    'Rust counts readings, and its totals outlive kill -9',
    async () => {
      const reading = (request: number) => ({ deviceId: 'meter-7', metric: 5, request, cell: 'edge-actor' });
      for (let request = 1; request <= 20; request += 1) {
        const { body } = await ask('telemetry', reading(request));
        expect(body).toEqual({ readings: [{ deviceId: 'meter-7', total: String(request * 5) }] });
      }
      await fetch(new URL('/village/kill', village.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ process: 'syabru' }),
      }).then((response) => expect(response.status).toBe(200));
      // A reading that was answered is not counted twice either.
      const { body: again } = await askUntilServed('telemetry', reading(20));
      expect(again).toEqual({ readings: [{ deviceId: 'meter-7', total: '100' }] });
      expect((await ask('telemetry', reading(21))).body).toEqual({ readings: [{ deviceId: 'meter-7', total: '105' }] });
    },
    STEP_MS,
  );
});
