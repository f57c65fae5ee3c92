/** Who asks is settled before a route runs: no route of `/v1` or `/village` is reached without a principal that has its scope. */
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { problem } from '../platform/http/problem.ts';
import { kioskCookie, type Principal, type Sessions } from './sessions.ts';
import type { Scope } from './tokens.ts';

export type ApiEnv = { Variables: { principal: Principal } };

export function authenticate(sessions: Sessions, now: () => number): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const authorization = context.req.header('authorization');
    const bearer = authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : undefined;
    const principal = sessions.find(
      authorization === undefined ? getCookie(context, kioskCookie(context.req.header('host'))) : undefined,
      bearer,
      now(),
    );
    if (principal === undefined) {
      return problem(context, {
        status: 401,
        code: 'not-paired',
        detail: 'This kiosk is not paired with the box. Type the code that the box shows, or send a token.',
      });
    }
    context.set('principal', principal);
    return next();
  };
}

/** `admin` has every scope. */
export const allows = (principal: Principal, scope: Scope): boolean =>
  principal.scopes.includes(scope) || principal.scopes.includes('admin');

export function refuseScope(context: Context, scope: Scope): never {
  return problem(context, { status: 403, code: 'scope', detail: `This kiosk or token may not do that: it lacks the right "${scope}".` });
}

export function needScope(scope: Scope): MiddlewareHandler<ApiEnv> {
  return async (context, next) => (allows(context.get('principal'), scope) ? next() : refuseScope(context, scope));
}
