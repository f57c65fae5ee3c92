/**
 * The village's broker: aedes, which keeps nothing across a restart. It is a process of its own so that it can be killed; the journal,
 * not the broker, is the queue of money (I9). Limits: packets of 1 MiB, 256 connections.
 */
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { Address } from '../platform/address.ts';
import { ExitFault } from '../platform/exit.ts';

const MAX_CONNECTIONS = 256;

export async function startBroker(address: Address): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const broker = await Aedes.createBroker({ concurrency: 100 });
  const server = createServer({ noDelay: true }, broker.handle);
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) =>
      reject(
        fault.code === 'EADDRINUSE'
          ? new ExitFault(1, `port ${address.port} is in use; stop what uses it or give another with --mqtt HOST:PORT`)
          : fault,
      ),
    );
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `mqtt://${address.host}:${port}`,
    stop: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
