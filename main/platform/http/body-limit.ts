/**
 * The largest body that is read. A body that says its length is judged by it (the HTTP parser holds it to that); one that comes in pieces
 * without a length is counted as it comes.
 */
import type { MiddlewareHandler } from 'hono';
import { tooLarge } from './problem.ts';

export const MAX_BODY_BYTES = 64 * 1024;

/** The whole body, or undefined where it is larger than the limit. */
async function readBounded(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(chunks));
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}

export function bodyLimit(maxBytes: number = MAX_BODY_BYTES): MiddlewareHandler {
  return async (context, next) => {
    // The length first: asking for `raw.body` makes the server build a whole Request, for most bodies in vain.
    const length = context.req.header('content-length');
    if (length !== undefined && context.req.header('transfer-encoding') === undefined) {
      return Number(length) > maxBytes ? tooLarge(context) : next();
    }
    const { raw } = context.req;
    if (raw.method === 'GET' || raw.method === 'HEAD' || raw.body === null) return next();
    const body = await readBounded(raw.body, maxBytes);
    if (body === undefined) return tooLarge(context);
    // Made from its parts: the server's own request is no class that another could be made of.
    context.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body });
    return next();
  };
}
