/**
 * The village's page and its orders. It can kill processes, so it listens on loopback alone, checks Host and Origin like every other face,
 * and takes orders with a JSON body only (a form of a foreign page cannot send one).
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { bodyLimit } from '../platform/http/body-limit.ts';
import { createEventHub, type EventHub } from '../platform/http/event-stream.ts';
import { hostGuard } from '../platform/http/guard.ts';
import { errorHandler, notFoundHandler, problem } from '../platform/http/problem.ts';
import { securityHeaders } from '../platform/http/security-headers.ts';
import { staticFiles } from '../platform/http/static-files.ts';
import type { Log } from '../platform/log.ts';
import type { Village } from './village.ts';

const LinkOrder = z.strictObject({ gateway: z.string().max(40), state: z.enum(['up', 'bad', 'cut']) });
const KillOrder = z.strictObject({ process: z.string().max(40) });
const RainOrder = z.strictObject({ on: z.boolean() });

export function villageApp(
  village: () => Village | undefined,
  pageDirectory: string,
  log: Log,
): { readonly app: Hono; readonly events: EventHub } {
  const app = new Hono();
  const events = createEventHub({ historyLimit: 1 });
  app.onError(errorHandler((error, path) => log.error({ error, path }, 'the village failed to answer')));
  app.notFound(notFoundHandler);
  app.use(securityHeaders());
  app.use(hostGuard());
  app.use(bodyLimit(4 * 1024));
  app.use('/village/*', async (context, next) =>
    village() === undefined
      ? problem(context, {
          status: 503,
          code: 'starting',
          detail: 'The village is starting; ask again in a moment.',
          headers: { 'retry-after': '1' },
        })
      : next(),
  );
  app.get('/village/state', (context) => context.json((village() as Village).state()));
  app.get('/village/events', (context) => events.open(context));

  const order = <T>(path: string, schema: z.ZodType<T>, run: (village: Village, order: T) => boolean): void => {
    app.post(path, async (context) => {
      if (!/^application\/json\b/.test(context.req.header('content-type') ?? '')) {
        return problem(context, { status: 415, code: 'not-json', detail: 'Send JSON with content-type application/json.' });
      }
      const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
      if (!parsed.success) {
        const detail = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
        return problem(context, { status: 422, code: 'invalid-body', detail });
      }
      const here = village() as Village;
      if (!run(here, parsed.data))
        return problem(context, { status: 404, code: 'not-found', detail: 'The village has nothing of that name that runs now.' });
      return context.json(here.state());
    });
  };
  order('/village/link', LinkOrder, (here, { gateway, state }) => here.setLink(gateway, state));
  order('/village/kill', KillOrder, (here, { process }) => here.kill(process));
  order('/village/rain', RainOrder, (here, { on }) => {
    here.setRain(on);
    return true;
  });
  app.use('/*', staticFiles({ directory: pageDirectory, prefix: '/' }));
  return { app, events };
}
