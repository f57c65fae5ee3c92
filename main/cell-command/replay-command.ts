/**
 * `chautari cell replay NAME@VERSION|FILE`: what a version would have answered to the requests of the last day. Exit 0 all the same, 1 where
 * some differ or cannot be judged, 2 wrong use, 3 the journal is damaged.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCommand } from 'citty';
import { readCellFile } from '../cell-host/cell-file.ts';
import { readCellFolder, SharedTexts } from '../cell-host/cell-folder.ts';
import { placeCell } from '../cell-host/place-cell.ts';
import { prepareCell } from '../cell-host/prepare.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { systemClock } from '../platform/clock.ts';
import { ExitFault } from '../platform/exit.ts';
import { type CellReplay, replayCell } from './replay-cell.ts';
import { readingJournal, rootsOf } from './replay-journal.ts';
import { cellReplayText, plainJson } from './show-replay.ts';
import { sinceOf } from './since.ts';

const args = {
  cell: {
    type: 'positional',
    required: true,
    valueHint: 'NAME@VERSION|FILE',
    description: 'A version that is on this box, or a cell’s file',
  },
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder; it may be running' },
  since: { type: 'string', default: '24h', valueHint: '24h|DATE', description: 'Requests since then: 90m, 24h, 7d, or a date' },
  cells: { type: 'string', valueHint: 'DIR', description: 'The release’s cells, where they are not beside this program' },
  json: { type: 'boolean', default: false, description: 'As JSON' },
} as const;

export const cellReplayCommand = defineCommand({
  meta: { name: 'replay', description: 'What a version of a cell would have answered to the last day’s requests' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const since = sinceOf(given.since, systemClock.now());
    if (since === undefined) throw new ExitFault(2, `--since is 90m, 24h, 7d or a date such as 2026-11-22, not "${given.since}"`);
    const candidate = await candidateOf(given.cell, given.data, given.cells);
    try {
      const replay = readingJournal(given.data, (reader) => replayCell(reader, candidate.cell, since));
      if (!replay.ok) throw new ExitFault(2, replay.error.detail);
      process.stdout.write(`${given.json ? plainJson(replay.value) : cellReplayText(replay.value)}\n`);
      process.exitCode = isClean(replay.value) ? 0 : 1;
    } finally {
      candidate.forget();
    }
  },
});

const isClean = ({ differing, unjudged }: CellReplay): boolean => differing.length === 0 && unjudged.length === 0;

type Candidate = { readonly cell: PreparedCell; readonly forget: () => void };

async function candidateOf(named: string, dataDirectory: string, shipped: string | undefined): Promise<Candidate> {
  const at = /^([a-z][a-z0-9-]*)@([0-9][0-9A-Za-z.-]*)$/.exec(named);
  if (at === null) return await preparedFrom(named);
  const found = new CellRegistry(rootsOf(dataDirectory, shipped)).find(at[1] as string, at[2] as string);
  if (!found.ok) throw new ExitFault(2, found.error.detail);
  return { cell: found.value, forget: () => {} };
}

/** Prepared in a folder of its own, which goes again. Nobody needs to trust its key: it only answers here. */
async function preparedFrom(path: string): Promise<Candidate> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new ExitFault(2, `${path} cannot be read; name a cell's file, or NAME@VERSION`);
  }
  const file = readCellFile(bytes);
  if (!file.ok) throw new ExitFault(2, `${path}: ${file.error.detail}`);
  const prepared = await prepareCell(file.value);
  if (!prepared.ok) throw new ExitFault(2, `${path}: ${prepared.error.detail}`);
  const root = mkdtempSync(join(tmpdir(), 'chautari-candidate-'));
  const forget = (): void => rmSync(root, { recursive: true, force: true });
  const { name, version } = file.value.manifest;
  const placed = placeCell(root, file.value.manifest, bytes, prepared.value);
  const read = placed.ok ? readCellFolder(join(root, name, version), name, version, () => true, new SharedTexts(root)) : placed;
  if (read.ok) return { cell: read.value, forget };
  forget();
  throw new ExitFault(2, `${path}: ${read.error.detail}`);
}
