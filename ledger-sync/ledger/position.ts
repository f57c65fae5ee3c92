/**
 * The fold: positions, accounts and refundable remainders of one journal, rebuilt from its entries (I5). The store keeps the same figures
 * in tables; `chautari verify` compares the two. Folding never refuses: what is in the journal has happened.
 */
import { type Account, type AccountId, kindOf, siteAccounts } from './account.ts';
import type { EntryBody } from './entry.ts';
import type { PaymentId } from './ids.ts';
import { floorAfter, openedFloor } from './limit.ts';
import type { Minor } from './money.ts';
import { type PartitionFacts, type Remaining, remainingChange } from './rules.ts';

export class Positions implements PartitionFacts {
  private readonly accounts = new Map<AccountId, Account>();
  private readonly balances = new Map<AccountId, Minor>();
  private readonly remainders = new Map<PaymentId, Remaining>();

  account(id: AccountId): Account | undefined {
    return this.accounts.get(id);
  }

  balance(id: AccountId): Minor {
    return this.balances.get(id) ?? 0n;
  }

  remaining(id: PaymentId): Remaining | undefined {
    return this.remainders.get(id);
  }

  /** Makes an account known without an entry: the site's own accounts exist from the start. */
  addAccount(account: Account): void {
    this.accounts.set(account.id, account);
  }

  apply(body: EntryBody): void {
    const own = this.accounts.get(body.account);
    if (own === undefined) {
      if (body.action === 'open') this.addAccount({ id: body.account, currency: body.currency, floor: openedFloor(body), open: true });
    } else {
      const floor = floorAfter(body, own.floor);
      if (floor !== own.floor) this.addAccount({ ...own, floor });
    }
    for (const { account, amount } of body.postings) this.balances.set(account, this.balance(account) + amount);
    const change = remainingChange(body);
    if (change?.kind === 'opens') {
      this.remainders.set(change.payment, { amount: change.amount, remaining: change.amount, action: body.action });
    } else if (change?.kind === 'lowers') {
      const original = this.remainders.get(change.payment);
      if (original !== undefined) this.remainders.set(change.payment, { ...original, remaining: original.remaining - change.by });
    }
  }

  /** Every account with a posting, sorted by id: for comparing two folds. */
  balanceList(): readonly (readonly [AccountId, Minor])[] {
    return [...this.balances].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  }
}

/** An empty partition with its site's accounts. The float is not among them: it is opened with what it holds, as wallets are. */
export function sitePositions(gateway: string, currency: string): Positions {
  const positions = new Positions();
  for (const id of Object.values(siteAccounts(gateway))) {
    if (kindOf(id) !== 'float') positions.addAccount({ id, currency, floor: 0n, open: true });
  }
  return positions;
}

export function fold(positions: Positions, entries: Iterable<EntryBody>): Positions {
  for (const entry of entries) positions.apply(entry);
  return positions;
}
