/**
 * A made-up site that a cell decides on: accounts with what is available of them, the state of each partition, and what can be refunded.
 * An approval is posted to it, so that the next request finds what the last one left. It keeps no invariant of money: the host's checks
 * ran before, and the real ledger is elsewhere.
 */
import type { CellDecision, CellFacts, CellPayment, CellStateWrite } from '../cell-host/cell.ts';
import type { TrialAccount, TrialCases } from './try-cases.ts';

const SITE = 'syabru';
const SITE_ROLES = ['drawer', 'sales', 'agency', 'takings', 'float'] as const;
const NOTHING: TrialAccount = { available: '0', currency: 'NPR', open: true, limit: '0' };

type Row = { available: bigint; readonly currency: string; readonly open: boolean; readonly limit: bigint };

function rowOf(account: TrialAccount): Row {
  return { available: BigInt(account.available), currency: account.currency, open: account.open, limit: BigInt(account.limit) };
}

export class TrialLedger {
  readonly #method: string;
  readonly #accounts = new Map<string, Row>();
  readonly #state = new Map<string, Map<string, Uint8Array>>();
  readonly #refundable = new Map<string, bigint>();
  readonly #payments = new Map<string, CellPayment>();

  constructor(method: string, { accounts, refundable }: Pick<TrialCases, 'accounts' | 'refundable'>) {
    this.#method = method;
    for (const role of SITE_ROLES) this.#accounts.set(`${role}:${SITE}`, rowOf(NOTHING));
    this.change(accounts);
    for (const [id, amount] of Object.entries(refundable)) this.#refundable.set(id, BigInt(amount));
  }

  change(accounts: Readonly<Record<string, TrialAccount | null>>): void {
    for (const [id, account] of Object.entries(accounts)) {
      if (account === null) this.#accounts.delete(id);
      else this.#accounts.set(id, rowOf(account));
    }
  }

  /** `partition`: the account or the device that the request is about. */
  keep(partition: string, state: ReadonlyMap<string, Uint8Array>): void {
    const kept = this.#state.get(partition) ?? new Map<string, Uint8Array>();
    for (const [key, value] of state) kept.set(key, value);
    this.#state.set(partition, kept);
  }

  /** The fields that a gateway adds to a client's. */
  fields(refersTo: string | undefined): { name: string; value: string }[] {
    const fields = SITE_ROLES.map((role) => ({ name: `site.${role}`, value: `${role}:${SITE}` }));
    const original = refersTo === undefined ? undefined : this.#payments.get(refersTo);
    if (original === undefined) return fields;
    const { action, account, counterparty } = original;
    for (const [name, value] of Object.entries({ method: this.#method, action, account, counterparty })) {
      fields.push({ name: `original.${name}`, value });
    }
    return fields;
  }

  facts(partition: string): CellFacts {
    return {
      find: (id) => {
        const row = this.#accounts.get(id);
        return row === undefined
          ? undefined
          : { id, kind: id.slice(0, id.indexOf(':')), currency: row.currency, limit: row.limit, open: row.open };
      },
      available: (id) => this.#accounts.get(id)?.available ?? 0n,
      refundable: (id) => this.#refundable.get(id) ?? 0n,
      stateGet: (key) => this.#state.get(partition)?.get(key),
    };
  }

  post(payment: CellPayment, decision: CellDecision & { outcome: 'approved' }, refunds: boolean): void {
    for (const { account, amount } of decision.approval.postings) {
      const row = this.#accounts.get(account);
      if (row !== undefined) row.available -= amount;
    }
    this.write(payment.account, decision.stateWrites);
    this.#payments.set(payment.id, payment);
    if (refunds && payment.refersTo !== undefined) {
      this.#refundable.set(payment.refersTo, (this.#refundable.get(payment.refersTo) ?? 0n) - payment.amount);
    } else this.#refundable.set(payment.id, payment.amount);
  }

  write(partition: string, writes: readonly CellStateWrite[]): void {
    const kept = this.#state.get(partition) ?? new Map<string, Uint8Array>();
    for (const { key, value } of writes) {
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
    }
    this.#state.set(partition, kept);
  }
}
