/** Signing in with the office's password, and out. The cookie's token is random; only its hash is kept. */
import { getConnInfo } from '@hono/node-server/conninfo';
import { createRoute } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createAttempts } from '../../../main/platform/http/attempts.ts';
import { problem } from '../../../main/platform/http/problem.ts';
import { sha256Hex } from '../../protocol/sha256.ts';
import type { Office, OfficeApp, OfficeEnv } from '../office.ts';
import { OfficeSession, PasswordRequest } from '../schemas.ts';
import { instant } from '../views.ts';

export const COOKIE = 'chautari_office';
const SESSION_LIFE_MS = 12 * 3_600_000;
const USER = 'office';

const hashOf = (token: string): string => sha256Hex(new TextEncoder().encode(token));

/** The caller's address; all callers share one bucket where it is not known. */
function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

export function needSession(office: Office): MiddlewareHandler<OfficeEnv> {
  return async (context, next) => {
    const token = getCookie(context, COOKIE);
    const session = token === undefined ? undefined : await office.tables.session(hashOf(token), office.now());
    if (session === undefined) {
      return problem(context, { status: 401, code: 'sign-in', detail: 'Sign in with the password of the office first.' });
    }
    context.set('user', session.user);
    context.set('tokenHash', session.tokenHash);
    return next();
  };
}

const signIn = createRoute({
  method: 'post',
  path: '/v1/sessions',
  summary: 'Sign in',
  security: [],
  request: { body: { required: true, content: { 'application/json': { schema: PasswordRequest } } } },
  responses: {
    201: { description: 'Signed in; the cookie carries the session', content: { 'application/json': { schema: OfficeSession } } },
  },
});
const whoAmI = createRoute({
  method: 'get',
  path: '/v1/session',
  summary: 'Who is signed in',
  responses: { 200: { description: 'This session', content: { 'application/json': { schema: OfficeSession } } } },
});
const signOut = createRoute({
  method: 'delete',
  path: '/v1/session',
  summary: 'Sign out',
  responses: { 204: { description: 'Signed out' } },
});

/** Routes that are open; they come before `needSession`. */
export function signInRoute(app: OfficeApp, office: Office): void {
  const attempts = createAttempts({ tries: 5, perMs: 60_000 });
  // Deriving a key is slow on purpose: a few at a time, so that guessing does not stop the ledger.
  let deriving = 0;
  app.openapi(signIn, async (context) => {
    const nowMs = office.now();
    const address = addressOf(context);
    if (deriving >= 4 || !attempts.take(address, nowMs)) {
      const detail = 'Too many tries. Wait a minute and try again.';
      return problem(context, { status: 429, code: 'too-many-tries', detail, headers: { 'retry-after': '60' } });
    }
    deriving += 1;
    const good = await office.password.verify(context.req.valid('json').password).finally(() => {
      deriving -= 1;
    });
    if (!good) return problem(context, { status: 401, code: 'wrong-password', detail: 'That is not the password of the office.' });
    attempts.forgive(address);
    const token = Buffer.from(office.entropy.bytes(32)).toString('base64url');
    const until = nowMs + SESSION_LIFE_MS;
    await office.tables.addSession({ tokenHash: hashOf(token), user: USER, until }, nowMs);
    const secure = context.req.header('origin')?.startsWith('https:') === true;
    setCookie(context, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: SESSION_LIFE_MS / 1000, secure });
    return context.json({ user: USER, until: instant(until) }, 201);
  });
}

export function sessionRoutes(app: OfficeApp, office: Office): void {
  app.openapi(whoAmI, async (context) => {
    const session = await office.tables.session(context.get('tokenHash'), office.now());
    return context.json({ user: context.get('user'), until: instant(session?.until ?? office.now()) }, 200);
  });
  app.openapi(signOut, async (context) => {
    await office.tables.endSession(context.get('tokenHash'));
    deleteCookie(context, COOKIE, { path: '/' });
    return context.body(null, 204);
  });
}
