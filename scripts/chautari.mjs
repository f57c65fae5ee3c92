#!/usr/bin/env node
// The chautari command: plain JavaScript that any Node can read, which runs main/cli.ts under Node 24. Signals and the exit code pass through.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noRuntimeLine, root, runtimeNode } from './runtime.mjs';

const complain = (line) => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const node = runtimeNode();
if (!existsSync(join(root, 'node_modules')))
  complain('chautari: nothing is installed yet; run "npm start" (or "npm run setup") once in this folder.');
if (node === undefined) complain(noRuntimeLine());

// The cache that main/cli.ts names; known from outside, it spares the entry too.
const env = { NODE_COMPILE_CACHE: join(root, 'dist', '.compile-cache'), ...process.env };
// As main/platform/node-flags.ts has it, which an older Node cannot read.
const flags = process.argv[2] === 'gateway' ? ['--max-semi-space-size=8', '--max-old-space-size=256', '--disable-wasm-trap-handler'] : [];
const child = spawn(node, [...flags, join(root, 'main', 'cli.ts'), ...process.argv.slice(2)], { stdio: 'inherit', env });
// A terminal's Ctrl-C reaches the child by itself; sent once more, it would read as impatience.
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => complain(`chautari: ${error.message}`));
child.on('exit', (code) => process.exit(code ?? 1));
