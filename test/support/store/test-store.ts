/** A real database in a folder of its own, with the use cases over it in this thread: what the writer thread has, without the thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountId } from '../../../ledger-sync/ledger/account.ts';
import type { Epoch, GatewayId, PaymentId } from '../../../ledger-sync/ledger/ids.ts';
import type { Currency } from '../../../ledger-sync/ledger/money.ts';
import { sha256Hex } from '../../../ledger-sync/protocol/sha256.ts';
import type { Cells } from '../../../main/gateway/cells.ts';
import type { CommandName, Commands, TakePayment } from '../../../main/gateway/commands.ts';
import { handlersOf } from '../../../main/gateway/handle.ts';
import { createDatabase, openDatabase } from '../../../main/store/database.ts';
import { GroupCommit, type GroupResult, type Opened } from '../../../main/store/group-commit.ts';
import { fillNewJournal, type NewJournal, storeOf } from '../../../main/store/store.ts';
import { simpleCells } from './simple-cells.ts';

export const NEW_JOURNAL: NewJournal = {
  gateway: 'syabru' as GatewayId,
  epoch: '0123456789abcdef' as Epoch,
  currency: 'NPR' as Currency,
  site: 'Syabru Besi',
  at: 1_000,
};

export const KIOSK = '0123456789';
export const paymentId = (counter: number): PaymentId => `${KIOSK}.${counter}` as PaymentId;
export const accountId = (text: string): AccountId => text as AccountId;

/** A cash sale of 100 unless told otherwise. */
export const payment = (counter: number, changes: Partial<TakePayment> = {}): TakePayment => ({
  id: paymentId(counter),
  method: 'cash',
  action: 'sale',
  amount: 100n,
  currency: 'NPR' as Currency,
  fields: {},
  operator: KIOSK,
  at: 2_000 + counter,
  ...changes,
});

export const opening = (account: string, amount = 0n, changes: Partial<Commands['open-account']['in']> = {}) => ({
  id: `open-${account}` as PaymentId,
  account: accountId(account),
  currency: 'NPR' as Currency,
  opening: amount,
  operator: 'office',
  at: 1_500,
  ...changes,
});

export class TestStore {
  readonly folder: string;
  readonly path: string;
  opened!: Opened;
  group: GroupCommit;
  private readonly cells: Cells;
  private readonly printReceipts: boolean;
  private nextOrder = 1;

  constructor(cells: Cells = simpleCells, printReceipts = false) {
    this.folder = mkdtempSync(join(tmpdir(), 'chautari-store-'));
    this.path = join(this.folder, 'gateway.sqlite');
    this.cells = cells;
    this.printReceipts = printReceipts;
    createDatabase(this.path, (connection) => fillNewJournal(connection, NEW_JOURNAL));
    this.group = new GroupCommit(() => this.open());
  }

  private open(): Opened {
    // NORMAL keeps what a killed process wrote; a test's machine is not going to lose its power.
    const connection = openDatabase(this.path, 'NORMAL');
    const store = storeOf(connection, sha256Hex, this.printReceipts);
    this.opened = { connection, store, handlers: handlersOf(store, this.cells, sha256Hex) };
    return this.opened;
  }

  run(...commands: readonly (readonly [CommandName, Commands[CommandName]['in']])[]): GroupResult {
    return this.group.run(commands.map(([command, input]) => ({ id: this.nextOrder++, command, input })));
  }

  execute<C extends CommandName>(command: C, input: Commands[C]['in']): Commands[C]['out'] {
    return this.run([command, input]).answers[0]?.out as Commands[C]['out'];
  }

  restart(): void {
    this.group.close();
    this.group = new GroupCommit(() => this.open());
  }

  remove(): void {
    this.group.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
