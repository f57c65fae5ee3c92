/** The largest body that is read. Checked on the bytes that arrive, so a false Content-Length helps nobody. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit as limit } from 'hono/body-limit';
import { tooLarge } from './problem.ts';

export const MAX_BODY_BYTES = 64 * 1024;

export const bodyLimit = (maxBytes: number = MAX_BODY_BYTES): MiddlewareHandler => limit({ maxSize: maxBytes, onError: tooLarge });
