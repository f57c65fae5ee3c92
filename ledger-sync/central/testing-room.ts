/** An ingest over a real file, with a centre's key and a clock that tests move. For tests alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { must } from '../ledger/result.ts';
import { type Ack, openAck } from '../protocol/ack.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { type Gap, openGap } from '../protocol/gap.ts';
import { KIND } from '../protocol/header.ts';
import { openReject } from '../protocol/reject.ts';
import { noDocuments } from './documents.ts';
import { Ingest, type Outgoing } from './ingest.ts';
import { DATABASE_FILE, openDatabase } from './sqlite/open.ts';
import { createSqliteTables } from './sqlite/sqlite-tables.ts';
import type { Break, Journal, StorageFault, Tables } from './tables.ts';
import type { Box } from './testing.ts';

export const centre = signerFromPem(generateKey());
const directories: string[] = [];

export type Room = {
  tables: Tables;
  ingest: Ingest;
  broke: Break[];
  fenced: Journal[];
  storage: (StorageFault | undefined)[];
  path: string;
  clock: { ms: number };
};

export async function openRoom(path: string, wrap: (tables: Tables) => Tables = (tables) => tables): Promise<Room> {
  const tables = wrap(createSqliteTables(openDatabase(path)));
  const room: Omit<Room, 'ingest'> = { tables, broke: [], fenced: [], storage: [], path, clock: { ms: Date.UTC(2026, 9, 2) } };
  const ingest = new Ingest({
    tables,
    signer: centre,
    now: () => room.clock.ms,
    entropy: seededEntropy(1),
    documents: noDocuments(() => room.clock.ms),
    events: {
      stored: () => undefined,
      broke: (found) => room.broke.push(found),
      fenced: (journal) => room.fenced.push(journal),
      enrolled: () => undefined,
      met: () => undefined,
      storage: (fault) => room.storage.push(fault),
    },
  });
  await ingest.load();
  return { ...room, ingest };
}

export function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ingest-'));
  directories.push(directory);
  return join(directory, DATABASE_FILE);
}

export const messages = (outgoing: readonly Outgoing[]) => {
  const acks: Ack[] = [];
  const gaps: Gap[] = [];
  let rejects = 0;
  for (const { bytes } of outgoing) {
    const kind = (bytes[0] as number) & 15;
    if (kind === KIND.ack) acks.push(must(openAck(bytes, centre.publicKey), 'ack'));
    if (kind === KIND.gap) gaps.push(must(openGap(bytes, centre.publicKey), 'gap'));
    if (kind === KIND.reject && openReject(bytes, centre.publicKey).ok) rejects += 1;
  }
  return { acks, gaps, rejects };
};

export const nonZero = (box: Box) => box.positions.balanceList().filter(([, balance]) => balance !== 0n);

export async function positionsOf(tables: Tables, box: Box) {
  const journal = (await tables.journal(box.name)) as Journal;
  const accounts = (await tables.accounts({ limit: 5000 })).map(({ id }) => id);
  const { positions } = await tables.partition(journal.id, accounts, []);
  return positions
    .filter(({ balance }) => balance !== 0n)
    .map(({ account, balance }) => [account, balance] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Removes every folder that `newPath` made. */
export function removePaths(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}
