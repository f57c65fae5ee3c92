/**
 * The main thread's end of the writer thread: a bounded queue of commands, answered after their commit.
 * Invariants: an answer means that what it says is durable (I1); past the queue's limit a command is refused at once with `busy` (I13);
 * a thread that dies answers everything in flight with `storage` and is started again.
 */

import type { Head } from '../../ledger-sync/ledger/journal.ts';
import type { CommandName, Commands } from '../gateway/commands.ts';

/** What a commit changed, told after the answers. */
export type Committed = {
  readonly head: Head;
  /** Entry numbers of payments, reversals and openings of this commit, ascending. */
  readonly payments: readonly number[];
  readonly watermark: { readonly received: number; readonly archived: number };
  /** Whether an effect was added or changed. */
  readonly effects: boolean;
  readonly documents: boolean;
  /** Why the journal is fenced, where it is. */
  readonly fenced?: string;
};

export interface Writer {
  execute<C extends CommandName>(command: C, input: Commands[C]['in']): Promise<Commands[C]['out']>;
  onCommitted(listener: (event: Committed) => void): () => void;
  /** Takes no more, finishes what it accepted, closes the database. */
  stop(): Promise<void>;
}

/** Each method that a cell decides, with its actions, as the cells' manifests have them. */
export type MethodList = readonly { readonly method: string; readonly actions: readonly string[] }[];
