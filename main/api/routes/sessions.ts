/** Pairing a kiosk with the box, who is asking, and taking a kiosk's right away. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { parseSessionId } from '../../../ledger-sync/ledger/ids.ts';
import { ok } from '../../../ledger-sync/ledger/result.ts';
import { isoTime } from '../../gateway/seal.ts';
import { problem } from '../../platform/http/problem.ts';
import { type ApiEnv, authenticate, needScope } from '../authenticate.ts';
import type { GatewayFace } from '../face.ts';
import { PairedKiosks, Session, type SessionBody, SessionRequest } from '../schemas.ts';
import { kioskCookie, type Principal } from '../sessions.ts';
import { json } from './route.ts';

const YEAR_S = 365 * 24 * 3600;

export function sessionRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  const body = (principal: Principal): SessionBody => {
    const { gateway, site, currency } = face.status();
    const session = principal.kind === 'kiosk' ? principal.session : '';
    const kiosk = principal.kind === 'kiosk' ? principal.kiosk : principal.name;
    return { session, kiosk, gateway, site, currency, scopes: [...principal.scopes] };
  };

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/sessions',
      summary: 'Pair a kiosk by the code that the box shows. The session comes as a cookie.',
      security: [],
      request: { body: json(SessionRequest) },
      responses: { 201: { ...json(Session), description: 'Paired' } },
    }),
    async (context) => {
      const { code, kiosk } = context.req.valid('json');
      const paired = await face.sessions.pair(code, kiosk, face.now());
      if (!paired.ok) return refuse(context, paired.error);
      setCookie(context, kioskCookie(context.req.header('host')), paired.value.secret, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: YEAR_S,
        secure: context.req.url.startsWith('https:'),
      });
      return context.json(body(paired.value.principal), 201);
    },
  );

  app.use('/v1/*', authenticate(face.sessions, face.now));
  app.use('/village/*', authenticate(face.sessions, face.now));

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/session',
      summary: 'Who is asking.',
      responses: { 200: { ...json(Session), description: 'The kiosk or token of this request' } },
    }),
    (context) => context.json(body(context.get('principal')), 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/sessions',
      summary: 'The kiosks that are paired with this box.',
      middleware: needScope('admin'),
      responses: { 200: { ...json(PairedKiosks), description: 'The one of longest ago first' } },
    }),
    (context) => {
      const rows = face.ledger()?.reader.sessions() ?? [];
      return context.json({ sessions: rows.map(({ session, kiosk, at }) => ({ session, kiosk, at: isoTime(at) })) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/sessions/{session}',
      summary: 'Take a kiosk’s right away: one that was lost, or that is in the way of another.',
      middleware: needScope('admin'),
      request: { params: z.object({ session: z.string() }) },
      responses: { 204: { description: 'It may do nothing any more' } },
    }),
    async (context) => {
      const session = parseSessionId(context.req.valid('param').session);
      const done = session.ok ? await face.sessions.revoke(session.value, face.now()) : ok(false);
      if (!done.ok) return refuse(context, done.error);
      if (!done.value) return problem(context, { status: 404, code: 'unknown-session', detail: 'No kiosk is paired under that session.' });
      return context.body(null, 204);
    },
  );
}

function refuse(context: Context, fault: { readonly code: string; readonly detail: string }): never {
  switch (fault.code) {
    case 'too-many-tries':
      return problem(context, { status: 429, ...fault, headers: { 'retry-after': '60' } });
    case 'wrong-code':
      return problem(context, { status: 401, ...fault });
    default:
      return problem(context, { status: 503, ...fault, headers: { 'retry-after': '1' } });
  }
}
