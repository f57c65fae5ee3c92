/**
 * Balances that a group of commands changed and that are not in their table yet: a busy account changes with every payment of a group and
 * is written once, before the COMMIT.
 * Invariants: while they are held, they are the only truth about their accounts' balances, whatever the table says; a command that is
 * undone takes back what it changed of them, and nothing else.
 */
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { Minor } from '../../ledger-sync/ledger/money.ts';

export type BalanceRow = { readonly balance: Minor; readonly at: number };

export class UnwrittenBalances {
  /** Whether a group is running. Outside of one each balance is written at once. */
  isHolding = false;
  private readonly rows = new Map<AccountId, BalanceRow>();
  /** What the running command found in the place of what it changed, in order. */
  private readonly before: (readonly [AccountId, BalanceRow | undefined])[] = [];

  hold(): void {
    this.rows.clear();
    this.before.length = 0;
    this.isHolding = true;
  }

  beginCommand(): void {
    this.before.length = 0;
  }

  of(account: AccountId): BalanceRow | undefined {
    return this.rows.get(account);
  }

  set(account: AccountId, row: BalanceRow): void {
    this.before.push([account, this.rows.get(account)]);
    this.rows.set(account, row);
  }

  undoCommand(): void {
    for (const [account, row] of this.before.toReversed()) {
      if (row === undefined) this.rows.delete(account);
      else this.rows.set(account, row);
    }
    this.before.length = 0;
  }

  writeAll(write: (account: AccountId, row: BalanceRow) => void): void {
    for (const [account, row] of this.rows) write(account, row);
    this.rows.clear();
    this.before.length = 0;
    this.isHolding = false;
  }
}
