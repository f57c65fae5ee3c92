/** Leases of the counters of meters: what head office gave, entered here by its text. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { readLeases } from '../../gateway/read-leases.ts';
import { type ProblemStatus, problem } from '../../platform/http/problem.ts';
import { faultProblem, NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, needScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { Lease, LeaseList, LeaseRequest } from '../schemas.ts';
import { operatorOf } from '../sessions.ts';
import { json } from './route.ts';

const STATUS: Readonly<Record<string, ProblemStatus>> = { 'bad-signature': 403, 'not-enrolled': 503 };

export function leaseRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/leases',
      summary: 'The lease of each meter in use here, and how many tokens are left of it.',
      middleware: needScope('read'),
      responses: { 200: { ...json(LeaseList), description: 'Sorted by account' } },
    }),
    (context) => {
      const ledger = face.ledger();
      return context.json({ leases: ledger === undefined ? [] : readLeases(ledger.reader) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/leases',
      summary: 'Take a lease of head office; a new meter’s account is opened with it.',
      // What lets it in is head office's signature; a technician at a paired screen may enter it.
      middleware: needScope('enrol'),
      request: { body: json(LeaseRequest) },
      responses: { 201: { ...json(Lease), description: 'Taken' }, 200: { ...json(Lease), description: 'It was taken before' } },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const opened = face.openLease(context.req.valid('json').lease);
      if (!opened.ok) return problem(context, { status: STATUS[opened.error.code] ?? 422, ...opened.error });
      const taken = await ledger.writer.execute('take-lease', {
        lease: opened.value,
        operator: operatorOf(context.get('principal')),
        at: face.now(),
      });
      if (!taken.ok) return problem(context, faultProblem(taken.error));
      const { account, repeated } = taken.value;
      const inUse = readLeases(ledger.reader).find((one) => one.account === account);
      if (inUse === undefined) throw new Error(`the lease of ${account} was taken and is not there`);
      return context.json(inUse, repeated ? 200 : 201);
    },
  );
}
