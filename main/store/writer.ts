/**
 * The writer as everybody else sees it: the one door by which anything of the gateway's changes (design, section 6), what it is started
 * with, and what it tells.
 */
import type { Epoch, GatewayId } from '../../ledger-sync/ledger/ids.ts';
import type { Head } from '../../ledger-sync/ledger/journal.ts';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import type { CommandName, Commands } from '../gateway/commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Timers } from '../platform/timers.ts';
import type { Synchronous } from './database.ts';
import type { Mark } from './journal-mark.ts';
import type { SetAsideLimits } from './set-aside.ts';

/** What a commit changed, told after the answers. */
export type Committed = {
  readonly head: Head;
  /** Entry numbers of payments, reversals and openings of this commit, ascending. */
  readonly payments: readonly number[];
  readonly watermark: { readonly received: number; readonly archived: number };
  /** Whether an effect was added or changed. */
  readonly effects: boolean;
  readonly documents: boolean;
  /** Whether another version of a cell is in use. */
  readonly cells: boolean;
  /** Why the journal is fenced, where it is. */
  readonly fenced?: string;
};

/** Each method that a cell decides, with its actions, as the cells' manifests have them. */
export type MethodList = readonly { readonly method: string; readonly actions: readonly string[] }[];

export type WriterState = {
  /** `down`: the thread died too often in a row, or the database is damaged; a person must look, and the process be started again. */
  readonly state: 'serving' | 'starting' | 'down' | 'stopping';
  readonly inFlight: number;
  readonly restarts: number;
  /** Cells that hung since the start, and the methods that are answered without their cell for a while because of it. */
  readonly hangs: number;
  readonly setAside: readonly string[];
  /** Why nothing can be kept now, in words that say what to do; gone with the next thing that was kept. */
  readonly trouble?: string;
};

export interface Writer {
  readonly methods: MethodList;
  execute<C extends CommandName>(command: C, input: Commands[C]['in']): Promise<Commands[C]['out']>;
  onCommitted(listener: (event: Committed) => void): () => void;
  state(): WriterState;
  /** Takes no more, finishes what it accepted, closes the database. */
  stop(): Promise<void>;
}

/** What the thread is given; survives structured cloning. */
export type WriterSetup = {
  readonly databasePath: string;
  /** The release's cells. */
  readonly cellsDirectory: string;
  /** Those that were installed on this box. */
  readonly installedCellsDirectory?: string | undefined;
  readonly gateway: GatewayId;
  readonly currency: Currency;
  readonly printReceipts: boolean;
  readonly groupLimit: number;
  readonly synchronous: Synchronous;
  /** What the journal held when it was last seen. */
  readonly mark?: Mark | undefined;
  /** The words in which the thread tells where it stands; without them nobody watches. */
  readonly progress?: SharedArrayBuffer;
  /** The methods as the thread before this one said them: this one is at its first payment before it has read thousands of cells. */
  readonly methods?: MethodList;
};

export type WriterOptions = Omit<WriterSetup, 'groupLimit' | 'synchronous' | 'mark' | 'progress' | 'methods'> & {
  /** The next three are for a database that is made now; an existing one keeps its own. */
  readonly site: string;
  readonly epoch: Epoch;
  readonly at: number;
  readonly queueLimit?: number;
  readonly groupLimit?: number;
  /** NORMAL breaks I1 and is for measuring alone. */
  readonly synchronous?: Synchronous;
  /** The thread's entry: tests and benches compose other cells. */
  readonly workerUrl?: URL;
  /** A line for the log. */
  readonly onTrouble?: (line: string) => void;
  readonly onHang?: (hang: CellHang) => void;
  readonly timers?: Timers;
  readonly clock?: Clock;
  readonly setAside?: SetAsideLimits;
};

/** A cell that did not come back, as it is told once its request was answered. */
export type CellHang = { readonly method: string; readonly payment: string; readonly elapsedMs: number };
