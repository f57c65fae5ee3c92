/**
 * Group commit (J10): a run of commands in one transaction, each in a savepoint where it is not alone, answered after the COMMIT; what
 * they made of the balances is written once, before it. Knows no threads.
 * Invariants: no command is answered as done before its commit (I1); a command that fails leaves nothing behind and hurts no other;
 * after an error of BEGIN or COMMIT everybody is answered `storage` and the database is opened again.
 */
import { err } from '../../ledger-sync/ledger/result.ts';
import type { CommandFault, CommandName, Commands } from '../gateway/commands.ts';
import type { Handlers } from '../gateway/handle.ts';
import type { Connection } from './database.ts';
import { diskTroubleOf, StorageFault, sqliteCodeOf, sqliteErrorOf } from './storage-fault.ts';
import type { GatewayStore } from './store.ts';
import type { Committed } from './writer.ts';

export type Order = { readonly id: number; readonly command: CommandName; readonly input: Commands[CommandName]['in'] };
export type Answer = { readonly id: number; readonly out: Commands[CommandName]['out'] };
export type GroupResult = {
  readonly answers: readonly Answer[];
  /** Absent where nothing was changed. */
  readonly committed?: Committed;
  /** One line each, for the log: what SQLite said, and defects of ours. */
  readonly troubles: readonly string[];
  /** What this run taught about the disk; absent where it wrote nothing and failed at nothing. */
  readonly disk?: DiskState;
};
/** `damaged` is for a person: the database must not be written any more. */
export type DiskState = { readonly state: 'works' } | { readonly state: 'failing' | 'damaged'; readonly detail: string };

export type Opened = { readonly connection: Connection; readonly store: GatewayStore; readonly handlers: Handlers };

type Statements = Readonly<Record<'begin' | 'commit' | 'savepoint' | 'release' | 'undo' | 'rollback', { run(): unknown }>> & {
  readonly changes: { get(): unknown };
};

const storageFault = (detail: string): CommandFault => ({
  code: 'storage',
  detail: `nothing was changed (${detail}); ask again with the same id`,
});

export class GroupCommit {
  private readonly open: () => Opened;
  private readonly begins: (order: number) => void;
  private opened: (Opened & { readonly sql: Statements }) | undefined;
  /** The worst of the run. */
  private disk: DiskState | undefined;

  /**
   * `open` is called at once, and again after the connection was given up; `begins` with each order's id before it is done. In the place of a
   * thread that ended (`isAnother`) a disk that fails just now is waited out as in the midst of the work: orders are answered `storage`.
   */
  constructor(open: () => Opened, begins: (order: number) => void = () => {}, isAnother = false) {
    this.open = open;
    this.begins = begins;
    try {
      this.opened = this.openAgain();
    } catch (error) {
      if (!isAnother || diskTroubleOf(error) !== 'failing') throw error;
    }
  }

  run(orders: readonly Order[]): GroupResult {
    const troubles: string[] = [];
    this.disk = undefined;
    try {
      this.opened ??= this.openAgain();
    } catch (error) {
      return this.nobody(orders, troubles, error);
    }
    const { store, sql } = this.opened;
    try {
      sql.begin.run();
      const before = store.head().number;
      const changesBefore = sql.changes.get();
      // Alone in its transaction, a command needs no savepoint: what undoes it undoes the whole.
      const isAlone = orders.length === 1;
      if (!isAlone) store.holdBalances();
      const answers = orders.map((order) => ({ id: order.id, out: this.one(order, isAlone, troubles) }));
      if (!isAlone) store.writeBalances();
      sql.commit.run();
      const changed = sql.changes.get() !== changesBefore;
      if (!changed) return this.withDisk({ answers, troubles });
      this.disk ??= { state: 'works' };
      return this.withDisk({ answers, committed: this.committed(before), troubles });
    } catch (error) {
      return this.nobody(orders, troubles, error);
    }
  }

  /** Runs one command, in its savepoint where there are others. Throws where the whole transaction is gone. */
  private one(order: Order, isAlone: boolean, troubles: string[]): Commands[CommandName]['out'] {
    const { connection, store, handlers, sql } = this.opened as Opened & { readonly sql: Statements };
    if (!isAlone) {
      sql.savepoint.run();
      store.beginCommand();
    }
    this.begins(order.id);
    try {
      const handle = handlers[order.command] as (input: Commands[CommandName]['in']) => Commands[CommandName]['out'];
      const out = handle(order.input);
      if (!isAlone) sql.release.run();
      return out;
    } catch (error) {
      store.forget();
      // SQLite may have rolled everything back by itself: a full disk, an error of the disk.
      if (!connection.inTransaction) throw error;
      if (isAlone) {
        sql.rollback.run();
        sql.begin.run();
      } else {
        sql.undo.run();
        sql.release.run();
      }
      this.learn(error);
      troubles.push(`${order.command}: ${describe(error)}`);
      return err(storageFault(sqliteCodeOf(error) ?? 'a fault of this program'));
    }
  }

  private committed(before: number): Committed {
    const { store } = this.opened as Opened;
    const head = store.head();
    const watermark = store.watermark();
    const fenced = store.fenced();
    return {
      head,
      payments: Array.from({ length: head.number - before }, (_, index) => before + 1 + index),
      watermark: { received: watermark.received.number, archived: watermark.archived },
      ...store.takeChanges(),
      ...(fenced === undefined ? {} : { fenced }),
    };
  }

  private nobody(orders: readonly Order[], troubles: string[], error: unknown): GroupResult {
    troubles.push(describe(error));
    this.learn(error);
    this.giveUp();
    const fault = storageFault(error instanceof StorageFault ? error.message : (sqliteCodeOf(error) ?? 'a fault of this program'));
    return this.withDisk({ answers: orders.map(({ id }) => ({ id, out: err(fault) })), troubles });
  }

  private learn(error: unknown): void {
    const state = diskTroubleOf(error);
    if (state === undefined || this.disk?.state === 'damaged') return;
    const cause = sqliteErrorOf(error);
    this.disk = { state, detail: cause === undefined ? (error as Error).message : `${cause.code} ${cause.message}` };
  }

  private withDisk(result: GroupResult): GroupResult {
    return this.disk === undefined ? result : { ...result, disk: this.disk };
  }

  private openAgain(): Opened & { readonly sql: Statements } {
    const opened = this.open();
    const prepare = (sql: string) => opened.connection.prepare(sql);
    return {
      ...opened,
      sql: {
        begin: prepare('BEGIN IMMEDIATE'),
        commit: prepare('COMMIT'),
        savepoint: prepare('SAVEPOINT command'),
        release: prepare('RELEASE command'),
        undo: prepare('ROLLBACK TO command'),
        rollback: prepare('ROLLBACK'),
        changes: prepare('SELECT total_changes()').pluck(),
      },
    };
  }

  /** Closing rolls back what is open. */
  private giveUp(): void {
    const connection = this.opened?.connection;
    this.opened = undefined;
    try {
      connection?.close();
    } catch {
      // A connection that cannot even be closed is left to the end of the process; the next one stands on its own.
    }
  }

  close(): void {
    this.giveUp();
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? (sqliteErrorOf(error)?.message ?? error.stack ?? error.message) : String(error);
