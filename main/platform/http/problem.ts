/**
 * RFC 9457 problems: the one shape of every refusal over HTTP. `code` is stable; programs and translation tables go by it, never by the text.
 */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 421 | 422 | 429 | 500 | 503;
export type FieldError = { readonly path: string; readonly message: string };
export type ProblemInit = {
  readonly status: ProblemStatus;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
};

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: 'Bad request',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  422: 'Invalid content',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
};

const MAX_FIELD_ERRORS = 20;

export const problemBody = ({ status, code, detail, errors }: ProblemInit) => ({
  type: `urn:chautari:problem:${code}`,
  title: TITLES[status],
  status,
  detail,
  code,
  ...(errors === undefined || errors.length === 0 ? {} : { errors: errors.slice(0, MAX_FIELD_ERRORS) }),
});

/**
 * The answer. Typed `never` so that a route whose OpenAPI lists only its good answers may return it: every route can answer with a problem,
 * and listing each would say nothing.
 */
export function problem(context: Context, init: ProblemInit): never {
  return context.body(JSON.stringify(problemBody(init)), init.status as ContentfulStatusCode, {
    ...init.headers,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  }) as never;
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };
type Validated = { readonly success: boolean; readonly target: string; readonly error?: { readonly issues: readonly Issue[] } };

/** For `new OpenAPIHono({ defaultHook })`: what a schema refuses is 422, with a line a member. */
export function invalidHook(result: Validated, context: Context): Response | undefined {
  if (result.success) return undefined;
  const isBody = result.target === 'json';
  const errors = (result.error?.issues ?? []).map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const first = errors[0];
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  return problem(context, {
    status: 422,
    code: isBody ? 'invalid-body' : 'invalid-query',
    detail: first === undefined ? 'The request does not fit its schema.' : `${where}${first.message}`,
    errors,
  });
}

/** For `app.onError`: malformed JSON is the caller's fault; anything else is ours, is logged in full and says nothing of its inside. */
export function errorHandler(logError: (error: unknown, path: string) => void): ErrorHandler {
  return (error, context) => {
    if (error instanceof HTTPException && error.status === 400) {
      return problem(context, { status: 400, code: 'malformed-json', detail: 'The body is not JSON.' });
    }
    if (error instanceof HTTPException && error.status === 413) return tooLarge(context);
    if (error instanceof HTTPException && error.status === 415) {
      return problem(context, { status: 415, code: 'not-json', detail: 'Send the body as application/json.' });
    }
    logError(error, context.req.path);
    return problem(context, { status: 500, code: 'internal', detail: 'Something failed here; it is in the log. Nothing was promised.' });
  };
}

/** The rest of the body is not read, so nothing else can come on this connection. */
export const tooLarge = (context: Context): never =>
  problem(context, {
    status: 413,
    code: 'body-too-large',
    detail: 'The body is larger than this service takes.',
    headers: { connection: 'close' },
  });

export const notFoundHandler: NotFoundHandler = (context) =>
  problem(context, { status: 404, code: 'not-found', detail: `There is nothing at ${context.req.path.slice(0, 200)}.` });
