/**
 * `ingest.sqlite`: signed batches of 1,000 from several gateways through the centre's whole ingest (verify, decode, hash, rules, transaction,
 * signed answer) against its floor: the same prepared statements with the same values in the same transactions, and nothing else. The floor's
 * calls are recorded from a first ingest of the same batches, so the two cannot drift apart.
 */
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { noDocuments } from '../../ledger-sync/central/documents.ts';
import { Ingest } from '../../ledger-sync/central/ingest.ts';
import { openDatabase } from '../../ledger-sync/central/sqlite/open.ts';
import { createSqliteTables } from '../../ledger-sync/central/sqlite/sqlite-tables.ts';
import { createThreadedTables } from '../../ledger-sync/central/sqlite/threaded-tables.ts';
import type { Tables } from '../../ledger-sync/central/tables.ts';
import { Box, enrolBox } from '../../ledger-sync/central/testing.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import type { Figure } from './figure.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ENTRIES_A_BATCH = 1_000;
const AT = Date.UTC(2026, 9, 2);
const GATEWAYS = ['syabru', 'gatlang', 'briddim', 'thuman'];

type Call = { readonly statement: number; readonly values: unknown[] };
type Recording = { readonly sql: string[]; readonly batches: Call[][] };
type Journal = { readonly box: Box; readonly batches: readonly Uint8Array[] };

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
          recording.batches.at(-1)?.push({ statement: index, values });
          return run(...values);
        },
      });
    },
  });
  return recording;
}

/** All batches, each gateway's in order, the gateways beside each other as the broker brings them. */
async function ingestAll(tables: Tables, journals: readonly Journal[], atOnce: boolean, onBatch = (): void => undefined): Promise<number> {
  for (const { box } of journals) await enrolBox(tables, box);
  const signer = signerFromPem(generateKey());
  const ingest = new Ingest({ tables, signer, now: () => AT, entropy: systemEntropy, documents: noDocuments(() => AT), events: silent });
  await ingest.load();
  const take = async ({ box }: Journal, bytes: Uint8Array): Promise<void> => {
    onBatch();
    const answers = await ingest.receive(`u/${box.name.gateway}`, bytes);
    if (answers.length !== 1) throw new Error('a batch was not acknowledged alone');
  };
  const lane = async (journal: Journal): Promise<void> => {
    for (const bytes of journal.batches) await take(journal, bytes);
  };
  const started = performance.now();
  if (atOnce) await Promise.all(journals.map(lane));
  else {
    const longest = Math.max(...journals.map(({ batches }) => batches.length));
    for (let index = 0; index < longest; index++) {
      for (const journal of journals) await take(journal, journal.batches[index] ?? new Uint8Array());
    }
  }
  const elapsedMs = performance.now() - started;
  const { entries, openBreaks } = await tables.totals();
  const wanted = journals.reduce((sum, { box }) => sum + box.entries.length, 0);
  await tables.close();
  if (entries !== wanted || openBreaks !== 0) throw new Error(`${entries} of ${wanted} entries were stored, with ${openBreaks} breaks`);
  return elapsedMs;
}

async function rawAll(path: string, journals: readonly Journal[], { sql, batches }: Recording): Promise<number> {
  const database = openDatabase(path);
  const tables = createSqliteTables(database);
  for (const { box } of journals) await enrolBox(tables, box);
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

export async function ingestFigures({ batchesEach = 15, rounds = 8 } = {}): Promise<readonly Figure[]> {
  const directory = temporaryFolder();
  try {
    const journals = GATEWAYS.map((gateway, index): Journal => {
      const box = new Box(gateway, 11 + index, 400, undefined, `${index}k3mw2q9az`).openAll(100_000_000n);
      box.pay(batchesEach * ENTRIES_A_BATCH - box.entries.length);
      const batches = Array.from({ length: batchesEach }, (_, at) => box.batch(at * ENTRIES_A_BATCH + 1, (at + 1) * ENTRIES_A_BATCH));
      return { box, batches };
    });
    const entries = journals.length * batchesEach * ENTRIES_A_BATCH;
    const recorded = openDatabase(join(directory, 'recorded.sqlite'));
    const recording = record(recorded);
    await ingestAll(createSqliteTables(recorded), journals, false, () => recording.batches.push([]));
    let wholeMs = Number.POSITIVE_INFINITY;
    let rawMs = Number.POSITIVE_INFINITY;
    // In turn, and the best of each: the machine's other work falls on both.
    for (let round = 0; round < rounds; round++) {
      wholeMs = Math.min(wholeMs, await ingestAll(createThreadedTables(join(directory, `whole-${round}.sqlite`)), journals, true));
      rawMs = Math.min(rawMs, await rawAll(join(directory, `raw-${round}.sqlite`), journals, recording));
    }
    const value = Math.round((entries / wholeMs) * 1000);
    const rivalValue = Math.round((entries / rawMs) * 1000);
    const ratio = value / rivalValue;
    return [
      {
        name: 'ingest.sqlite',
        value,
        unit: 'entries/s',
        rival: 'the same statements alone',
        rivalValue,
        ratio,
        hold: '>= 0.8 of a raw loop',
        holds: ratio >= 0.8,
        note: `${GATEWAYS.length} gateways, batches of ${ENTRIES_A_BATCH}; decoding overlaps the writer thread, so it needs a second core; load average ${(loadavg()[0] ?? 0).toFixed(1)}`,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
