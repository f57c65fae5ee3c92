/**
 * The centre's HTTP face: every guard, then every route. Deny by default: without a session only the pages, `/healthz`, `/openapi.json` and
 * signing in are answered. Host and Origin come first, then the body's size, then who asks.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from '../../main/platform/http/body-limit.ts';
import { hostGuard } from '../../main/platform/http/guard.ts';
import { errorHandler, invalidHook, notFoundHandler, problem } from '../../main/platform/http/problem.ts';
import { securityHeaders } from '../../main/platform/http/security-headers.ts';
import { staticFiles } from '../../main/platform/http/static-files.ts';
import type { Office, OfficeApp, OfficeEnv } from './office.ts';
import { accountRoutes } from './routes/accounts.ts';
import { breakRoutes } from './routes/breaks.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { entryRoutes } from './routes/entries.ts';
import { exportRoutes } from './routes/export.ts';
import { gatewayRoutes } from './routes/gateways.ts';
import { leaseRoutes } from './routes/leases.ts';
import { COOKIE, needSession, sessionRoutes, signInRoute } from './routes/sessions.ts';
import { statusRoutes } from './routes/status.ts';
import { voucherRoutes } from './routes/vouchers.ts';
import { StorageFault } from './tables.ts';

export type CentralAppOptions = {
  readonly office: Office;
  /** The built office page. */
  readonly pagesDirectory: string;
  readonly hostNames: readonly string[];
};

export function centralApp({ office, pagesDirectory, hostNames }: CentralAppOptions): OfficeApp {
  const app = new OpenAPIHono<OfficeEnv>({ defaultHook: invalidHook });
  const onError = errorHandler(office.logError);
  app.onError((error, context) => {
    if (!(error instanceof StorageFault)) return onError(error, context);
    return problem(context, {
      status: 503,
      code: 'storage',
      detail: `Nothing was changed: ${error.message}.`,
      headers: { 'retry-after': '5' },
    });
  });
  app.notFound(notFoundHandler);
  app.use(securityHeaders());
  app.use(hostGuard({ hostNames }));
  app.use(bodyLimit());

  app.get('/healthz', (context) => {
    const trouble = office.trouble();
    return trouble === undefined ? context.json({ ok: true }, 200) : context.json({ ok: false, reason: trouble }, 503);
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'office', { type: 'apiKey', in: 'cookie', name: COOKIE });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Chautari centre',
      version: office.version,
      description: 'Amounts are decimal strings of minor units; errors are RFC 9457 problems.',
    },
    security: [{ office: [] }],
  });
  app.get('/', (context) => context.redirect('/office/'));
  app.get('/office', (context) => context.redirect('/office/'));
  app.use('/office/*', staticFiles({ directory: pagesDirectory, prefix: '/office/', fallbackToIndex: true }));
  signInRoute(app, office);

  app.use('*', needSession(office));
  app.get('/metrics', async (context) =>
    context.body(await office.metrics.registry.metrics(), 200, { 'content-type': office.metrics.registry.contentType }),
  );
  app.get('/v1/events', (context) => office.hub.open(context));
  sessionRoutes(app, office);
  statusRoutes(app, office);
  entryRoutes(app, office);
  accountRoutes(app, office);
  gatewayRoutes(app, office);
  breakRoutes(app, office);
  voucherRoutes(app, office);
  leaseRoutes(app, office);
  catalogueRoutes(app, office);
  exportRoutes(app, office);
  return app;
}
