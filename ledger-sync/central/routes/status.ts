/** How the centre is, for the office's first line. */
import { createRoute } from '@hono/zod-openapi';
import type { Office, OfficeApp } from '../office.ts';
import { CentreStatus } from '../schemas.ts';
import { dayOf } from '../tables.ts';
import { instant } from '../views.ts';

const status = createRoute({
  method: 'get',
  path: '/v1/status',
  summary: 'How the centre is',
  responses: { 200: { description: 'Now', content: { 'application/json': { schema: CentreStatus } } } },
});

export function statusRoutes(app: OfficeApp, office: Office): void {
  app.openapi(status, async (context) => {
    const nowMs = office.now();
    const totals = await office.tables.totals();
    const [settled] = await office.tables.settledOn(dayOf(nowMs));
    const broker = office.broker();
    return context.json(
      {
        version: office.version,
        keyFingerprint: office.keyFingerprint,
        broker: broker.state,
        brokerSince: instant(broker.sinceMs),
        entries: totals.entries,
        gateways: totals.gateways,
        openBreaks: totals.openBreaks,
        settledToday: { entries: settled?.entries ?? 0, amount: (settled?.amount ?? 0n).toString() },
        at: instant(nowMs),
      },
      200,
    );
  });
}
