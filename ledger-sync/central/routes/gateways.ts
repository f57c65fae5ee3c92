/** Gateways, and what was refused of those that are none. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Office, OfficeApp } from '../office.ts';
import { CentreGateways, Refused } from '../schemas.ts';
import { instant } from '../views.ts';
import { limitOf } from './query.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/gateways',
  summary: 'Gateways: watermark, lag, last contact',
  responses: { 200: { description: 'All of them', content: { 'application/json': { schema: CentreGateways } } } },
});
const refused = createRoute({
  method: 'get',
  path: '/v1/refused',
  summary: 'What was refused, and why',
  request: { query: z.strictObject({ limit: limitOf(1000, 200) }) },
  responses: { 200: { description: 'The latest first', content: { 'application/json': { schema: Refused } } } },
});

export function gatewayRoutes(app: OfficeApp, office: Office): void {
  app.openapi(list, async (context) => context.json({ gateways: [...(await office.gateways.all())] }, 200));
  app.openapi(refused, async (context) => {
    await office.flush();
    const rows = await office.tables.refused(context.req.valid('query').limit);
    const views = rows.map(({ topic, reason, count, firstAt, lastAt, keyFingerprint }) => ({
      topic,
      reason,
      count,
      firstAt: instant(firstAt),
      lastAt: instant(lastAt),
      ...(keyFingerprint === undefined ? {} : { keyFingerprint }),
    }));
    return context.json({ refused: views }, 200);
  });
}
