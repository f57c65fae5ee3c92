/**
 * A trace as compact text: a site's own accounts, which stand in every trace, are one digit each. What the journal says anyway (the postings,
 * the receipt, the reason of a decline) is not kept twice.
 */
import { type SiteAccounts, siteAccounts } from '../../ledger-sync/ledger/account.ts';
import type { CellReads } from '../cell-host/cell.ts';
import type { CellRef, KeptTrace, ReadTrace } from '../gateway/trace.ts';

/** A run that read more than this is kept without its reads, and cannot be run again. */
const BODY_CHARS_MAX = 65_536;
const ROLES = ['drawer', 'sales', 'agency', 'takings', 'float'] as const;

type Text = string | number;
type AccountRow = [id: Text, available: string | 0, currency?: string, limit?: string, open?: 0 | 1, kind?: string];
type Body = [
  request: [action: string, account: Text, counterparty: Text, amount: string, currency: string, operator: string],
  refersTo: string | 0,
  fields: (number | [string, string])[],
  reads: [accounts: AccountRow[], refundable: [string, string][], state: [string, string?][]] | 0,
  seed: string | 0,
  answer: string | 0,
];

const text = (account: string, site: SiteAccounts): Text => {
  const role = ROLES.findIndex((one) => site[one] === account);
  return role === -1 ? account : role;
};
const account = (kept: Text, site: SiteAccounts): string => (typeof kept === 'number' ? site[ROLES[kept] as (typeof ROLES)[number]] : kept);
const kindOf = (id: string): string => id.slice(0, id.indexOf(':'));

export function traceText(trace: KeptTrace, site: SiteAccounts): string {
  const { request, reads } = trace;
  const fields = request.fields.map(({ name, value }): number | [string, string] => {
    const role = name.startsWith('site.') ? ROLES.findIndex((one) => name === `site.${one}` && value === site[one]) : -1;
    return role === -1 ? [name, value] : role;
  });
  const body: Body = [
    [
      request.action,
      text(request.account, site),
      text(request.counterparty, site),
      request.amount.toString(),
      request.currency,
      request.operator,
    ],
    request.refersTo ?? 0,
    fields,
    [
      reads.accounts.map(({ id, found, ...read }): AccountRow => {
        const available = read.available ?? 0;
        if (found === null) return [text(id, site), available];
        const { kind, currency, limit, open } = found;
        const row: AccountRow = [text(id, site), available, currency, limit, open ? 1 : 0];
        if (kind !== kindOf(id)) row.push(kind);
        return row;
      }),
      reads.refundable.map(({ id, amount }) => [id, amount]),
      reads.state.map(({ key, value }) => (value === null ? [key] : [key, value])),
    ],
    trace.seed ?? 0,
    trace.answer ?? 0,
  ];
  const whole = JSON.stringify(body);
  if (whole.length <= BODY_CHARS_MAX) return whole;
  body[3] = 0;
  return JSON.stringify(body);
}

/** A trace as its row has it. */
export type TraceColumns = {
  readonly payment: string;
  readonly cell: CellRef;
  readonly fuel: number;
  readonly at: number;
  readonly body: string;
};

export function traceOf(kept: TraceColumns, gateway: string): ReadTrace {
  const site = siteAccounts(gateway);
  const [request, refersTo, fields, reads, seed, answer] = JSON.parse(kept.body) as Body;
  const [action, ofAccount, counterparty, amount, currency, operator] = request;
  return {
    cell: kept.cell,
    fuel: kept.fuel,
    request: {
      id: kept.payment,
      action,
      account: account(ofAccount, site),
      counterparty: account(counterparty, site),
      amount: BigInt(amount),
      currency,
      ...(refersTo === 0 ? {} : { refersTo }),
      operator,
      at: BigInt(kept.at),
      fields: fields.map((field) => {
        if (typeof field !== 'number') return { name: field[0], value: field[1] };
        const role = ROLES[field] as (typeof ROLES)[number];
        return { name: `site.${role}`, value: site[role] };
      }),
    },
    reads: reads === 0 ? undefined : readsOf(reads, site),
    ...(seed === 0 ? {} : { seed }),
    ...(answer === 0 ? {} : { answer }),
  };
}

function readsOf([accounts, refundable, state]: Exclude<Body[3], 0>, site: SiteAccounts): CellReads {
  return {
    accounts: accounts.map(([kept, available, currency, limit, open, kind]) => {
      const id = account(kept, site);
      const found = currency === undefined || limit === undefined ? null : { kind: kind ?? kindOf(id), currency, limit, open: open === 1 };
      return available === 0 ? { id, found } : { id, found, available };
    }),
    refundable: refundable.map(([id, amount]) => ({ id, amount })),
    state: state.map(([key, value]) => ({ key, value: value ?? null })),
  };
}
