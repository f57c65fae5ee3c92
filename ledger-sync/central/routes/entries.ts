/** Entries: the newest first for a person, one by its hash, and every one in the centre's order for a warehouse. */
import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../../../main/platform/http/problem.ts';
import type { Office, OfficeApp } from '../office.ts';
import { CentreEntries, CentreEntry } from '../schemas.ts';
import { entryView } from '../views.ts';
import { accountName, gatewayName, limitOf, moment, momentMs, sequence } from './query.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/entries',
  summary: 'Entries, the newest first',
  request: {
    query: z.strictObject({
      gateway: gatewayName.optional(),
      account: accountName.optional(),
      from: moment.optional(),
      to: moment.optional(),
      after: sequence.optional().openapi({ description: '`next` of the page before' }),
      limit: limitOf(500, 100),
    }),
  },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: CentreEntries } } } },
});
const one = createRoute({
  method: 'get',
  path: '/v1/entries/{hash}',
  summary: 'One entry',
  request: { params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }) },
  responses: { 200: { description: 'The entry', content: { 'application/json': { schema: CentreEntry } } } },
});
const changes = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: "Every entry once, in the centre's order",
  request: { query: z.strictObject({ after: sequence.default(0), limit: limitOf(1000, 500) }) },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: CentreEntries } } } },
});

export function entryRoutes(app: OfficeApp, office: Office): void {
  app.openapi(list, async (context) => {
    const { gateway, account, from, to, after, limit } = context.req.valid('query');
    const found = await office.tables.entries({
      gateway,
      account,
      fromAt: momentMs(from),
      toAt: momentMs(to),
      after,
      newestFirst: true,
      limit,
    });
    const entries = found.map(entryView);
    const last = entries.at(-1);
    const isPlain = gateway === undefined && account === undefined && from === undefined && to === undefined;
    const totals = isPlain ? await office.tables.totals() : undefined;
    return context.json(
      {
        entries,
        ...(entries.length === limit && last !== undefined ? { next: last.sequence } : {}),
        ...(totals === undefined ? {} : { total: totals.entries + totals.forked }),
      },
      200,
    );
  });
  app.openapi(one, async (context) => {
    const found = await office.tables.entry(context.req.valid('param').hash);
    if (found === undefined)
      return problem(context, { status: 404, code: 'unknown-entry', detail: 'The centre holds no entry of that hash.' });
    return context.json(entryView(found), 200);
  });
  app.openapi(changes, async (context) => {
    const { after, limit } = context.req.valid('query');
    const entries = (await office.tables.entries({ after, limit })).map(entryView);
    return context.json({ entries, next: entries.at(-1)?.sequence ?? after }, 200);
  });
}
