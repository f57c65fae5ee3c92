/** What does not reconcile and waits for a person. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Office, OfficeApp } from '../office.ts';
import { Breaks } from '../schemas.ts';
import { breakView } from '../views.ts';
import { limitOf, sequence } from './query.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/breaks',
  summary: 'Breaks, the newest first',
  request: {
    query: z.strictObject({
      stage: z.enum(['found', 'closed']).optional(),
      after: sequence.optional().openapi({ description: 'The last id of the page before' }),
      limit: limitOf(500, 100),
    }),
  },
  responses: { 200: { description: 'A page', content: { 'application/json': { schema: Breaks } } } },
});

export function breakRoutes(app: OfficeApp, office: Office): void {
  app.openapi(list, async (context) => {
    const breaks = (await office.tables.breaks(context.req.valid('query'))).map(breakView);
    return context.json({ breaks, open: (await office.tables.totals()).openBreaks }, 200);
  });
}
