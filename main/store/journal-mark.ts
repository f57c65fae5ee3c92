/**
 * The journal's high-water mark beside the database (J5, as far as one folder can): an entry that was seen committed. A database that lost
 * its end (a write-ahead log that was cut, removed or damaged reads as a shorter journal, and SQLite says nothing) or that is gone shows at
 * the next start, before a number or an id is used twice.
 * Invariants: the mark is written after the commit, so it is never ahead of the database; a mark that cannot be read says nothing.
 */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { type EntryHash, type Epoch, parseEntryHash, parseEpoch } from '../../ledger-sync/ledger/ids.ts';
import type { Head } from '../../ledger-sync/ledger/journal.ts';
import type { Timers } from '../platform/timers.ts';
import type { Connection } from './database.ts';
import { hexOf } from './rows.ts';
import { StorageFault } from './storage-fault.ts';

export type Mark = { readonly epoch: Epoch; readonly head: Head };

export const markPathOf = (databasePath: string): string => `${databasePath}.mark`;

/** `epoch number hash` in one line; undefined where there is none, or none that can be read. */
export function readMark(databasePath: string): Mark | undefined {
  let text: string;
  try {
    text = readFileSync(markPathOf(databasePath), 'utf8');
  } catch {
    return undefined;
  }
  const [epoch = '', number = '', hash = ''] = text.trim().split(' ');
  const parsedEpoch = parseEpoch(epoch);
  const parsedHash = parseEntryHash(hash);
  if (!parsedEpoch.ok || !parsedHash.ok || !/^[1-9][0-9]{0,15}$/.test(number)) return undefined;
  return { epoch: parsedEpoch.value, head: { number: Number(number), hash: parsedHash.value } };
}

const WHAT_TO_DO =
  'keep the whole folder and put its newest files back; if they are lost, ask head office for a voucher and enrol with a new data folder';

/** For a database that is not there, although its journal had entries. */
export const goneFault = (databasePath: string, { head }: Mark): StorageFault =>
  new StorageFault('corrupt', `${databasePath} is gone, and its journal had ${head.number} entries or more; ${WHAT_TO_DO}`);

/** What the database lacks of what was seen of it; undefined where it has all of it. */
export function lackOf(connection: Connection, epoch: string, mark: Mark): string | undefined {
  if (mark.epoch !== epoch) return `it is the journal ${epoch}, and ${mark.epoch} was here before`;
  const hash = connection.prepare('SELECT hash FROM entry WHERE number = ?').pluck().get(mark.head.number) as Buffer | undefined;
  if (hash === undefined) {
    const last = (connection.prepare('SELECT max(number) FROM entry').pluck().get() as number | null) ?? 0;
    return `it ends at entry ${last}, and entry ${mark.head.number} was here before`;
  }
  const found = hexOf(hash) as EntryHash;
  return found === mark.head.hash ? undefined : `its entry ${mark.head.number} is not the one that was here before`;
}

export function checkMark(connection: Connection, epoch: string, mark: Mark, databasePath: string): void {
  const lack = lackOf(connection, epoch, mark);
  if (lack !== undefined) throw new StorageFault('corrupt', `${databasePath} lost what it held: ${lack}; ${WHAT_TO_DO}`);
}

const PAUSE_MS = 1_000;

/** Keeps the mark: at once after a pause, and once a second at most. A mark that cannot be written costs no payment. */
export class JournalMark {
  private readonly path: string;
  private readonly epoch: Epoch;
  private readonly timers: Timers;
  private readonly warn: (line: string) => void;
  private latest: Head | undefined;
  private writing: Promise<void> | undefined;
  private resting = false;
  private warned = false;

  constructor(options: {
    readonly databasePath: string;
    readonly epoch: Epoch;
    readonly timers: Timers;
    readonly warn: (line: string) => void;
  }) {
    this.path = markPathOf(options.databasePath);
    this.epoch = options.epoch;
    this.timers = options.timers;
    this.warn = options.warn;
  }

  /** `head` was committed. */
  raise(head: Head): void {
    if (head.number === 0) return;
    this.latest = head;
    if (!this.resting && this.writing === undefined) this.writing = this.write();
  }

  /** Resolves when the last head that was raised is written. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.latest !== undefined) await this.write();
  }

  private async write(): Promise<void> {
    const head = this.latest;
    if (head === undefined) return;
    this.latest = undefined;
    this.resting = true;
    this.timers.setTimer(PAUSE_MS, () => {
      this.resting = false;
      if (this.latest !== undefined) this.raise(this.latest);
    });
    try {
      const draft = `${this.path}.new`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(`${this.epoch} ${head.number} ${head.hash}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.path);
      this.warned = false;
    } catch (fault) {
      if (!this.warned) this.warn(`${this.path} cannot be written (${(fault as Error).message}); payments go on`);
      this.warned = true;
    } finally {
      this.writing = undefined;
    }
  }
}
