/**
 * Host and Origin, checked on every request: a page of another site, or a foreign name that was pointed at this address (DNS rebinding),
 * reaches nothing. Invariant: a request with an Origin comes from a page that this very host and port served, or from one that was listed.
 */
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

export type GuardOptions = {
  /** Names and addresses, without port, by which this service may be asked. Loopback names are always among them. */
  readonly hostNames?: readonly string[];
  /** Other origins whose pages may call, such as `http://127.0.0.1:7000`. */
  readonly origins?: readonly string[];
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The host of an authority (`localhost:7070`), in small letters; undefined where it is no plain authority. */
export function hostNameOf(authority: string): string | undefined {
  const match = /^(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?$/.exec(authority);
  return match?.[1]?.toLowerCase();
}

/** The names a service answers to when it listens on `host`: a wildcard adds none, because its real names are for the operator to list. */
export function namesOfListener(host: string, extra: readonly string[] = []): readonly string[] {
  const own = host === '0.0.0.0' || host === '::' || host === '' ? [] : [isIP(host) === 6 ? `[${host}]` : host];
  return [...own, ...extra].map((name) => name.toLowerCase());
}

export function hostGuard(options: GuardOptions = {}): MiddlewareHandler {
  const names = new Set([...LOOPBACK, ...(options.hostNames ?? []).map((name) => name.toLowerCase())]);
  const origins = new Set(options.origins ?? []);
  return async (context, next) => {
    const authority = context.req.header('host') ?? '';
    const name = hostNameOf(authority);
    if (name === undefined || !names.has(name)) {
      return problem(context, {
        status: 403,
        code: 'foreign-host',
        detail: 'This service does not answer to that host name. Ask it by its own address, or list the name in its settings.',
      });
    }
    const origin = context.req.header('origin');
    // A page served over TLS by a proxy in front has the same host with another scheme.
    const own = origin === `http://${authority}` || origin === `https://${authority}`;
    if (origin !== undefined && !own && !origins.has(origin)) {
      return problem(context, { status: 403, code: 'foreign-origin', detail: 'Pages of another origin may not call this service.' });
    }
    return next();
  };
}
