/** The journal as the agent reads it, and how a head of the centre stands to it (J4). */
import type { Entry } from '../ledger/entry.ts';
import { GENESIS } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import type { Standing } from './machine-types.ts';

/** `entriesAfter` gives what is there of (number, number + limit], in order. */
export interface JournalSource {
  head(): Head;
  name(): JournalName;
  entriesAfter(number: number, limit: number): readonly Entry[];
  watermark(): { readonly received: Head; readonly archived: number };
}

export class JournalReader {
  private readonly source: JournalSource;
  private last: Head | undefined;

  constructor(source: JournalSource) {
    this.source = source;
  }

  /** The entry that was read last: mostly the next one asked for. */
  remember(entry: Head): void {
    this.last = { number: entry.number, hash: entry.hash };
  }

  /** Undefined where the entry is not in the journal, or not any more. */
  headAt(number: number): Head | undefined {
    if (number === 0) return { number, hash: GENESIS };
    if (this.last?.number === number) return this.last;
    const { received } = this.source.watermark();
    if (received.number === number) return received;
    const entry = this.source.entriesAfter(number - 1, 1)[0];
    return entry?.number === number ? { number, hash: entry.hash } : undefined;
  }

  /** What was pruned was archived, so it is known to be shared. */
  standingOf(head: Head): Standing {
    if (head.number > this.source.head().number) return 'ahead';
    const own = this.headAt(head.number);
    return own === undefined || own.hash === head.hash ? 'ancestor' : 'diverged';
  }
}
