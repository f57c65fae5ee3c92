/** Accounts: find, read, open. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type AccountKind, accountKinds, kindOf, parseAccountId } from '../../../ledger-sync/ledger/account.ts';
import { readAccount, readAccounts, readStatement, statementPlace } from '../../gateway/read-account.ts';
import { type ProblemInit, problem } from '../../platform/http/problem.ts';
import { faultProblem, NOT_ENROLLED } from '../answers.ts';
import { type ApiEnv, allows, needScope, refuseScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { invalid, openingId, readAccountId, readCurrency, readLimit, readOpening } from '../payment-request.ts';
import { Account, AccountList, LimitRequest, OpenAccountRequest, Statement } from '../schemas.ts';
import { operatorOf, type Principal } from '../sessions.ts';
import { json, pageLimit } from './route.ts';

const query = z.object({ kind: z.string().max(24).optional(), query: z.string().max(64).optional(), limit: pageLimit(20, 200) });

/** A khata is the shop's own credit: who stands at a paired screen decides on it. Everything else that is opened is head office's money. */
const mayOpen = (asks: Principal, kind: string): boolean => allows(asks, 'admin') || (kind === 'khata' && asks.kind === 'kiosk');

const UNKNOWN_ACCOUNT: ProblemInit = { status: 404, code: 'unknown-account', detail: 'This box does not know that account.' };

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
      const vouchers = allows(context.get('principal'), 'admin');
      if (asked.kind === 'voucher' && !vouchers) return refuseScope(context, 'admin');
      const ledger = face.ledger();
      if (ledger === undefined) return context.json({ accounts: [] }, 200);
      const filter = {
        ...(asked.kind === undefined ? {} : { kind: asked.kind as AccountKind }),
        ...(asked.query === undefined ? {} : { query: asked.query }),
        limit: asked.limit,
        vouchers,
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
      if (body === undefined) return problem(context, UNKNOWN_ACCOUNT);
      return context.json(body, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/accounts',
      summary: 'Open an account, with what it holds at first; a khata with its limit.',
      middleware: needScope('pay'),
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
      if (!mayOpen(context.get('principal'), kindOf(account.value))) return refuseScope(context, 'admin');
      const currency = readCurrency(body.currency);
      if (!currency.ok) return problem(context, currency.error);
      const opening = readOpening(body.opening);
      if (!opening.ok) return problem(context, opening.error);
      const limit = body.limit === undefined ? undefined : readLimit(body.limit);
      if (limit !== undefined && !limit.ok) return problem(context, limit.error);
      const done = await ledger.writer.execute('open-account', {
        id: openingId(ledger.reader.name().gateway, account.value),
        account: account.value,
        currency: currency.value,
        opening: opening.value,
        ...(limit === undefined ? {} : { limit: limit.value }),
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

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/accounts/{id}/statement',
      summary: 'What happened to an account here, newest first, with the balance after each line.',
      middleware: needScope('read'),
      request: {
        params: z.object({ id: z.string() }),
        query: z.object({ before: z.string().max(40).optional(), limit: pageLimit(50, 200) }),
      },
      responses: { 200: { ...json(Statement), description: 'One page; `next` is where the following one begins' } },
    }),
    (context) => {
      const id = parseAccountId(context.req.valid('param').id);
      const { before, limit } = context.req.valid('query');
      const from = before === undefined ? undefined : statementPlace(before);
      if (before !== undefined && from === undefined) {
        return problem(context, { ...invalid('before', 'the "next" of the page before, as it was given'), code: 'invalid-query' });
      }
      const ledger = face.ledger();
      const page = { limit, ...(from === undefined ? {} : { from }) };
      const body = id.ok && ledger !== undefined ? readStatement(ledger.reader, id.value, page, face.now()) : undefined;
      if (body === undefined) return problem(context, UNKNOWN_ACCOUNT);
      return context.json(body, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'put',
      path: '/v1/accounts/{id}/limit',
      summary: 'How much may be owed on a khata from now on; not less than is owed.',
      middleware: needScope('pay'),
      request: { params: z.object({ id: z.string() }), body: json(LimitRequest) },
      responses: { 200: { ...json(Account), description: 'The khata with its limit' } },
    }),
    async (context) => {
      const ledger = face.ledger();
      if (ledger === undefined) return problem(context, NOT_ENROLLED);
      const id = readAccountId('id', context.req.valid('param').id);
      if (!id.ok) return problem(context, UNKNOWN_ACCOUNT);
      const asks = context.get('principal');
      if (!mayOpen(asks, kindOf(id.value))) return refuseScope(context, 'admin');
      const limit = readLimit(context.req.valid('json').limit);
      if (!limit.ok) return problem(context, limit.error);
      const change = { account: id.value, limit: limit.value, operator: operatorOf(asks), at: face.now() };
      const done = await ledger.writer.execute('set-limit', change);
      if (!done.ok) return problem(context, faultProblem(done.error));
      const account = readAccount(ledger.reader, id.value, face.now());
      if (account === undefined) throw new Error(`the limit of ${id.value} was set and the account is not there`);
      return context.json(account, 200);
    },
  );
}
