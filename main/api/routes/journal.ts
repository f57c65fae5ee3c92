/** The journal as it stands: entries with postings and hashes. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readJournal } from '../../gateway/read-journal.ts';
import { problem } from '../../platform/http/problem.ts';
import { NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, needScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { Journal } from '../schemas.ts';
import { json, pageLimit } from './route.ts';

export function journalRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/journal',
      summary: 'Entries after a number, in their order.',
      middleware: needScope('read'),
      request: { query: z.object({ after: z.coerce.number().int().min(0).default(0), limit: pageLimit(100, 1000) }) },
      responses: { 200: { ...json(Journal), description: 'A page of it; `next` is the next `after`' } },
    }),
    (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      return context.json(readJournal(ledger.reader, context.req.valid('query')), 200);
    },
  );
}
