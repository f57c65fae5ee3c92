/** The examples and the templates of every language: each builds, goes the way of an installed cell, and passes its own cases. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RUNTIME_IMPORTS } from '../../cells/sdk/js/runtime-imports.ts';
import { type CellLanguage, LANGUAGES } from '../../cells/sdk/languages.ts';
import { requireTool } from '../../test/support/require.ts';
import { importsOf } from '../cell-host/transpile.ts';
import { judgeTrial } from './judge-trial.ts';
import { newCell } from './new-cell.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import { showTrial } from './show-trial.ts';
import { openTrialCell } from './trial-cell.ts';
import { parseCases, readCases } from './try-cases.ts';

const EXAMPLES = join(import.meta.dirname, '../../cells/examples');
const BUILD_MS = 60_000;
const scratch = mkdtempSync(join(tmpdir(), 'cell-try-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const compilers: Readonly<Record<CellLanguage, boolean>> = {
  assemblyscript: true,
  javascript: true,
  c: requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined,
  rust: requireTool('rustc-wasm32') !== undefined,
};

async function tried(folder: string): Promise<TrialResult[]> {
  const cell = await openTrialCell(folder);
  try {
    return runTrial(cell, readCases(join(folder, 'cases.json')));
  } finally {
    cell.close();
  }
}

function wrong(results: readonly TrialResult[]): unknown[] {
  return results.flatMap((result) => judgeTrial(result).map((line) => [result.case.name, line]));
}

describe('chautari cell new', () => {
  it.each(LANGUAGES.map((language) => [language]))(
    'makes a cell in %s that passes its own cases',
    async (language) => {
      const folder = join(scratch, `made-${language}`);
      expect(newCell('tea-stall', language, folder)).toEqual(expect.arrayContaining(['README.md', 'cases.json', 'manifest.json']));
      if (!compilers[language]) return;
      const results = await tried(folder);
      expect(wrong(results)).toEqual([]);
      expect(results.every(({ fuel }) => fuel > 0)).toBe(true);
      // The same request and facts take the same fuel.
      expect((await tried(folder)).map(({ fuel }) => fuel)).toEqual(
        language === 'javascript' ? expect.anything() : results.map(({ fuel }) => fuel),
      );
    },
    BUILD_MS,
  );

  it('refuses a name that is none, and a folder that is not empty', () => {
    expect(() => newCell('Tea Stall', 'c', join(scratch, 'x'))).toThrow('"Tea Stall" is no name for a cell');
    newCell('tea', 'c', join(scratch, 'twice'));
    expect(() => newCell('tea', 'c', join(scratch, 'twice'))).toThrow('is not empty');
  });
});

describe('the example', () => {
  it.each([
    ['donation', 'c'],
    ['toll', 'javascript'],
    ['edge-actor', 'rust'],
  ] as const)(
    '%s (%s) passes its cases',
    async (name, language) => {
      if (!compilers[language]) return;
      expect(wrong(await tried(join(EXAMPLES, name)))).toEqual([]);
    },
    BUILD_MS,
  );

  it(
    'toll imports of WASI what its manifest names, and no more',
    async () => {
      const cell = await openTrialCell(join(EXAMPLES, 'toll'));
      const wasi = (await importsOf(cell.component)).filter((one) => one.startsWith('wasi:'));
      cell.close();
      expect(wasi.toSorted()).toEqual([...RUNTIME_IMPORTS].toSorted());
      expect(cell.manifest.grants.imports.filter((one) => one.startsWith('wasi:'))).toEqual(RUNTIME_IMPORTS);
    },
    BUILD_MS,
  );

  it.skipIf(!compilers.rust)(
    'edge-actor answers as the telemetry cell does, and leaves the same',
    async () => {
      const cases = readCases(join(EXAMPLES, 'edge-actor/cases.json'));
      const answers = async (folder: string) => {
        const cell = await openTrialCell(folder);
        const results = runTrial(cell, cases);
        cell.close();
        return results.map(({ came }) => came);
      };
      expect(await answers(join(EXAMPLES, 'edge-actor'))).toEqual(await answers(join(EXAMPLES, '../telemetry')));
    },
    BUILD_MS,
  );
});

describe('a trial', () => {
  const folder = join(scratch, 'judged');
  const request = { action: 'pay', account: 'wallet:W-1', counterparty: 'merchant:tea', amount: '100' };
  const accounts = { 'wallet:W-1': { available: '500' }, 'merchant:tea': {} };

  it('says what differs, what to change, and shows what came', async () => {
    newCell('judged', 'assemblyscript', folder);
    const source = join(folder, 'assembly/cell.ts');
    // Pays the merchant one paisa more than the wallet gives.
    writeFileSync(source, readFileSync(source, 'utf8').replace('payment.counterparty, -moved)', 'payment.counterparty, -moved - 1)'));
    const cell = await openTrialCell(folder);
    const expectations = [
      undefined,
      { approved: { postings: { 'wallet:W-1': '100' } } },
      { failed: 'not-balanced' },
      { declined: 'not-enough' },
    ];
    const cases = expectations.map((expect, index) => ({ name: `case ${index}`, request, ...(expect === undefined ? {} : { expect }) }));
    const results = runTrial(cell, parseCases(JSON.stringify({ accounts, cases }), 'cases.json'));
    cell.close();
    const [unasked = [], approved = [], failed, declined = []] = results.map(judgeTrial);
    expect(unasked[0]).toMatch(/^failed not-balanced: /);
    expect(unasked[1]).toBe('the postings must sum to zero, none of them zero, no account twice');
    expect(approved[0]).toMatch(/^expected approved, came failed not-balanced/);
    expect(failed).toEqual([]);
    expect(declined[0]).toMatch(/^expected declined not-enough, came failed/);
    const [first] = results;
    if (first === undefined) throw new Error('no result');
    expect(showTrial(first, cell.manifest).join('\n')).toMatch(/^case 0: failed\n {2}not-balanced: .*\n {2}fuel {6}\d+ of 2000000/);
  });

  it('compares postings as a whole, receipt, state and outbox by what is named', () => {
    const came = {
      outcome: 'approved' as const,
      postings: { a: '1', b: '-1' },
      receipt: { amount: '1', more: 'x' },
      state: { gone: null },
      outbox: {},
    };
    const judged = (expect: object) => {
      const cases = parseCases(JSON.stringify({ cases: [{ name: 'x', request, expect }] }), 'cases.json');
      const [one] = cases.cases;
      if (one === undefined) throw new Error('no case');
      return judgeTrial({ case: one, came, fuel: 10 });
    };
    expect(judged({ approved: { receipt: { amount: '1' } }, state: { gone: null } })).toEqual([]);
    expect(judged({ approved: { postings: { a: '1' } } })).toEqual(['postings: expected {"a":"1"}, came {"a":"1","b":"-1"}']);
    expect(judged({ approved: {}, outbox: { k: 'v' }, fuelMax: 9 })).toEqual([
      'outbox k: expected "v", came nothing',
      'fuel: expected at most 9, came 10',
    ]);
  });

  it.each([
    ['{', 'cases.json is not JSON'],
    ['{"cases":[]}', 'cases.json: cases: '],
    [
      '{"cases":[{"name":"x","request":{"action":"pay","amount":12}}]}',
      'cases.json: cases.0.request.amount (the case "x"): must be minor units as digits in quotes',
    ],
    ['{"cases":[{"name":"x","request":{"action":"pay","amount":"12"},"expects":{}}]}', 'expects'],
  ])('refuses a file that says %s', (text, message) => {
    expect(() => parseCases(text, 'cases.json')).toThrow(message);
  });

  it('says what is missing', async () => {
    expect(() => readCases(join(scratch, 'none.json'))).toThrow('there is no file');
    await expect(openTrialCell(join(scratch, 'nowhere'))).rejects.toThrow('there is no');
    await expect(openTrialCell(EXAMPLES)).rejects.toThrow('is no cell');
  });
});
