/**
 * One gateway's journal: numbered without gaps, hash-chained (I4, I14). `Head` is where it stands.
 * Invariant: entry n+1 contains the hash of entry n, so a head (number, hash) names the whole history before it.
 */
import { type Entry, type EntryBody, type HashHex, sealEntry } from './entry.ts';
import { type EntryHash, type EntryNumber, type Epoch, type GatewayId, GENESIS } from './ids.ts';
import { err, ok, type Result } from './result.ts';

export type JournalName = { readonly gateway: GatewayId; readonly epoch: Epoch };
/** `number` 0 with GENESIS is an empty journal. */
export type Head = { readonly number: number; readonly hash: EntryHash };

export const EMPTY_HEAD: Head = { number: 0, hash: GENESIS };

export type ChainFault =
  | { readonly code: 'wrong-journal'; readonly expected: JournalName; readonly found: JournalName; readonly number: number }
  | { readonly code: 'wrong-number'; readonly expected: number; readonly found: number }
  | { readonly code: 'wrong-previous'; readonly number: number; readonly expected: EntryHash; readonly found: EntryHash }
  | { readonly code: 'wrong-hash'; readonly number: number; readonly expected: EntryHash; readonly found: EntryHash };

/** The entry that comes next. */
export function append(name: JournalName, head: Head, body: EntryBody, hashHex: HashHex): Entry {
  const number = (head.number + 1) as EntryNumber;
  return sealEntry(body, { gateway: name.gateway, epoch: name.epoch, number, previous: head.hash }, hashHex);
}

export const headOf = (entry: Entry): Head => ({ number: entry.number, hash: entry.hash });

/** Whether `entry` is the next of this journal, by its own content: its hash is computed again. */
export function follows(name: JournalName, head: Head, entry: Entry, hashHex: HashHex): Result<Head, ChainFault> {
  if (entry.gateway !== name.gateway || entry.epoch !== name.epoch) {
    return err({ code: 'wrong-journal', expected: name, found: { gateway: entry.gateway, epoch: entry.epoch }, number: entry.number });
  }
  if (entry.number !== head.number + 1) return err({ code: 'wrong-number', expected: head.number + 1, found: entry.number });
  if (entry.previous !== head.hash) {
    return err({ code: 'wrong-previous', number: entry.number, expected: head.hash, found: entry.previous });
  }
  const hash = sealEntry(entry, entry, hashHex).hash;
  return hash === entry.hash ? ok(headOf(entry)) : err({ code: 'wrong-hash', number: entry.number, expected: hash, found: entry.hash });
}
