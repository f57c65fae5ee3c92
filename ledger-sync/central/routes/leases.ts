/** Meters and the leases of their counters. A key goes in and never comes out by itself; a lease's text is in the answer that gives it. */
import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../../../main/platform/http/problem.ts';
import { giveLease } from '../leases.ts';
import type { Office, OfficeApp } from '../office.ts';
import { GivenLease, LeaseRequest, Leases, Meter, MeterRequest, Meters } from '../schemas.ts';
import { leaseView, meterView } from '../views.ts';
import { limitOf } from './query.ts';

const meterName = z.string().max(48).default('');
const json = <S extends z.ZodType>(description: string, schema: S) => ({ description, content: { 'application/json': { schema } } });

const listMeters = createRoute({
  method: 'get',
  path: '/v1/meters',
  summary: 'Meters by name, without their keys',
  request: { query: z.strictObject({ after: meterName, limit: limitOf(500, 100) }) },
  responses: { 200: json('One page; `next` goes on as `after`', Meters) },
});
const addMeter = createRoute({
  method: 'post',
  path: '/v1/meters',
  summary: 'Register a meter with its key and tariff',
  request: { body: { required: true, content: { 'application/json': { schema: MeterRequest } } } },
  responses: { 201: json('Registered', Meter), 200: json('It was registered before, just so', Meter) },
});
const listLeases = createRoute({
  method: 'get',
  path: '/v1/leases',
  summary: 'Leases, the newest first, without their texts',
  request: { query: z.strictObject({ meter: z.string().max(48).optional(), limit: limitOf(500, 100) }) },
  responses: { 200: json('What was leased to whom', Leases) },
});
const give = createRoute({
  method: 'post',
  path: '/v1/leases',
  summary: 'Lease the next counts of a meter to a gateway',
  request: { body: { required: true, content: { 'application/json': { schema: LeaseRequest } } } },
  responses: { 201: json('With its text', GivenLease), 200: json('The same request again: the same lease', GivenLease) },
});

export function leaseRoutes(app: OfficeApp, office: Office): void {
  const { tables } = office;
  app.openapi(listMeters, async (context) => {
    const { after, limit } = context.req.valid('query');
    const rows = await tables.meters(after, limit);
    const last = rows.length === limit ? rows.at(-1)?.meter : undefined;
    return context.json({ meters: rows.map(meterView), ...(last === undefined ? {} : { next: last }) }, 200);
  });
  app.openapi(addMeter, async (context) => {
    const body = context.req.valid('json');
    const row = { ...body, price: Number(body.price), createdAt: office.now() };
    const added = await tables.addMeter(row);
    if (added === 'conflict') {
      const detail = `${body.meter} is registered with another key or tariff, which stay. Give a lease its own price, or register another name.`;
      return problem(context, { status: 409, code: 'meter-conflict', detail });
    }
    if (added === 'full') return problem(context, { status: 503, code: 'full', detail: 'As many meters are registered as there may be.' });
    return context.json(meterView(row), added === 'known' ? 200 : 201);
  });
  app.openapi(listLeases, async (context) => {
    const rows = await tables.leases(context.req.valid('query'));
    return context.json({ leases: rows.map(leaseView) }, 200);
  });
  app.openapi(give, async (context) => {
    const body = context.req.valid('json');
    const price = body.price === undefined ? undefined : Number(body.price);
    const given = await giveLease(tables, office.signer, { ...body, price }, office.now());
    if (!given.ok) {
      const { code, detail } = given.error;
      return problem(context, { status: code === 'unknown-gateway' || code === 'unknown-meter' ? 422 : 409, code, detail });
    }
    const { lease, text, repeated } = given.value;
    return context.json({ ...leaseView(lease), text }, repeated ? 200 : 201);
  });
}
