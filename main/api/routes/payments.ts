/** Payments: take one, read one, history, reversal, another receipt. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { parsePaymentId } from '../../../ledger-sync/ledger/ids.ts';
import { readHistory } from '../../gateway/read-history.ts';
import type { SealMarks } from '../../gateway/seal.ts';
import { problem } from '../../platform/http/problem.ts';
import { answerBody, faultProblem, NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, needScope } from '../authenticate.ts';
import type { GatewayFace, Ledger } from '../face.ts';
import { readId, readPayment } from '../payment-request.ts';
import { History, PaymentAnswer, PaymentRequest, PrintAnswer, ReversalRequest } from '../schemas.ts';
import { operatorOf } from '../sessions.ts';
import { json, pageLimit } from './route.ts';

const idParam = z.object({ id: z.string() });
const keyHeader = z.object({ 'idempotency-key': z.string().optional() });

export function paymentRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  const marks = (ledger: Ledger): SealMarks => ({ sent: face.sentNumber(), received: ledger.reader.watermark().received.number });

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/payments',
      summary: 'Take a payment. The same id with the same body always gets the same answer.',
      middleware: needScope('pay'),
      request: { headers: keyHeader, body: json(PaymentRequest) },
      responses: {
        201: { ...json(PaymentAnswer), description: 'Approved and durable, or declined with a reason' },
        200: { ...json(PaymentAnswer), description: 'This id was answered before: the first answer' },
      },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const asks = context.get('principal');
      const payment = readPayment(context.req.valid('json'), context.req.valid('header')['idempotency-key'], asks, face.now());
      if (!payment.ok) return problem(context, payment.error);
      const done = await ledger.writer.execute('take-payment', payment.value);
      if (!done.ok) return problem(context, faultProblem(done.error));
      return context.json(answerBody(done.value, marks(ledger)), done.value.repeated ? 200 : 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments',
      summary: 'History, newest first.',
      middleware: needScope('read'),
      request: { query: z.object({ before: z.coerce.number().int().min(1).optional(), limit: pageLimit(50, 200) }) },
      responses: { 200: { ...json(History), description: 'A page of it; `next` is the next `before`' } },
    }),
    (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return context.json({ payments: [] }, 200);
      const { before, limit } = context.req.valid('query');
      return context.json(readHistory(ledger.reader, { ...(before === undefined ? {} : { before }), limit }, face.sentNumber()), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments/{id}',
      summary: 'What became of a payment.',
      middleware: needScope('read'),
      request: { params: idParam },
      responses: { 200: { ...json(PaymentAnswer), description: 'Its answer' } },
    }),
    (context) => {
      const id = parsePaymentId(context.req.valid('param').id);
      const ledger = face.ledger();
      const found = id.ok ? ledger?.reader.payment(id.value) : undefined;
      if (ledger === undefined || found === undefined) {
        return problem(context, {
          status: 404,
          code: 'unknown-payment',
          detail: 'This box has no payment of that id. Nothing was taken under it here.',
        });
      }
      return context.json(answerBody(found, marks(ledger)), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/payments/{id}/reversal',
      summary: 'Undo a whole payment by a new entry.',
      middleware: needScope('pay'),
      request: { params: idParam, body: json(ReversalRequest) },
      responses: {
        201: { ...json(PaymentAnswer), description: 'Reversed, or declined with a reason' },
        200: { ...json(PaymentAnswer), description: 'This id was answered before' },
      },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const body = context.req.valid('json');
      const id = readId(body.id, undefined, context.get('principal'));
      if (!id.ok) return problem(context, id.error);
      const refersTo = parsePaymentId(context.req.valid('param').id);
      if (!refersTo.ok) return problem(context, { status: 404, code: 'unknown-payment', detail: 'There is no payment of that id.' });
      const operator = operatorOf(context.get('principal'));
      const input = { id: id.value, refersTo: refersTo.value, reason: body.reason, operator, at: face.now() };
      const done = await ledger.writer.execute('reverse-payment', input);
      if (!done.ok) return problem(context, faultProblem(done.error));
      return context.json(answerBody(done.value, marks(ledger)), done.value.repeated ? 200 : 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/payments/{id}/prints',
      summary: 'Print its receipt again, marked COPY.',
      middleware: needScope('pay'),
      request: { params: idParam },
      responses: { 202: { ...json(PrintAnswer), description: 'The receipt is due' } },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const id = parsePaymentId(context.req.valid('param').id);
      if (!id.ok) return problem(context, { status: 404, code: 'unknown-payment', detail: 'There is no payment of that id.' });
      const done = await ledger.writer.execute('request-print', { payment: id.value, at: face.now() });
      if (!done.ok) return problem(context, faultProblem(done.error));
      return context.json({ copy: done.value.copy, state: 'due' as const }, 202);
    },
  );
}
