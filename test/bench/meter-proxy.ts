/**
 * A sidecar: asks the meter over UDP and hands its register to the gateway over HTTP, as often as it is told, then prints what each took
 * and what it needs of memory. Arguments: meter's port, gateway's URL, token, exchanges.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { leanPost } from './lean-post.ts';

const [meterPort = '', url = '', token = '', exchanges = ''] = process.argv.slice(2);
const post = leanPost(url, token);
const socket = createSocket('udp4');
socket.connect(Number(meterPort), '127.0.0.1');
await once(socket, 'connect');

const times: number[] = [];
for (let count = 0; count < Number(exchanges); count++) {
  const startedAt = performance.now();
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  socket.send('meter-01');
  const [register] = await answered;
  // The telemetry cell adds up, so it is given what the meter counted since; here nothing.
  const metric = register.readBigUInt64BE() > 0n ? 0 : 1;
  const { status, text } = await post('/v1/telemetry', { deviceId: 'meter-01', metric });
  if (status !== 200) throw new Error(`the gateway answered ${status}: ${text}`);
  times.push(performance.now() - startedAt);
}
process.stdout.write(`${JSON.stringify({ times, rss: process.memoryUsage.rss() })}\n`);
process.exit(0);
