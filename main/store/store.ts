/** Everything the use cases write, over one connection: the journal's tables and those beside them. */
import { type Account, kindOf, type SiteAccounts, siteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import { type Epoch, type GatewayId, GENESIS } from '../../ledger-sync/ledger/ids.ts';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import type { Store } from '../gateway/handle.ts';
import { CellSwitchTable } from './cell-switch-table.ts';
import type { Connection } from './database.ts';
import { JournalTables } from './journal-tables.ts';
import { LeaseTables } from './lease-tables.ts';
import { bytesOf } from './rows.ts';
import { SideTables } from './side-tables.ts';
import { TraceTables } from './trace-tables.ts';

export type GatewayStore = Store &
  Pick<JournalTables, 'holdBalances' | 'beginCommand' | 'writeBalances'> & {
    readonly forget: () => void;
    readonly takeChanges: () => Changes;
  };

/** What a commit changed beside the money. */
export type Changes = ReturnType<SideTables['takeChanges']> & { readonly cells: boolean };

/** Keys of a cell's state that the host lends. */
const LENT = 'host.';

export function storeOf(connection: Connection, hashHex: HashHex, printReceipts: boolean): GatewayStore {
  const journal = new JournalTables(connection, hashHex, printReceipts);
  const side = new SideTables(connection);
  const switches = new CellSwitchTable(connection);
  const leases = new LeaseTables(connection);
  const traces = new TraceTables(connection, journal.site.accounts);
  return {
    site: journal.site,
    head: () => journal.head(),
    fenced: () => journal.fenced(),
    account: (id) => journal.account(id),
    balance: (id) => journal.balance(id),
    remaining: (id) => journal.remaining(id),
    recorded: (id) => journal.recorded(id),
    entryOfPayment: (id) => journal.entryOfPayment(id),
    addAccount: (account, at) => journal.addAccount(account, at),
    nameAccount: (account, name) => journal.nameAccount(account, name),
    post: (body) => journal.post(body),
    recordApproval: (entry, bodyHash, receipt, trace) => journal.recordApproval(entry, bodyHash, receipt, trace),
    recordDecline: (id, bodyHash, reason, at, trace) => journal.recordDecline(id, bodyHash, reason, at, trace),
    keepTrace: (trace) => traces.keepTrace(trace),
    recordHang: (hang) => traces.recordHang(hang),
    hashAt: (number) => journal.hashAt(number),
    watermark: () => journal.watermark(),
    raiseWatermark: (received, archived, at) => journal.raiseWatermark(received, archived, at),
    fence: (reason, at) => journal.fence(reason, at),
    cellState: (partition, key) => (key.startsWith(LENT) ? leases.lent(partition, key) : side.cellState(partition, key)),
    lease: (partition) => leases.lease(partition),
    leaseNumbered: (number) => leases.leaseNumbered(number),
    addLease: (lease, at) => leases.addLease(lease, at),
    keepCellWrites: (partition, state, outbox) => side.keepCellWrites(partition, state, outbox),
    chosen: (name) => switches.chosen(name),
    switchCell: (name, choice, who, at) => switches.switchCell(name, choice, who, at),
    addReceipt: (payment, at) => side.addReceipt(payment, at),
    effect: (id) => side.effect(id),
    moveEffect: (id, state, at, detail) => side.moveEffect(id, state, at, detail),
    liveSessions: () => side.liveSessions(),
    sessionOfToken: (tokenHash) => side.sessionOfToken(tokenHash),
    tokenOfSession: (session) => side.tokenOfSession(session),
    addSession: (row) => side.addSession(row),
    revokeSession: (tokenHash, at) => side.revokeSession(tokenHash, at),
    saveDocument: (name, bytes, acknowledged, at) => side.saveDocument(name, bytes, acknowledged, at),
    saveSetting: (key, value) => side.saveSetting(key, value),
    holdBalances: () => journal.holdBalances(),
    beginCommand: () => journal.beginCommand(),
    writeBalances: () => journal.writeBalances(),
    forget: () => {
      journal.forget();
      switches.forget();
      traces.forget();
    },
    takeChanges: () => ({ ...side.takeChanges(), cells: switches.takeChanged() }),
  };
}

export type NewJournal = {
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly currency: Currency;
  readonly site: string;
  readonly at: number;
};

/** The first rows of a new database: the journal's name, its empty watermark, and the accounts that every site has from the start. */
export function fillNewJournal(connection: Connection, journal: NewJournal): void {
  connection
    .prepare('INSERT INTO journal (one, gateway, epoch, currency) VALUES (1, ?, ?, ?)')
    .run(journal.gateway, journal.epoch, journal.currency);
  connection
    .prepare('INSERT INTO watermark (one, received, received_hash, archived, at) VALUES (1, 0, ?, 0, ?)')
    .run(bytesOf(GENESIS), journal.at);
  if (journal.site !== '') connection.prepare("INSERT INTO setting (key, value) VALUES ('site', ?)").run(journal.site);
  const addAccount = connection.prepare('INSERT INTO account (id, currency, floor, open) VALUES (?, ?, 0, 1)');
  const addBalance = connection.prepare('INSERT INTO balance (account, amount, ceiling, at) VALUES (?, 0, ?, ?)');
  for (const account of accountsFromTheStart(siteAccounts(journal.gateway), journal.currency)) {
    addAccount.run(account.id, account.currency);
    addBalance.run(account.id, kindOf(account.id) === 'takings' ? 0 : null, journal.at);
  }
}

const accountsFromTheStart = (site: SiteAccounts, currency: string): Account[] =>
  Object.values(site)
    .filter((id) => kindOf(id) !== 'float')
    .map((id) => ({ id, currency, floor: 0n, open: true }));
