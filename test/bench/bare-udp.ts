/** Sends every datagram back as it came: the floor that the sensors' replies are held against. A process of its own. */
import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');
socket.on('message', (datagram, from) => socket.send(datagram, from.port, from.address));
socket.bind(0, '127.0.0.1', () => {
  const { port } = socket.address();
  process.stdout.write(`${JSON.stringify({ ready: 'bare', http: `udp://127.0.0.1:${port}`, pid: process.pid })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
