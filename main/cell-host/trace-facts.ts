/** The facts of a request as its trace has them: what a decision is run again on. A fact that was not read then cannot be known now. */
import type { CellAccount, CellFacts, CellTrace } from './cell.ts';
import { FactsError } from './cell-imports.ts';

function recorded<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new FactsError(`the trace has no reading of ${what}: another version of the cell asks for more than the one that decided`);
}

/** Throws a FactsError where a cell asks for what is not recorded; `decide` passes it on. */
export function factsFromTrace({ reads }: Pick<CellTrace, 'reads'>): CellFacts {
  const accounts = new Map(reads.accounts.map((account) => [account.id, account]));
  const refundable = new Map(reads.refundable.map(({ id, amount }) => [id, amount]));
  const state = new Map(reads.state.map(({ key, value }) => [key, value]));
  return {
    find: (id): CellAccount | undefined => {
      const { found } = recorded(accounts.get(id), `the account ${id}`);
      return found === null ? undefined : { id, kind: found.kind, currency: found.currency, limit: BigInt(found.limit), open: found.open };
    },
    available: (id) => BigInt(recorded(accounts.get(id)?.available, `what is available of ${id}`)),
    refundable: (id) => BigInt(recorded(refundable.get(id), `what is refundable of ${id}`)),
    stateGet: (key) => {
      const value = recorded(state.get(key), `the state ${JSON.stringify(key)}`);
      return value === null ? undefined : new Uint8Array(Buffer.from(value, 'hex'));
    },
  };
}
