/** Accounts over all journals, one account with its positions, and the trial balance. */
import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../../../main/platform/http/problem.ts';
import { accountKinds } from '../../ledger/account.ts';
import type { Office, OfficeApp } from '../office.ts';
import { CentreAccount, CentreAccounts, TrialBalance } from '../schemas.ts';
import { accountView, instant, positionView } from '../views.ts';
import { accountName, limitOf } from './query.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/accounts',
  summary: 'Accounts',
  request: {
    query: z.strictObject({
      kind: z.enum(accountKinds() as [string, ...string[]]).optional(),
      query: z.string().max(64).optional(),
      after: z.string().max(80).optional(),
      limit: limitOf(500, 100),
    }),
  },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: CentreAccounts } } } },
});
const one = createRoute({
  method: 'get',
  path: '/v1/accounts/{id}',
  summary: 'One account: its total, its positions, and until when that is sure',
  request: { params: z.object({ id: accountName }) },
  responses: { 200: { description: 'The account', content: { 'application/json': { schema: CentreAccount } } } },
});
const trial = createRoute({
  method: 'get',
  path: '/v1/trial-balance',
  summary: 'Debit and credit by kind of account',
  request: { query: z.strictObject({ currency: z.string().length(3).optional() }) },
  responses: { 200: { description: 'The balances of now', content: { 'application/json': { schema: TrialBalance } } } },
});

export function accountRoutes(app: OfficeApp, office: Office): void {
  app.openapi(list, async (context) => {
    const query = context.req.valid('query');
    const nowMs = office.now();
    const accounts = (await office.tables.accounts(query)).map((row) => accountView(row, nowMs));
    const last = accounts.at(-1);
    return context.json({ accounts, ...(accounts.length === query.limit && last !== undefined ? { next: last.id } : {}) }, 200);
  });
  app.openapi(one, async (context) => {
    const row = await office.tables.account(context.req.valid('param').id);
    if (row === undefined) return problem(context, { status: 404, code: 'unknown-account', detail: 'No entry names that account.' });
    const positions = (await office.tables.positionsOf(row.id, row.currency)).map((position) => positionView(row.id, position));
    const sureUntil = await office.gateways.sureUntil();
    return context.json({ ...accountView(row, office.now()), positions, ...(sureUntil === undefined ? {} : { sureUntil }) }, 200);
  });
  app.openapi(trial, async (context) => {
    const totals = await office.tables.kindTotals();
    // One currency a sheet: the one asked for, else the one with the most accounts.
    const counts = new Map<string, number>();
    for (const { currency, accounts } of totals) counts.set(currency, (counts.get(currency) ?? 0) + accounts);
    const most = [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
    const currency = context.req.valid('query').currency ?? most ?? 'NPR';
    const kinds = totals.filter((total) => total.currency === currency);
    const sum = (side: 'debit' | 'credit') => kinds.reduce((total, kind) => total + kind[side], 0n).toString();
    return context.json(
      {
        currency,
        asOf: instant(office.now()),
        kinds: kinds.map(({ kind, accounts, debit, credit }) => ({ kind, accounts, debit: debit.toString(), credit: credit.toString() })),
        debit: sum('debit'),
        credit: sum('credit'),
        entries: (await office.tables.totals()).entries,
      },
      200,
    );
  });
}
