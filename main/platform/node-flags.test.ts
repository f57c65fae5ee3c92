/** The flags are named in two files, because one of them must be read by any Node; and Node must take them, in its threads as well. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GATEWAY_NODE_FLAGS } from './node-flags.ts';

it('are those that the command starts a gateway with', () => {
  const command = readFileSync(join(import.meta.dirname, '../../scripts/chautari.mjs'), 'utf8');
  expect(command).toContain(`[${GATEWAY_NODE_FLAGS.map((flag) => `'${flag}'`).join(', ')}]`);
});

/** Prints how many MiB of address space a memory takes, in a thread. */
const PROBE = `
  const { Worker } = require('node:worker_threads');
  const inside = \`
    const { readFileSync } = require('node:fs');
    const space = () => Number(readFileSync('/proc/self/status', 'utf8').match(/VmSize:[^0-9]*([0-9]+)/)[1]);
    const before = space();
    const kept = Array.from({ length: 10 }, () => new WebAssembly.Memory({ initial: 1, maximum: 4 }));
    require('node:worker_threads').parentPort.postMessage((space() - before) / 1024 / kept.length);
  \`;
  new Worker(inside, { eval: true, resourceLimits: { maxYoungGenerationSizeMb: 12 } }).once('message', (mib) => console.log(mib));`;

it.runIf(process.platform === 'linux')('keep a memory’s address space small in a thread too', () => {
  const run = spawnSync(process.execPath, [...GATEWAY_NODE_FLAGS, '--eval', PROBE], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(Number(run.stdout)).toBeLessThan(64);
});
