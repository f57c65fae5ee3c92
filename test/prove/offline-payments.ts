/** Run inside a network namespace by `npm run prove`: brings loopback up, starts a gateway on the given folder, pays a hundred times. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeToken } from '../../main/api/tokens.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';

const folder = process.argv[2] ?? '';
spawnSync(existsSync('/usr/sbin/ip') ? '/usr/sbin/ip' : 'ip', ['link', 'set', 'lo', 'up']);
const token = makeToken(folder, 'prove', ['admin'], systemEntropy);
const cli = join(import.meta.dirname, '../../main/cli.ts');
const gateway = spawn(process.execPath, [cli, 'gateway', '--data', folder, '--http', '127.0.0.1:0', '--mqtt', 'mqtt://203.0.113.1:1883'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
let url = '';
for await (const line of createInterface({ input: gateway.stdout })) {
  if (!line.startsWith('{"ready"')) continue;
  url = (JSON.parse(line) as { http: string }).http;
  break;
}
let approved = 0;
for (let payment = 1; payment <= 100; payment++) {
  const answer = await fetch(`${url}/v1/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ id: `offline-${payment}`, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' }),
  });
  if (answer.status === 201) approved++;
}
gateway.kill('SIGTERM');
const routes = readFileSync('/proc/net/route', 'utf8').trim().split('\n').length - 1;
process.stdout.write(JSON.stringify({ approved, interfaces: [...Object.keys(networkInterfaces()), `(${routes} routes)`] }));
