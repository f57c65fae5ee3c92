/** The ledger as a file, streamed. */
import { createRoute, z } from '@hono/zod-openapi';
import { exportLines, fileNameOf } from '../export.ts';
import type { Office, OfficeApp } from '../office.ts';
import { accountName, gatewayName, moment, momentMs } from './query.ts';

const download = createRoute({
  method: 'get',
  path: '/v1/export',
  summary: 'The ledger as an hledger journal or as CSV',
  request: {
    query: z.strictObject({
      format: z.enum(['hledger', 'csv']).default('hledger'),
      gateway: gatewayName.optional(),
      account: accountName.optional(),
      from: moment.optional(),
      to: moment.optional(),
    }),
  },
  responses: { 200: { description: 'The file', content: { 'text/plain': { schema: z.string() }, 'text/csv': { schema: z.string() } } } },
});

export function exportRoutes(app: OfficeApp, office: Office): void {
  app.openapi(download, (context) => {
    const { format, gateway, account, from, to } = context.req.valid('query');
    const lines = exportLines(office.tables, format, { gateway, account, fromAt: momentMs(from), toAt: momentMs(to) });
    const encoder = new TextEncoder();
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await lines.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await lines.return(undefined);
      },
    });
    return context.body(stream, 200, {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${fileNameOf(format)}"`,
    });
  });
}
