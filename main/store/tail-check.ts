/**
 * A look at the journal's last entries at each start: cheap on any journal, and where a torn write or a bad block would show first.
 * `chautari verify` looks at all of it.
 */
import { type EntryHash, GENESIS } from '../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD, follows, type Head, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { Connection } from './database.ts';
import { ENTRY_COLUMNS, type EntryRow, entriesOf, hexOf, type PostingRow } from './rows.ts';
import { StorageFault } from './storage-fault.ts';

const TAIL = 64;

/** Throws `corrupt` where the last entries are not those that were hashed. */
export function checkTail(connection: Connection, name: JournalName, path: string): void {
  const last = (connection.prepare('SELECT max(number) FROM entry').pluck().get() as number | null) ?? 0;
  const before = Math.max(last - TAIL, 0);
  const rows = connection
    .prepare(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE number >= ? ORDER BY number`)
    .safeIntegers()
    .all(before) as EntryRow[];
  const lines = connection
    .prepare('SELECT entry, account, amount FROM posting WHERE entry > ? ORDER BY entry, line')
    .safeIntegers()
    .all(before) as PostingRow[];
  const [first] = rows;
  let head: Head = before === 0 || first === undefined ? EMPTY_HEAD : { number: before, hash: hexOf(first.hash) as EntryHash };
  if (before > 0 && head.hash === GENESIS) throw damaged(path, before);
  for (const entry of entriesOf(name, before, rows, lines)) {
    const next = follows(name, head, entry, sha256Hex);
    if (!next.ok) throw damaged(path, entry.number);
    head = next.value;
  }
  if (head.number !== last) throw damaged(path, last);
}

const damaged = (path: string, number: number): StorageFault =>
  new StorageFault(
    'corrupt',
    `${path} is damaged (entry ${number} is not what was written); keep the file, run "chautari verify", and restore this box from head office's copy`,
  );
