/** Every shipped cell, unchanged, on each runtime that is found here: the answers are the same. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { requireTool } from '../../test/support/require.ts';
import { isCellName } from '../cell-host/manifest.ts';
import { runRecorded } from './matrix-runner.mjs';
import { isClean, type MatrixRow, runMatrix } from './run-matrix.ts';
import { openTrialCell } from './trial-cell.ts';
import { readCases } from './try-cases.ts';

const EXAMPLES = join(import.meta.dirname, '../../cells/examples');
const MATRIX_MS = 180_000;
const chromium = requireTool('chromium') === undefined ? 'not found' : 'same';
const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;

async function matrix(path: string, casesPath?: string): Promise<MatrixRow> {
  const cell = await openTrialCell(path);
  try {
    return await runMatrix(cell, casesPath === undefined ? undefined : readCases(casesPath));
  } finally {
    cell.close();
  }
}

function outcomes({ cell, runtimes }: MatrixRow): unknown[] {
  return [cell, runtimes.host.outcome, runtimes.jco.outcome, runtimes.chromium.outcome];
}

describe('the matrix', () => {
  it(
    'finds every shipped cell the same everywhere',
    async () => {
      const built = await ensureBuilt();
      for (const name of readdirSync(built).filter(isCellName)) {
        for (const version of readdirSync(join(built, name))) {
          const row = await matrix(join(built, name, version, 'cell.wasm'));
          expect(row.runtimes).toMatchObject({ host: { outcome: 'same' } });
          expect(outcomes(row)).toEqual([name, 'same', 'same', chromium]);
          expect(row.requests).toBeGreaterThan(20);
          expect(isClean(row)).toBe(true);
        }
      }
    },
    MATRIX_MS,
  );

  it(
    'finds a cell with a whole JavaScript engine the same, WASI included',
    async () => {
      const row = await matrix(join(EXAMPLES, 'toll'), join(EXAMPLES, 'toll/cases.json'));
      expect(outcomes(row)).toEqual(['toll', 'same', 'same', chromium]);
    },
    MATRIX_MS,
  );

  it.skipIf(!clang)(
    'finds a cell in C the same',
    async () => {
      const row = await matrix(join(EXAMPLES, 'donation'), join(EXAMPLES, 'donation/cases.json'));
      expect(outcomes(row)).toEqual(['donation', 'same', 'same', chromium]);
    },
    MATRIX_MS,
  );
});

describe('a browser that is none', () => {
  const given = process.env.CHROMIUM;
  afterEach(() => {
    if (given === undefined) delete process.env.CHROMIUM;
    else process.env.CHROMIUM = given;
  });

  it(
    'is said to be broken, and the matrix is not clean',
    async () => {
      process.env.CHROMIUM = '/bin/false';
      const built = await ensureBuilt();
      const row = await matrix(join(built, 'cash', readdirSync(join(built, 'cash'))[0] ?? '', 'cell.wasm'));
      expect(row.runtimes.chromium).toEqual({ outcome: 'broken', why: 'the browser ended with 1' });
      expect(isClean(row)).toBe(false);
    },
    MATRIX_MS,
  );
});

describe('the runner', () => {
  const reads = {
    accounts: [{ id: 'wallet:W-1', found: { kind: 'wallet', currency: 'NPR', limit: '0', open: true }, available: '7' }],
    refundable: [],
    state: [{ key: 'k', value: '00ff' }],
  };
  type Imports = {
    'chautari:cell/accounts': { find(id: string): unknown; available(id: string): bigint };
    'chautari:cell/state': { get(key: string): Uint8Array | undefined; set(key: string, value: Uint8Array): void };
  };
  const answers = (decide: (imports: Imports) => unknown): string[] =>
    runRecorded((_moduleOf: unknown, imports: Imports) => ({ decide: () => decide(imports) }), undefined, [
      { call: 'decide', arguments: [], reads, kinds: ['wallet'] },
    ]);

  it('answers from the recording, and keeps what is written', () => {
    const [line] = answers((imports) => {
      const state = imports['chautari:cell/state'];
      const read = state.get('k');
      state.set('new', Uint8Array.of(1));
      return {
        read,
        again: state.get('new'),
        account: imports['chautari:cell/accounts'].find('wallet:W-1'),
        other: imports['chautari:cell/accounts'].available('khata:K-1'),
      };
    });
    expect(JSON.parse(line ?? '')).toEqual({
      answer: {
        tag: 'ok',
        val: {
          account: { currency: 'NPR', id: 'wallet:W-1', kind: 'wallet', limit: { $number: '0' }, open: true },
          again: { $bytes: '01' },
          other: { $number: '0' },
          read: { $bytes: '00ff' },
        },
      },
      outbox: [],
      state: [['new', { $bytes: '01' }]],
    });
  });

  it.each<[string, (imports: Imports) => unknown, string]>([
    ['a fact that was not recorded', (imports) => imports['chautari:cell/accounts'].find('wallet:W-2'), 'which the recording has not'],
    ['a state that was not recorded', (imports) => imports['chautari:cell/state'].get('other'), 'which the recording has not'],
    ['an empty key', (imports) => imports['chautari:cell/state'].get(''), 'a key of 0 bytes'],
  ])('ends where a cell asks for %s', (_name, decide, message) => {
    expect(answers(decide)[0]).toContain(message);
    expect(answers(decide)[0]).toContain('"tag":"trap"');
  });
});
