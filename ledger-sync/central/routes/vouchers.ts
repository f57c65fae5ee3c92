/** Vouchers for boxes that are to be enrolled. The code is shown once, in the answer that makes it. */
import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../../../main/platform/http/problem.ts';
import type { Office, OfficeApp } from '../office.ts';
import { Voucher, VoucherRequest, Vouchers } from '../schemas.ts';
import { voucherView } from '../views.ts';
import { addVoucher } from '../vouchers.ts';
import { limitOf } from './query.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/vouchers',
  summary: 'Vouchers, the newest first',
  request: { query: z.strictObject({ limit: limitOf(500, 100) }) },
  responses: { 200: { description: 'Without their codes', content: { 'application/json': { schema: Vouchers } } } },
});
const make = createRoute({
  method: 'post',
  path: '/v1/vouchers',
  summary: 'Make a voucher for a gateway and its site',
  request: { body: { required: true, content: { 'application/json': { schema: VoucherRequest } } } },
  responses: { 201: { description: 'With its code, this once', content: { 'application/json': { schema: Voucher } } } },
});

export function voucherRoutes(app: OfficeApp, office: Office): void {
  app.openapi(list, async (context) => {
    const rows = await office.tables.vouchers(context.req.valid('query').limit);
    return context.json({ vouchers: rows.map((row) => voucherView(row, office.now())) }, 200);
  });
  app.openapi(make, async (context) => {
    const nowMs = office.now();
    const made = await addVoucher(office.tables, context.req.valid('json'), (count) => office.entropy.bytes(count), nowMs);
    if (!made.ok) {
      const status = made.error.code === 'bad-gateway' ? 422 : 503;
      return problem(context, { status, code: made.error.code, detail: made.error.detail });
    }
    return context.json({ ...voucherView(made.value.row, nowMs), code: made.value.code }, 201);
  });
}
