/** The box's cells: which versions are here, and which one is in use. What is installed is placed by `chautari cell install`. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { problem } from '../../platform/http/problem.ts';
import { faultProblem, NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, needScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { CellList, CellSwitched, CellUse } from '../schemas.ts';
import { operatorOf } from '../sessions.ts';
import { json } from './route.ts';

export function cellRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/cells',
      summary: 'The cells of this box, their versions, and which are in use.',
      middleware: needScope('read'),
      responses: { 200: { ...json(CellList), description: 'Sorted by name, versions ascending' } },
    }),
    async (context) => context.json({ cells: [...(await face.cells())] }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/cells/{name}',
      summary: 'Put a version of a cell into use, or the one before it again. No restart.',
      middleware: needScope('admin'),
      request: { params: z.object({ name: z.string().max(64) }), body: json(CellUse) },
      responses: { 200: { ...json(CellSwitched), description: 'In use from the next payment on' } },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const { version } = context.req.valid('json');
      const done = await ledger.writer.execute('use-cell', {
        name: context.req.valid('param').name,
        ...(version === undefined ? {} : { version }),
        who: operatorOf(context.get('principal')),
        at: face.now(),
      });
      return done.ok ? context.json(done.value, 200) : problem(context, faultProblem(done.error));
    },
  );
}
