/**
 * An HTTP server on a host and port, with limits on what a caller may hold open. Port 0 lets the system choose.
 * `close` ends idle connections at once and all others after a grace.
 */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { err, ok, type Result } from '../../../ledger-sync/ledger/result.ts';

export type ListenFault = { readonly code: 'port-in-use' | 'not-allowed' | 'no-such-address' | 'cannot-listen'; readonly detail: string };
export type Listening = { readonly url: string; readonly host: string; readonly port: number; close(graceMs?: number): Promise<void> };
export type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

const faultOf = (error: NodeJS.ErrnoException, host: string, port: number): ListenFault => {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'port-in-use',
        detail: `${where} is in use by another program: stop it, or choose another port with --http HOST:PORT.`,
      };
    case 'EACCES':
      return { code: 'not-allowed', detail: `This user may not listen on ${where}: choose a port above 1023.` };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return { code: 'no-such-address', detail: `This machine has no address ${host}.` };
    default:
      return { code: 'cannot-listen', detail: `Cannot listen on ${where}: ${error.message}` };
  }
};

const closeServer = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });

export function listen(fetch: Fetch, at: { readonly host: string; readonly port: number }): Promise<Result<Listening, ListenFault>> {
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
    },
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = 1024;
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(err(faultOf(error, at.host, at.port))));
    server.listen(at.port, at.host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : at.port;
      const host = at.host.includes(':') ? `[${at.host}]` : at.host;
      resolve(ok({ url: `http://${host}:${port}`, host: at.host, port, close: (graceMs = 2_000) => closeServer(server, graceMs) }));
    });
  });
}
