/** The box itself: status, events, catalogue, enrolment, and the village's link switch. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { problem } from '../../platform/http/problem.ts';
import { type ApiEnv, allows, needScope, refuseScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { Catalogue, CatalogueEdit, Enrolment, EnrolmentRequest, LinkSwitch, Status } from '../schemas.ts';
import { json } from './route.ts';

export function boxRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/status',
      summary: 'How the box stands: journal, link, clock, power, printer.',
      responses: { 200: { ...json(Status), description: 'Now' } },
    }),
    (context) => context.json(face.status(), 200),
  );

  app.get('/v1/events', needScope('read'), (context) => face.events.open(context));

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/catalogue',
      summary: 'Items and prices.',
      middleware: needScope('read'),
      responses: { 200: { ...json(Catalogue), description: 'The catalogue' } },
    }),
    async (context) => context.json(await face.catalogue.read(), 200),
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/v1/catalogue',
      summary: 'Add, change or remove items. Merges with what head office changed meanwhile.',
      middleware: needScope('pay'),
      request: { body: json(CatalogueEdit) },
      responses: { 200: { ...json(Catalogue), description: 'The catalogue after it' } },
    }),
    async (context) => {
      const done = await face.catalogue.edit(context.req.valid('json'), face.now());
      if (done.ok) return context.json(done.value, 200);
      const status = done.error.code === 'storage' || done.error.code === 'busy' || done.error.code === 'not-enrolled' ? 503 : 422;
      return problem(context, { status, ...done.error });
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/enrolment',
      summary: 'Whether head office has accepted this box.',
      responses: { 200: { ...json(Enrolment), description: 'How far it is' } },
    }),
    (context) => context.json(face.enrolment(), 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/enrolment',
      summary: 'Enrol this box with a voucher of head office. It asks until it is answered.',
      request: { body: json(EnrolmentRequest) },
      responses: { 202: { ...json(Enrolment), description: 'Asking' } },
    }),
    async (context) => {
      if (!allows(context.get('principal'), 'enrol')) return refuseScope(context, 'enrol');
      const done = await face.enrol(context.req.valid('json').voucher);
      if (done.ok) return context.json(done.value, 202);
      return problem(context, { status: done.error.code === 'enrolled-already' ? 409 : 422, ...done.error });
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/village/link',
      summary: 'In a village only: cut this box’s link, make it poor, or put it back.',
      middleware: needScope('pay'),
      request: { body: json(LinkSwitch) },
      responses: { 200: { ...json(LinkSwitch), description: 'Done' } },
    }),
    async (context) => {
      if (face.switchLink === undefined) {
        return problem(context, { status: 404, code: 'not-found', detail: 'This box has a real link: no village started it.' });
      }
      const { state } = context.req.valid('json');
      const done = await face.switchLink(state);
      return done.ok ? context.json({ state }, 200) : problem(context, { status: 503, ...done.error });
    },
  );
}
