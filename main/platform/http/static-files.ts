/**
 * Files of one directory (a built page), read only.
 * Invariants: nothing outside the directory is ever sent, links included; hidden files are not served; files with a content hash in their
 * name are immutable, all others are asked for again each time.
 */
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Context, MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

export type StaticOptions = {
  readonly directory: string;
  /** What the URL path starts with: `/office/`. */
  readonly prefix: string;
  /** The page itself, relative to the directory. Default `index.html`. */
  readonly index?: string;
  /** Whether a path without an extension gets the index (a page that routes by path). */
  readonly fallbackToIndex?: boolean;
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** A build tool's content hash: `index-C4f_8x2P.js`. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** The path inside the directory, or undefined where it must not be looked at. */
export function safeRelativePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!/^[A-Za-z0-9._@/-]{0,512}$/.test(decoded)) return undefined;
  const parts = decoded.split('/').filter((part) => part !== '');
  return parts.some((part) => part.startsWith('.')) ? undefined : parts.join('/');
}

async function fileWithin(directory: string, relative: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; path: string } | undefined> {
  try {
    const root = await realpath(directory);
    const path = await realpath(join(root, relative));
    if (!path.startsWith(root + sep)) return undefined;
    const facts = await stat(path);
    if (!facts.isFile() || facts.size > MAX_FILE_BYTES) return undefined;
    return { bytes: new Uint8Array(await readFile(path)), path };
  } catch {
    return undefined;
  }
}

function send(context: Context, relative: string, bytes: Uint8Array<ArrayBuffer>): Response {
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': TYPES[extname(relative)] ?? 'application/octet-stream',
    'cache-control': HASHED.test(relative) && extname(relative) !== '.html' ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: tag,
  };
  if (context.req.header('if-none-match') === tag) return context.body(null, 304, headers);
  return context.body(bytes, 200, headers);
}

/** Mount at `${prefix}*`. Answers GET and HEAD; where there is no file, a 404 problem. */
export function staticFiles(options: StaticOptions): MiddlewareHandler {
  const index = options.index ?? 'index.html';
  return async (context) => {
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      return problem(context, {
        status: 405,
        code: 'method-not-allowed',
        detail: 'Files can only be read.',
        headers: { allow: 'GET, HEAD' },
      });
    }
    const relative = safeRelativePath(context.req.path.slice(options.prefix.length));
    if (relative !== undefined) {
      const wanted = relative === '' ? index : relative;
      const file = await fileWithin(options.directory, wanted);
      if (file !== undefined) return send(context, wanted, file.bytes);
      if (options.fallbackToIndex === true && extname(wanted) === '') {
        const page = await fileWithin(options.directory, index);
        if (page !== undefined) return send(context, index, page.bytes);
      }
    }
    return problem(context, { status: 404, code: 'not-found', detail: 'There is no such file here.' });
  };
}
