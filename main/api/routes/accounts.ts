/** Accounts: find, read, open. */
import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type AccountKind, accountKinds, parseAccountId } from '../../../ledger-sync/ledger/account.ts';
import type { PaymentId } from '../../../ledger-sync/ledger/ids.ts';
import { readAccount, readAccounts } from '../../gateway/read-account.ts';
import { problem } from '../../platform/http/problem.ts';
import { faultProblem, NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, needScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { invalid, OPENING_PREFIX, readAccountId, readCurrency, readOpening } from '../payment-request.ts';
import { Account, AccountList, OpenAccountRequest } from '../schemas.ts';
import { operatorOf } from '../sessions.ts';
import { json, pageLimit } from './route.ts';

const query = z.object({ kind: z.string().max(24).optional(), query: z.string().max(64).optional(), limit: pageLimit(20, 200) });

/** One opening an account and gateway: the id is made from both, so that a repeated request finds the first. */
const openingId = (gateway: string, account: string): PaymentId =>
  `${OPENING_PREFIX}${createHash('sha256').update(`${gateway} ${account}`).digest('hex').slice(0, 40)}` as PaymentId;

export function accountRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/accounts',
      summary: 'Find accounts by kind, id or name.',
      middleware: needScope('read'),
      request: { query },
      responses: { 200: { ...json(AccountList), description: 'Sorted by id' } },
    }),
    (context) => {
      const asked = context.req.valid('query');
      if (asked.kind !== undefined && !accountKinds().includes(asked.kind as AccountKind)) {
        return problem(context, { ...invalid('kind', `one of ${accountKinds().join(', ')}`), code: 'invalid-query' });
      }
      const ledger = face.ledger();
      if (ledger === undefined) return context.json({ accounts: [] }, 200);
      const filter = {
        ...(asked.kind === undefined ? {} : { kind: asked.kind as AccountKind }),
        ...(asked.query === undefined ? {} : { query: asked.query }),
        limit: asked.limit,
      };
      return context.json(readAccounts(ledger.reader, filter, face.now()), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/accounts/{id}',
      summary: 'What may be spent of an account here and now.',
      middleware: needScope('read'),
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: { ...json(Account), description: 'The account' } },
    }),
    (context) => {
      const id = parseAccountId(context.req.valid('param').id);
      const ledger = face.ledger();
      const body = id.ok && ledger !== undefined ? readAccount(ledger.reader, id.value, face.now()) : undefined;
      if (body === undefined)
        return problem(context, { status: 404, code: 'unknown-account', detail: 'This box does not know that account.' });
      return context.json(body, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/accounts',
      summary: 'Open an account, with what it holds at first.',
      middleware: needScope('admin'),
      request: { body: json(OpenAccountRequest) },
      responses: {
        201: { ...json(Account), description: 'Opened' },
        200: { ...json(Account), description: 'It was opened before, just so' },
      },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const body = context.req.valid('json');
      const account = readAccountId('id', body.id);
      if (!account.ok) return problem(context, account.error);
      const currency = readCurrency(body.currency);
      if (!currency.ok) return problem(context, currency.error);
      const opening = readOpening(body.opening);
      if (!opening.ok) return problem(context, opening.error);
      const done = await ledger.writer.execute('open-account', {
        id: openingId(ledger.reader.name().gateway, account.value),
        account: account.value,
        currency: currency.value,
        opening: opening.value,
        ...(body.name === undefined ? {} : { name: body.name }),
        operator: operatorOf(context.get('principal')),
        at: face.now(),
      });
      if (!done.ok) return problem(context, faultProblem(done.error));
      const opened = readAccount(ledger.reader, account.value, face.now());
      if (opened === undefined) throw new Error(`account ${account.value} was opened and is not there`);
      return context.json(opened, done.value.repeated ? 200 : 201);
    },
  );
}
