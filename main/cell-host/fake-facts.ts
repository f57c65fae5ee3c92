/** A site with a few accounts, in memory: the facts that tests (and an author's trials) give to a cell. */
import type { CellAccount, CellFacts, CellPayment } from './cell.ts';

export const SITE_FIELDS = ['drawer', 'sales', 'agency', 'takings', 'float'].map((role) => ({
  name: `site.${role}`,
  value: `${role}:syabru`,
}));

type AccountRow = { available?: bigint; currency?: string; open?: boolean; limit?: bigint };

const ROWS: Record<string, AccountRow> = {
  'wallet:W-1042': { available: 50_000n },
  'wallet:W-1077': { available: 100n },
  'wallet:W-closed': { available: 900n, open: false },
  'wallet:W-euro': { available: 900n, currency: 'EUR' },
  'merchant:tea': { available: 700n },
  'merchant:closed': { available: 0n, open: false },
  'bank:nabil': {},
  'takings:syabru': { available: 2_000n },
  'float:syabru': { available: 30_000n },
  'drawer:syabru': {},
  'sales:syabru': {},
  'agency:syabru': {},
  'khata:K-1': { available: 5_000n, limit: 5_000n },
};

/** The facts, with accounts added or changed by `changes`; `undefined` takes one away. */
export function fakeFacts(changes: Record<string, AccountRow | undefined> = {}, refundable: Record<string, bigint> = {}): CellFacts {
  const rows: Record<string, AccountRow | undefined> = { ...ROWS, ...changes };
  const account = (id: string): CellAccount | undefined => {
    const row = rows[id];
    if (row === undefined) return undefined;
    return { id, kind: id.slice(0, id.indexOf(':')), currency: row.currency ?? 'NPR', limit: row.limit ?? 0n, open: row.open ?? true };
  };
  return {
    find: account,
    available: (id) => rows[id]?.available ?? 0n,
    refundable: (paymentId) => refundable[paymentId] ?? 0n,
    stateGet: () => undefined,
  };
}

/** A payment at that site; `fields` come behind the site's own. */
export function fakePayment(changes: Partial<CellPayment>, fields: Record<string, string> = {}): CellPayment {
  return {
    id: '0123456789.1',
    action: 'sale',
    account: '',
    counterparty: '',
    amount: 12_500n,
    currency: 'NPR',
    operator: 'maya',
    at: 1_716_800_000_000n,
    ...changes,
    fields: [...SITE_FIELDS, ...Object.entries(fields).map(([name, value]) => ({ name, value }))],
  };
}
