/**
 * From rows to what a kiosk would ask: clients are spread over the gateways and stay there; each row becomes one payment request.
 * CASH_IN is a top-up, CASH_OUT a cash-out, PAYMENT a wallet sale to a merchant, TRANSFER and DEBIT transfers to a wallet or a bank.
 * A transfer is one entry in the payer's journal (P9), so a payee of another gateway is made known at the payer's with nothing in it.
 */
import { type AccountId, kindOf } from '../../../ledger-sync/ledger/account.ts';
import type { PaysimAction, PaysimRow } from './paysim.ts';

export type Operation = {
  readonly index: number;
  readonly kind: PaysimAction;
  readonly gateway: number;
  readonly action: 'top-up' | 'cash-out' | 'sale' | 'transfer';
  readonly account: AccountId;
  readonly counterparty?: AccountId;
  readonly amount: bigint;
};

export type Opening = { readonly gateway: number; readonly account: AccountId; readonly amount: bigint };

export type ReplayPlan = {
  readonly operations: readonly Operation[];
  readonly openings: readonly Opening[];
  /** How many clients claimed to begin with less than nothing; they begin with nothing. */
  readonly negativeClaims: number;
};

export function planReplay(rows: readonly PaysimRow[], gateways: readonly string[]): ReplayPlan {
  const homes = new Map<string, number>();
  const claims = new Map<string, bigint>();
  const meet = (client: string, claim: bigint): void => {
    if (homes.has(client)) return;
    homes.set(client, homes.size % gateways.length);
    claims.set(client, claim);
  };
  for (const row of rows) {
    meet(row.origin, row.originClaim);
    if (row.action === 'TRANSFER') meet(row.destination, row.destinationClaim);
  }

  const operations: Operation[] = [];
  const known = new Set<string>();
  const openings: Opening[] = [];
  const floats = gateways.map(() => 0n);
  const open = (gateway: number, account: AccountId, amount: bigint): void => {
    const key = `${gateway} ${account}`;
    if (known.has(key)) return;
    known.add(key);
    openings.push({ gateway, account, amount });
  };
  let negativeClaims = 0;
  for (const [client, gateway] of homes) {
    const claim = claims.get(client) ?? 0n;
    if (claim < 0n) negativeClaims++;
    open(gateway, wallet(client), claim > 0n ? claim : 0n);
  }
  for (const [index, row] of rows.entries()) {
    const gateway = homes.get(row.origin) as number;
    const operation = operationOf(row, index, gateway);
    if (operation.action === 'top-up') floats[gateway] = (floats[gateway] as bigint) + row.amount;
    if (operation.counterparty !== undefined) open(gateway, operation.counterparty, 0n);
    operations.push(operation);
  }
  for (const [gateway, amount] of floats.entries()) open(gateway, `float:${gateways[gateway]}` as AccountId, amount);
  return { operations, openings, negativeClaims };
}

const wallet = (client: string): AccountId => `wallet:${client}` as AccountId;

function operationOf(row: PaysimRow, index: number, gateway: number): Operation {
  const base = { index, kind: row.action, gateway, account: wallet(row.origin), amount: row.amount };
  switch (row.action) {
    case 'CASH_IN':
      return { ...base, action: 'top-up' };
    case 'CASH_OUT':
      return { ...base, action: 'cash-out' };
    case 'PAYMENT':
      return { ...base, action: 'sale', counterparty: `merchant:${row.destination}` as AccountId };
    case 'TRANSFER':
      return { ...base, action: 'transfer', counterparty: wallet(row.destination) };
    case 'DEBIT':
      return { ...base, action: 'transfer', counterparty: `bank:${row.destination}` as AccountId };
  }
}

/** The wallets whose order matters: two operations that share one are sent one after the other, as its owner would. */
export function orderedAccounts(operation: Operation): readonly AccountId[] {
  const { account, counterparty } = operation;
  return counterparty !== undefined && kindOf(counterparty) === 'wallet' ? [account, counterparty] : [account];
}
