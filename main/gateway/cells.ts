/**
 * What the use cases make of the cell host: the partition that a request opens to its cell, and a cell's failure in the words of a
 * decline. The host has checked an approval against its manifest by the time it is here (I10).
 */
import { type AccountId, type AccountKind, available, kindOf, parseAccountId } from '../../ledger-sync/ledger/account.ts';
import type { PaymentId } from '../../ledger-sync/ledger/ids.ts';
import type { Result } from '../../ledger-sync/ledger/result.ts';
import type { CellDecline, CellFacts, CellFault, CellHost } from '../cell-host/cell.ts';
import type { Book } from './book.ts';
import type { DeclineReason } from './commands.ts';
import type { CellRef } from './trace.ts';

export type CellVersion = { readonly manifest: { readonly version: string }; readonly digest: string };

export type Cells = Pick<CellHost, 'decide'> & {
  methods(): readonly { readonly method: string; readonly actions: readonly string[] }[];
  opens?(method: string, action: string): AccountKind | undefined;
  /** A method's actions; where it is missing, `methods` says them. */
  actionsOf?(method: string): readonly string[] | undefined;
  /** A version that could be put into use, of any world; missing where cells are not switched. */
  candidate?(name: string, version: string): Result<CellVersion, { readonly code: string; readonly detail: string }>;
  /** The version in use, of any world. */
  inUse?(name: string): CellVersion | undefined;
  /** Lines for the log, each once. */
  takeTroubles?(): string[];
  /** Reads and compiles what a run of the method needs, ahead of it: what it takes is not the cell's time. */
  ready?(method: string): void;
  /** Whether the method's cell is of the class slow. */
  isSlow?(method: string): boolean;
  /** The version that decides a method now. */
  cellOf?(method: string): CellRef | undefined;
};

/** A cell's partition: one cell's state about one affinity key. */
export const partitionOf = (method: string, account: AccountId): string => `${method}/${account}`;

export function factsOf(book: Pick<Book, 'account' | 'balance' | 'remaining' | 'cellState'>, partition: string): CellFacts {
  const find = (id: string) => {
    const parsed = parseAccountId(id);
    return parsed.ok ? book.account(parsed.value) : undefined;
  };
  return {
    find: (id) => {
      const account = find(id);
      if (account === undefined) return undefined;
      return { id, kind: kindOf(account.id), currency: account.currency, limit: -account.floor, open: account.open };
    },
    available: (id) => {
      const account = find(id);
      return account === undefined ? 0n : available(account.id, book.balance(account.id), account.floor);
    },
    refundable: (payment) => book.remaining(payment as PaymentId)?.remaining ?? 0n,
    stateGet: (key) => book.cellState(partition, key),
  };
}

export const reasonOfDecline = ({ tag, detail, availableHere }: CellDecline): DeclineReason => ({
  code: tag,
  detail,
  ...(availableHere === undefined ? {} : { availableHere }),
});

/** A cell that failed declines: the request fails alone, and for good under its id (K2). */
export function reasonOfFailure(method: string, { code, detail }: CellFault): DeclineReason {
  switch (code) {
    case 'limit':
      return { code: 'budget', detail: `the cell ${method} used up what it may use: ${detail}` };
    case 'bad-request':
      return { code: 'invalid', detail };
    case 'trap':
      return { code: 'not-allowed', detail: `the cell ${method} broke: ${detail}` };
    default:
      return { code: 'not-allowed', detail: `the cell ${method} decided what it may not (${code}): ${detail}` };
  }
}
