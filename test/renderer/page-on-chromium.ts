/**
 * A page of ours, built in memory and shown by a real browser over a small server that speaks for its backend. For tests only.
 * Invariants: ports are the system's; the pages run under the policy of the real servers; closing ends browser and server.
 */
import { serve } from '@hono/node-server';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { CONTENT_POLICY } from '../../main/platform/http/security-headers.ts';

export type Answer = (request: Request) => Promise<Response | undefined> | Response | undefined;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};
export type BuiltPage = ReadonlyMap<string, string | Uint8Array>;

/** The page's files by their path, as `npm run build` would write them. */
export const buildPage = async (root: string, configFile: string): Promise<BuiltPage> => {
  const built = (await build({ configFile, root, logLevel: 'error', build: { write: false } })) as Rolldown.RolldownOutput;
  return new Map(built.output.map((file) => [file.fileName, file.type === 'asset' ? file.source : file.code]));
};

/** Bytes of all scripts after gzip. */
export const gzippedScriptBytes = async (page: BuiltPage): Promise<number> => {
  let total = 0;
  for (const [name, content] of page) {
    if (!name.endsWith('.js')) continue;
    const zipped = new Blob([content as string]).stream().pipeThrough(new CompressionStream('gzip'));
    total += (await new Response(zipped).arrayBuffer()).byteLength;
  }
  return total;
};

export type Served = { readonly url: string; readonly close: () => Promise<void> };

export const servePage = async (page: BuiltPage, prefix: string, answer: Answer): Promise<Served> => {
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const name = pathname === prefix ? 'index.html' : pathname.slice(prefix.length);
    const file = pathname.startsWith(prefix) ? page.get(name) : undefined;
    const found =
      file === undefined
        ? await answer(request)
        : new Response(file as string, {
            headers: { 'content-type': TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream' },
          });
    const response = found ?? Response.json({ code: 'not-found', title: 'Not found', status: 404, detail: pathname }, { status: 404 });
    response.headers.set('content-security-policy', CONTENT_POLICY);
    return response;
  };
  return new Promise((resolve) => {
    const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}${prefix}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
  });
};

/** What axe finds against WCAG A to AAA contrast and its best practices, in one line each. */
export const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: typeof axe }).axe;
    const results = await runner.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'cat.color'],
      rules: { 'color-contrast-enhanced': { enabled: true } },
    });
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  return found;
};

/** How far the page can be scrolled sideways; 0 is right. */
export const sidewaysPixels = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
