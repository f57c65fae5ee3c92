/** A broker of our own on a port that the system picks; it can be killed and started again on the same port. */
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export class TestBroker {
  port = 0;
  private server: Server | undefined;
  private aedes: Aedes | undefined;
  private readonly sockets = new Set<Socket>();

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    this.aedes = aedes;
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      aedes.handle(socket);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  /** Every connection ends at once, as with kill -9. */
  async kill(): Promise<void> {
    const { server, aedes } = this;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    await new Promise<void>((resolve) => (aedes === undefined ? resolve() : aedes.close(resolve)));
  }
}
