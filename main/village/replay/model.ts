/**
 * What must come out: a fold of our own, written apart from the ledger's, in the plainest arithmetic. It says of each operation whether
 * it must be approved, and of each account at each gateway what it must hold.
 */
import type { Opening, Operation } from './operations.ts';

export type Expected = 'approved' | 'not-enough' | 'to-oneself' | 'not-an-amount';

/** Sum of postings (debit > 0) by gateway index and account. */
export class Model {
  readonly balances: Map<string, bigint>[];
  readonly entries: number[];
  private readonly names: readonly string[];

  constructor(gateways: readonly string[]) {
    this.names = gateways;
    this.balances = gateways.map(() => new Map());
    this.entries = gateways.map(() => 0);
  }

  open({ gateway, account, amount }: Opening): void {
    this.entries[gateway] = (this.entries[gateway] ?? 0) + 1;
    if (amount === 0n) return;
    this.move(gateway, `opening:${this.names[gateway]}`, account, amount);
  }

  /** Decides and applies the operation. Operations that share a wallet must be told in the order in which they are sent. */
  apply(operation: Operation): Expected {
    const { gateway, account, counterparty, amount, action } = operation;
    const name = this.names[gateway];
    if (amount <= 0n) return 'not-an-amount';
    if (account === counterparty) return 'to-oneself';
    if (action !== 'top-up' && this.held(gateway, account) < amount) return 'not-enough';
    this.entries[gateway] = (this.entries[gateway] ?? 0) + 1;
    switch (action) {
      case 'top-up':
        this.move(gateway, `float:${name}`, account, amount);
        this.move(gateway, `drawer:${name}`, `agency:${name}`, amount);
        break;
      case 'cash-out':
        this.move(gateway, account, `float:${name}`, amount);
        this.move(gateway, `agency:${name}`, `drawer:${name}`, amount);
        break;
      case 'sale':
      case 'transfer':
        this.move(gateway, account, counterparty as string, amount);
        break;
    }
    return 'approved';
  }

  private held(gateway: number, account: string): bigint {
    return -(this.balances[gateway]?.get(account) ?? 0n);
  }

  private move(gateway: number, debited: string, credited: string, amount: bigint): void {
    const balances = this.balances[gateway] as Map<string, bigint>;
    balances.set(debited, (balances.get(debited) ?? 0n) + amount);
    balances.set(credited, (balances.get(credited) ?? 0n) - amount);
  }
}
