/**
 * The OpenAPI 3.1 document, made from the schemas that check the bodies. Routes that stream or speak plain text are written down here;
 * every operation may also answer with a problem, which is added to each rather than said in each route.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { VERSION } from '../platform/version.ts';
import type { ApiEnv } from './authenticate.ts';
import { Health, Problem } from './schemas.ts';

type Document = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;

const PROBLEM = {
  description: 'Refused; `code` is stable',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
} as const;

export function serveDocument(app: OpenAPIHono<ApiEnv>): void {
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'kiosk', {
    type: 'apiKey',
    in: 'cookie',
    name: 'chautari_kiosk_PORT',
    description: 'Given by POST /v1/sessions; PORT is the one that the box listens on.',
  });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  registry.register('Problem', Problem);
  const health = { 'application/json': { schema: Health } };
  registry.registerPath({
    method: 'get',
    path: '/healthz',
    summary: 'Whether payments can be taken.',
    security: [],
    responses: { 200: { content: health, description: 'They can' }, 503: { content: health, description: 'They cannot, and why' } },
  });
  registry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'What the box measures, for Prometheus.',
    responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } }, description: 'Text format 0.0.4' } },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/events',
    summary: 'Server-sent events: payment, seal, link, document, enrolment, effect. Resumes by `Last-Event-ID`.',
    responses: { 200: { content: { 'text/event-stream': { schema: { type: 'string' } } }, description: 'The stream' } },
  });
  let document: Document | undefined;
  app.get('/openapi.json', (context) => {
    document ??= withProblems(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Chautari gateway',
          version: VERSION,
          description: 'Amounts are decimal strings of minor units; errors are RFC 9457 problems.',
        },
        security: [{ kiosk: [] }, { token: [] }],
      }),
    );
    return context.json(document, 200);
  });
}

function withProblems(document: Document): Document {
  for (const methods of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(methods ?? {}) as { responses: Record<string, unknown> }[]) operation.responses.default = PROBLEM;
  }
  return document;
}
