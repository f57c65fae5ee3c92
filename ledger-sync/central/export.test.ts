import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { ExitFault } from '../../main/platform/exit.ts';
import { requireTool } from '../../test/support/require.ts';
import type { AccountId } from '../ledger/account.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { noDocuments } from './documents.ts';
import { runExport } from './export.ts';
import { decimal } from './export-hledger.ts';
import { Ingest } from './ingest.ts';
import { openDatabase } from './sqlite/open.ts';
import { createSqliteTables } from './sqlite/sqlite-tables.ts';
import { Box, enrolBox } from './testing.ts';

const hledger = requireTool('hledger');
let directory = '';
const boxes = [new Box('syabru', 1).openAll().pay(150), new Box('gatlang', 2).openAll().pay(150)];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'export-'));
  boxes[0]?.open('wallet:empty' as AccountId, 0n);
  boxes[0]?.add({ ...boxes[0].body({}), method: 'cash', memo: 'दूध; a "quote", | =1+1', postings: [] });
  // What a box with a stolen key could sign: text that a spreadsheet or a journal obeys, and a clock far out.
  boxes[0]?.add({ ...boxes[0].body({}), method: '=1+1', memo: 'x\n2024-01-01 more\n  wallet:x  5 NPR', at: 2 ** 48 - 1, postings: [] });
  const tables = createSqliteTables(openDatabase(join(directory, 'central.sqlite')));
  const none = () => undefined;
  const events = { stored: none, broke: none, fenced: none, enrolled: none, met: none, storage: none };
  const signer = signerFromPem(generateKey());
  const ingest = new Ingest({
    tables,
    signer,
    now: () => Date.UTC(2026, 9, 9),
    entropy: systemEntropy,
    documents: noDocuments(() => 0),
    events,
  });
  for (const box of boxes) await enrolBox(tables, box);
  await ingest.load();
  for (const box of boxes) await ingest.receive(`u/${box.name.gateway}`, box.batch(1, box.head.number));
  await tables.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

const exported = async (args: Partial<Parameters<typeof runExport>[0]> = {}) => {
  const out = join(directory, `out-${Math.abs(JSON.stringify(args).length)}.txt`);
  await runExport({ data: directory, format: 'hledger', out, ...args });
  return { out, text: readFileSync(out, 'utf8') };
};

test('amounts are exact in the digits of their currency', () => {
  expect(decimal(12_500n, 'NPR')).toBe('125.00');
  expect(decimal(-5n, 'NPR')).toBe('-0.05');
  expect(decimal(-7n, 'JPY')).toBe('-7');
  expect(decimal(1_234n, 'KWD')).toBe('1.234');
  expect(decimal(-(2n ** 63n), 'NPR')).toBe('-92233720368547758.08');
});

test('the same entries give the same bytes, declared before use, coded by gateway and number', async () => {
  const first = await exported();
  expect((await exported()).text).toBe(first.text);
  expect(first.text).toContain('commodity 10.00 NPR');
  expect(first.text).toContain('account wallet:sya-1');
  expect(first.text).toMatch(/^2026-10-01 \(syabru#1\) journal open {2}; sequence:1$/m);
  expect(first.text).toContain(`; hash:${boxes[1]?.head.hash}`);
  expect(first.text).not.toContain('"quote",');
});

test('filters by gateway, account and time', async () => {
  const { text } = await exported({ gateway: 'gatlang' });
  expect(text).not.toContain('syabru#');
  expect((await exported({ account: 'wallet:empty' })).text).not.toContain('gatlang#');
  expect((await exported({ to: '2026-10-01' })).text).not.toContain('#');
  await expect(exported({ from: 'soon' })).rejects.toThrow(/is not a date/);
  await expect(exported({ format: 'xlsx' })).rejects.toThrow(ExitFault);
  await expect(runExport({ data: join(directory, 'none'), format: 'csv' })).rejects.toThrow(/does not exist/);
});

test('CSV: a line a posting, formulas disarmed', async () => {
  const { text } = await exported({ format: 'csv' });
  const lines = text.trim().split('\r\n');
  const postings = boxes.flatMap((box) => box.entries.map((entry) => Math.max(1, entry.postings.length)));
  expect(lines).toHaveLength(1 + postings.reduce((sum, count) => sum + count, 0));
  expect(text).toContain('"दूध; a ""quote"", | =1+1"');
});

describe.skipIf(hledger === undefined)('hledger', () => {
  test('check --strict passes, and its balances are the fold of the entries', async () => {
    const { out } = await exported();
    execFileSync(hledger as string, ['-f', out, 'check', '--strict']);
    const csv = execFileSync(hledger as string, ['-f', out, 'balance', '--no-total', '--flat', '-O', 'csv'], { encoding: 'utf8' });
    const balances = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll('"', '').split(',') as [string, string])
      .map(([account, amount]) => [account, amount.replace(' NPR', '')] as const);
    const expected = new Map<string, bigint>();
    for (const box of boxes)
      for (const [account, balance] of box.positions.balanceList()) expected.set(account, (expected.get(account) ?? 0n) + balance);
    const nonZero = [...expected].filter(([, balance]) => balance !== 0n).map(([account, balance]) => [account, decimal(balance, 'NPR')]);
    const sorted = (rows: readonly (readonly string[])[]) => [...rows].sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
    expect(sorted(balances)).toEqual(sorted(nonZero as string[][]));
  });
});
