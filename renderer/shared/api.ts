/**
 * The pages' HTTP client: JSON in, a Result out; nothing throws.
 * Invariants: every request ends (an answer, a problem, or "unreachable" after its timeout); a problem keeps its stable code; an answer
 * that is not ours (a proxy's page, half a body) is "unreachable", because nothing is known then.
 */
import type { Result } from '../../ledger-sync/ledger/result.ts';

export type ApiError =
  | { readonly kind: 'unreachable'; readonly code: 'unreachable' | 'timeout'; readonly detail: string }
  | { readonly kind: 'problem'; readonly status: number; readonly code: string; readonly title: string; readonly detail: string };

export type ApiAnswer<T> = Result<T, ApiError>;
export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};
export type Api = <T>(path: string, options?: RequestOptions) => Promise<ApiAnswer<T>>;

const DEFAULT_TIMEOUT_MS = 10_000;

const unreachable = (code: 'unreachable' | 'timeout', detail: string): { ok: false; error: ApiError } => ({
  ok: false,
  error: { kind: 'unreachable', code, detail },
});

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const problemOf = (status: number, body: unknown): { ok: false; error: ApiError } => {
  const members = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  return {
    ok: false,
    error: {
      kind: 'problem',
      status,
      code: text(members.code, `http-${status}`),
      title: text(members.title, ''),
      detail: text(members.detail, ''),
    },
  };
};

/** A client whose paths start at the server's root, whatever folder the page is served from. */
export const createApi =
  (fetcher: typeof fetch): Api =>
  async <T>(path: string, options: RequestOptions = {}): Promise<ApiAnswer<T>> => {
    const ends = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const signal = options.signal === undefined ? ends : AbortSignal.any([ends, options.signal]);
    try {
      const answer = await fetcher(path, {
        method: options.method ?? 'GET',
        headers: {
          accept: 'application/json',
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        credentials: 'same-origin',
        cache: 'no-store',
        signal,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
      const isJson = (answer.headers.get('content-type') ?? '').includes('json');
      if (!answer.ok) return problemOf(answer.status, isJson ? await answer.json().catch(() => undefined) : undefined);
      if (answer.status === 204) return { ok: true, value: undefined as T };
      if (!isJson) return unreachable('unreachable', `an answer that is not JSON (${answer.status})`);
      return { ok: true, value: (await answer.json()) as T };
    } catch (error) {
      return unreachable(ends.aborted ? 'timeout' : 'unreachable', error instanceof Error ? error.message : String(error));
    }
  };

export const api: Api = createApi((input, init) => globalThis.fetch(input, init));
