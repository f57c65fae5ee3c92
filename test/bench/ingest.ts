/**
 * `ingest.sqlite`: signed batches of 1,000 through the centre's whole ingest (verify, decode, hash, rules, transaction, signed answer) against
 * its floor: the same prepared statements with the same values and the same transactions, and nothing else. The floor's calls are recorded
 * from a first ingest of the same batches, so the two cannot drift apart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { noDocuments } from '../../ledger-sync/central/documents.ts';
import { Ingest } from '../../ledger-sync/central/ingest.ts';
import { openDatabase } from '../../ledger-sync/central/sqlite/open.ts';
import { createSqliteTables } from '../../ledger-sync/central/sqlite/sqlite-tables.ts';
import { Box, enrolBox } from '../../ledger-sync/central/testing.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';

const ENTRIES_A_BATCH = 1_000;
const AT = Date.UTC(2026, 9, 2);

type Call = { readonly statement: number; readonly values: unknown[] };
type Recording = { readonly sql: string[]; readonly batches: Call[][] };

export type IngestFigure = {
  readonly name: 'ingest.sqlite';
  /** Entries a second through the whole ingest. */
  readonly value: number;
  readonly unit: 'entries/s';
  /** Entries a second of the bare statements. */
  readonly floor: number;
  readonly ratio: number;
  readonly hold: '>= 80 % of a raw loop';
  readonly holds: boolean;
};

const silent = {
  stored: () => undefined,
  broke: () => undefined,
  fenced: () => undefined,
  enrolled: () => undefined,
  met: () => undefined,
  storage: () => undefined,
};

/** Writes down every call of a writing statement, with its transaction. */
function record(database: Database.Database): Recording {
  const recording: Recording = { sql: [], batches: [] };
  const prepare = database.prepare.bind(database);
  Object.assign(database, {
    prepare(sql: string) {
      const statement = prepare(sql);
      if (!/^\s*(INSERT|UPDATE)/.test(sql)) return statement;
      const index = recording.sql.push(sql) - 1;
      const run = statement.run.bind(statement);
      return Object.assign(statement, {
        run(...values: unknown[]) {
          recording.batches
            .at(-1)
            ?.push({ statement: index, values: values.map((value) => (Buffer.isBuffer(value) ? Buffer.from(value) : value)) });
          return run(...values);
        },
      });
    },
  });
  return recording;
}

async function ingestAll(
  path: string,
  box: Box,
  batches: readonly Uint8Array[],
  recorded: boolean,
): Promise<{ elapsedMs: number; recording?: Recording }> {
  const database = openDatabase(path);
  const recording = recorded ? record(database) : undefined;
  const tables = createSqliteTables(database);
  await enrolBox(tables, box);
  const signer = signerFromPem(generateKey());
  const ingest = new Ingest({ tables, signer, now: () => AT, entropy: systemEntropy, documents: noDocuments(() => AT), events: silent });
  await ingest.load();
  const started = performance.now();
  for (const bytes of batches) {
    recording?.batches.push([]);
    const answers = await ingest.receive(`u/${box.name.gateway}`, bytes);
    if (answers.length !== 1) throw new Error('a batch was not acknowledged alone');
  }
  const elapsedMs = performance.now() - started;
  const { entries } = await tables.totals();
  if (entries !== box.entries.length) throw new Error(`${entries} of ${box.entries.length} entries were stored`);
  await tables.close();
  return recording === undefined ? { elapsedMs } : { elapsedMs, recording };
}

async function rawAll(path: string, box: Box, { sql, batches }: Recording): Promise<number> {
  const database = openDatabase(path);
  await enrolBox(createSqliteTables(database), box);
  const statements = sql.map((text) => database.prepare(text));
  const started = performance.now();
  for (const calls of batches) {
    database
      .transaction(() => {
        for (const { statement, values } of calls) (statements[statement] as Database.Statement).run(...values);
      })
      .immediate();
  }
  const elapsedMs = performance.now() - started;
  database.close();
  return elapsedMs;
}

export async function ingestFigure({ batches: count = 50, rounds = 3 } = {}): Promise<IngestFigure> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-ingest-'));
  try {
    const box = new Box('syabru', 11, 400);
    box.openAll(100_000_000n).pay(count * ENTRIES_A_BATCH - box.entries.length);
    const batches = Array.from({ length: count }, (_, index) => box.batch(index * ENTRIES_A_BATCH + 1, (index + 1) * ENTRIES_A_BATCH));
    const { recording } = await ingestAll(join(directory, 'recorded.sqlite'), box, batches, true);
    if (recording === undefined) throw new Error('nothing was recorded');
    let wholeMs = Number.POSITIVE_INFINITY;
    let rawMs = Number.POSITIVE_INFINITY;
    // In turn, and the best of each: the machine's other work falls on both.
    for (let round = 0; round < rounds; round++) {
      wholeMs = Math.min(wholeMs, (await ingestAll(join(directory, `whole-${round}.sqlite`), box, batches, false)).elapsedMs);
      rawMs = Math.min(rawMs, await rawAll(join(directory, `raw-${round}.sqlite`), box, recording));
    }
    const value = Math.round((box.entries.length / wholeMs) * 1000);
    const floor = Math.round((box.entries.length / rawMs) * 1000);
    const ratio = value / floor;
    return { name: 'ingest.sqlite', value, unit: 'entries/s', floor, ratio, hold: '>= 80 % of a raw loop', holds: ratio >= 0.8 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
