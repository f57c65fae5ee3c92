// Stands in for main/cli.ts where the shell alone is under test: the same command line and ready line, and a page that says which
// process served it. Its answers carry no security policy, so that the shell's own shows; /loose has one that allows everything.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' }, http: { type: 'string' } } });

const page = `<!doctype html><html><head><title>stand-in</title></head><body><p id="pid">${process.pid}</p>
<a id="away" href="http://localhost:1/">away</a><a id="file" href="/file" download>file</a><script>window.inlineRan = true</script></body></html>`;

// The first request of a life is refused, as by a gateway that is not quite there.
let isWarm = false;

const server = createServer((request, response) => {
  if (!isWarm) {
    isWarm = true;
    response.writeHead(503).end();
    return;
  }
  if (request.url === '/file') response.setHeader('Content-Disposition', 'attachment; filename="file.bin"');
  else response.setHeader('Content-Type', 'text/html; charset=utf-8');
  if (request.url === '/loose') response.setHeader('Content-Security-Policy', "default-src * 'unsafe-inline'");
  response.end(page);
});
server.listen(Number(values.http?.split(':')[1] ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stderr.write('stand-in: a line for the log\n');
  process.stdout.write(`${JSON.stringify({ ready: 'gateway', http: `http://127.0.0.1:${port}`, pid: process.pid })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
