/**
 * The gateway's HTTP face: every guard, then every route. Order matters: Host and Origin first, then the body's size, then who asks.
 * Open to all: the pages, `/healthz`, `/openapi.json` and pairing; everything else needs a paired kiosk or a token.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from '../platform/http/body-limit.ts';
import { hostGuard } from '../platform/http/guard.ts';
import { errorHandler, invalidHook, notFoundHandler } from '../platform/http/problem.ts';
import { securityHeaders } from '../platform/http/security-headers.ts';
import { staticFiles } from '../platform/http/static-files.ts';
import { type ApiEnv, authenticate, needScope } from './authenticate.ts';
import { serveDocument } from './document.ts';
import type { GatewayFace } from './face.ts';
import { accountRoutes } from './routes/accounts.ts';
import { boxRoutes } from './routes/box.ts';
import { cellRoutes } from './routes/cells.ts';
import { journalRoutes } from './routes/journal.ts';
import { leaseRoutes } from './routes/leases.ts';
import { paymentRoutes } from './routes/payments.ts';
import { sensorRoutes } from './routes/sensors.ts';
import { sessionRoutes } from './routes/sessions.ts';

export type AppOptions = {
  readonly face: GatewayFace;
  /** Folder with `kiosk/` and `field/` as built. */
  readonly pagesDirectory: string;
  readonly hostNames: readonly string[];
  readonly logError: (error: unknown, path: string) => void;
};

export function gatewayApp({ face, pagesDirectory, hostNames, logError }: AppOptions): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: invalidHook });
  app.onError(errorHandler(logError));
  app.notFound(notFoundHandler);
  app.use(securityHeaders());
  app.use(hostGuard({ hostNames }));
  app.use(bodyLimit());

  app.get('/healthz', (context) => {
    const trouble = face.trouble();
    return trouble === undefined ? context.json({ ok: true }, 200) : context.json({ ok: false, reason: trouble }, 503);
  });
  serveDocument(app);
  app.get('/', (context) => context.redirect('/kiosk/'));
  for (const page of ['kiosk', 'field']) {
    app.get(`/${page}`, (context) => context.redirect(`/${page}/`));
    app.use(`/${page}/*`, staticFiles({ directory: `${pagesDirectory}/${page}`, prefix: `/${page}/` }));
  }

  sessionRoutes(app, face);
  app.use('/metrics', authenticate(face.sessions, face.now), needScope('read'));
  app.get('/metrics', async (context) =>
    context.text(await face.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  paymentRoutes(app, face);
  accountRoutes(app, face);
  journalRoutes(app, face);
  leaseRoutes(app, face);
  cellRoutes(app, face);
  boxRoutes(app, face);
  sensorRoutes(app, face);
  return app;
}
